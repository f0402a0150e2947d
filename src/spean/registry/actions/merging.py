"""Two records of one person become one; undone, each has exactly its own rows again.

Everything of the dropped record passes to the kept one. Where both were recorded as members of a
household at the same time only one can be true: the proposer says whose memberships stand. Dated
facts (pregnancies, functioning) of the dropped record that overlap the kept one's stay with it.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.db.models import Q

from spean.kernel.errors import N_, Conflict, NotFound
from spean.kernel.periods import Period
from spean.locations.queries import Place
from spean.registry.actions.journal import Journal, moment
from spean.registry.actions.memberships import check_heads
from spean.registry.actions.proposals import Case, Proposal
from spean.registry.actions.versions import amend_household
from spean.registry.events import HouseholdDissolved, PeopleMerged
from spean.registry.models import (
    DuplicatePair,
    FunctionAssessment,
    Household,
    Identifier,
    Membership,
    Person,
    Pregnancy,
)
from spean.registry.queries.people import last_home


class AlreadyOneRecord(Conflict):
    """Refuse to merge a record with itself, or one that is already merged."""

    code = "registry.already_one_record"
    message = N_("Choose two different records, neither of them merged already.")
    field = "drop"


class MergePeople(Proposal):
    """`drop` is a record of the same person; `stands` says whose memberships hold."""

    kind: ClassVar[str] = "merge_people"
    permission: ClassVar[str] = "registry.merge_people"
    needs_person: ClassVar[bool] = True
    both_villages: ClassVar[bool] = True

    drop: UUID
    stands: Literal["keep", "drop"] = "keep"

    def other_village(self, case: Case) -> Place | None:
        home = last_home(self._dropped().pk)
        return home.village if home else None

    def others(self) -> tuple[Sequence[UUID], Sequence[UUID]]:
        rows = Membership.objects.filter(person=self.drop)
        return list(rows.values_list("household_id", flat=True).distinct()), (self.drop,)

    def seen(self, case: Case) -> dict[str, Any]:
        rows = _rows_of(case.who.pk, self.drop).order_by("start", "id")
        return {
            f"memberships.{pid}": [
                [str(row.household_id), row.start.isoformat(), row.end and row.end.isoformat()]
                for row in rows
                if row.person_id == pid
            ]
            for pid in (case.who.pk, self.drop)
        }

    def check(self, case: Case) -> None:
        dropped = self._dropped()
        if dropped.pk == case.who.pk or dropped.merged_into_id or case.who.merged_into_id:
            raise AlreadyOneRecord

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        kept, dropped = case.who, self._dropped()
        homes = set(_rows_of(kept.pk, dropped.pk).values_list("household_id", flat=True))
        self._memberships(kept, dropped, journal)
        for number in Identifier.objects.filter(person=dropped):
            journal.update(number, person_id=kept.pk)
        for model in (Pregnancy, FunctionAssessment):
            _dated(model, kept, dropped, journal)
        _pairs(kept, dropped, case.by.name, journal)
        journal.update(dropped, merged_into_id=kept.pk)
        check_heads(homes)
        events = [HouseholdDissolved(home, case.day) for home in _emptied(homes, case, journal)]
        return [PeopleMerged(kept.pk, dropped.pk, case.day), *events]

    def _dropped(self) -> Person:
        found = Person.objects.filter(pk=self.drop).first()
        if found is None:
            raise NotFound
        return found

    def _memberships(self, kept: Person, dropped: Person, journal: Journal) -> None:
        """Give the kept person both records' memberships, the standing ones whole."""
        winner = kept if self.stands == "keep" else dropped
        rows = list(_rows_of(kept.pk, dropped.pk).order_by("start", "id"))
        standing = [Period(row.start, row.end) for row in rows if row.person_id == winner.pk]
        for row in rows:
            if row.person_id == winner.pk:
                journal.update(row, person_id=kept.pk)
            else:
                _cut(row, standing, kept, journal)


def _rows_of(*people: UUID) -> Any:
    return Membership.objects.filter(person__in=people)


def _cut(row: Membership, standing: list[Period], kept: Person, journal: Journal) -> None:
    """Give a membership to the kept person, without the days on which another one stands."""
    pieces = without(Period(row.start, row.end), standing)
    if not pieces:
        journal.delete(row)
        return
    journal.update(row, person_id=kept.pk, start=pieces[0].start, end=pieces[0].end)
    for piece in pieces[1:]:
        journal.create(
            Membership(
                household_id=row.household_id, person=kept, relation=row.relation,
                start=piece.start, end=piece.end,
            )
        )  # fmt: skip


def without(whole: Period, others: list[Period]) -> list[Period]:
    """Give what is left of a period, in order, once the days of others are taken out."""
    left = [whole]
    for other in others:
        left = [piece for period in left for piece in _minus(period, other)]
    return left


def _minus(period: Period, other: Period) -> list[Period]:
    common = period.intersection(other)
    if common is None:
        return [period]
    pieces = []
    if period.start < common.start:
        pieces.append(Period(period.start, common.start))
    if common.end is not None and common.end != period.end:
        pieces.append(Period(common.end, period.end))
    return pieces


def _dated(
    model: type[Pregnancy | FunctionAssessment], kept: Person, dropped: Person, journal: Journal
) -> None:
    held = [Period(r.start, r.end) for r in model._default_manager.filter(person=kept)]
    for row in model._default_manager.filter(person=dropped):
        if not any(Period(row.start, row.end).overlaps(period) for period in held):
            journal.update(row, person_id=kept.pk)


def _pairs(kept: Person, dropped: Person, decided_by: str, journal: Journal) -> None:
    """Close the pair of the two records; turn the dropped one's other pairs to the kept one.

    A turned pair loses its evidence, which was found on the dropped record.
    """
    pairs = DuplicatePair.objects.filter(Q(first=dropped) | Q(second=dropped))
    for pair in pairs:
        other = pair.second_id if pair.first_id == dropped.pk else pair.first_id
        if other == kept.pk:
            journal.update(
                pair, state=DuplicatePair.State.MERGED, decided_by=decided_by, decided_at=moment()
            )
            continue
        first, second = sorted((kept.pk, other))
        if DuplicatePair.objects.filter(first=first, second=second).exists():
            journal.delete(pair)
        else:
            journal.update(pair, first_id=first, second_id=second, evidence=[])


def _emptied(homes: set[UUID], case: Case, journal: Journal) -> list[UUID]:
    """Dissolve the households in which only the duplicate lived, and give them."""
    lived_in = Membership.objects.filter(household__in=homes, end__isnull=True)
    empty = Household.objects.filter(pk__in=homes, dissolved_on__isnull=True).exclude(
        pk__in=lived_in.values("household")
    )
    found = list(empty)
    for household in found:
        amend_household(journal, household, case.day, dissolved_on=case.day)
    return [household.pk for household in found]
