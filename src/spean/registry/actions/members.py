"""A member joins, leaves or dies; another becomes head."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.db.models import Max

from spean.kernel.errors import N_, Conflict, NotFound, SpeanError
from spean.registry.actions.checking import Notes, checked_members
from spean.registry.actions.journal import Journal
from spean.registry.actions.memberships import (
    check_relations,
    composition_of,
    join,
    leave,
    member,
    members_of,
    relate,
    require_latest,
)
from spean.registry.actions.people_rows import Rows, rows_of
from spean.registry.actions.proposals import Case, NothingChanges, Proposal
from spean.registry.actions.registration import refuse_duplicates
from spean.registry.actions.versions import amend_household, amend_person, require_not_before
from spean.registry.events import (
    HeadChanged,
    HouseholdDissolved,
    MemberAdded,
    MemberRemoved,
    PersonChanged,
)
from spean.registry.models import Household, Membership, Person
from spean.registry.models.households import Relation
from spean.registry.rules.people import NewMember


class LivesElsewhere(Conflict):
    """Refuse to let one person live in two households, or come back from the dead."""

    code = "registry.lives_elsewhere"
    message = N_(
        "This person is recorded in a household, or as dead. Record first that the person left it."
    )
    field = "person"


class NewOrKnown(SpeanError):
    """Ask for a new person or one already recorded, not both."""

    code = "registry.new_or_known"
    message = N_("Give either a new person or one who is already in the registry.")
    field = "member"


class DeathDateWrong(SpeanError):
    """Refuse a death before birth, or after the day from which it is recorded."""

    code = "registry.death_date_wrong"
    message = N_("The date of death must lie between the date of birth and %(day)s.")
    field = "death_date"


class AlreadyDead(Conflict):
    """Refuse to record one death twice."""

    code = "registry.already_dead"
    message = N_("This death is already recorded.")


class AddMember(Proposal):
    """A person joins the household: born, married in, back again."""

    kind: ClassVar[str] = "add_member"
    needs_household: ClassVar[bool] = True

    because: Literal["birth", "marriage", "return", "forgotten", "other"]
    member: NewMember | None = None
    known: UUID | None = None
    relation: str = ""
    not_duplicates: bool = False

    def others(self) -> tuple[Sequence[UUID], Sequence[UUID]]:
        return (), () if self.known is None else (self.known,)

    def seen(self, case: Case) -> dict[str, Any]:
        heads = [row for row in members_of(case.home) if row.relation == Relation.HEAD]
        return {"head": str(heads[0].person_id) if heads else None}

    def warn(self, case: Case) -> None:
        if self.member is not None and not self.not_duplicates:
            area = case.home.village.code
            refuse_duplicates([self.member], village_code=area, by=case.by)

    def check(self, case: Case) -> None:
        require_latest(case.home, case.day)
        if (self.member is None) == (self.known is None):
            raise NewOrKnown
        if self.member is not None:
            notes = Notes()
            checked_members([self.member], by=case.by, on=case.day, notes=notes)
            notes.raise_any()
        else:
            self._check_known(case)
        current = {row.person_id: row.relation for row in members_of(case.home)}
        newcomer = self.known or UUID(int=0)
        check_relations({*current, newcomer}, current | {newcomer: self._relation()})

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        if self.member is None:
            person = self._known()
            join(journal, case.home, person, self._relation(), case.day)
        else:
            person = self._create(self.member, case, journal)
        return [MemberAdded(case.home.pk, person.pk, case.day)]

    def _create(self, wanted: NewMember, case: Case, journal: Journal) -> Person:
        clean = checked_members([wanted], by=case.by, on=case.day, notes=Notes())[0]
        rows = Rows()
        person = rows_of(clean, case.home, case.day, rows)
        for row in (*rows.people, *rows.memberships, *rows.identifiers, *rows.functions,
                    *rows.pregnancies):  # fmt: skip
            journal.create(row)
        return person

    def _relation(self) -> str:
        return self.relation or (self.member.relation if self.member else "")

    def _known(self) -> Person:
        found = Person.objects.filter(pk__in=[self.known], merged_into__isnull=True).first()
        if found is None:
            raise NotFound
        return found

    def _check_known(self, case: Case) -> None:
        person = self._known()
        lives = Membership.objects.filter(person=person, end__isnull=True).exists()
        if person.death_date is not None or lives:
            raise LivesElsewhere
        require_not_before(case.day, _left_on(person))


def _left_on(person: Person) -> date | None:
    """Give the last day on which the person left a household."""
    day: date | None = Membership.objects.filter(person=person).aggregate(day=Max("end"))["day"]
    return day


class _Leaving(Proposal):
    """A member is one no more. If the head leaves, `relations` names those of all who stay."""

    needs_person: ClassVar[bool] = True

    relations: dict[UUID, str] = {}

    def seen(self, case: Case) -> dict[str, Any]:
        if case.household is None:
            return {}
        rows = members_of(case.household)
        touched = {case.who.pk, *self.relations}
        return composition_of(row for row in rows if row.person_id in touched)

    def check_leaving(self, case: Case) -> None:
        """Refuse what would leave the household without a head."""
        require_latest(case.home, case.day)
        member(case.home, case.who.pk)
        stay = _those_who_stay(case.home, case.who.pk)
        if stay:
            check_relations(stay, stay | self.relations)
        else:
            require_not_before(case.day, case.home.since)

    def write_leaving(self, case: Case, journal: Journal, reason: str) -> list[Any]:
        """End the membership; a household in which nobody stays is dissolved."""
        home, day = case.home, case.day
        left = member(home, case.who.pk)
        stay = [row for row in members_of(home) if row.pk != left.pk]
        leave(journal, left, day)
        events: list[Any] = [MemberRemoved(home.pk, case.who.pk, reason, day)]
        if not stay:
            amend_household(journal, home, day, dissolved_on=day)
            return [*events, HouseholdDissolved(home.pk, day)]
        relate(journal, stay, self.relations, day)
        return events + _head_changed(home, left.relation, self.relations, day)


def _those_who_stay(household: Household, leaver: UUID) -> dict[UUID, str]:
    rows = members_of(household)
    return {row.person_id: row.relation for row in rows if row.person_id != leaver}


def _head_changed(
    home: Household, left_relation: str, relations: Mapping[UUID, str], day: date
) -> list[Any]:
    heads = [pid for pid, relation in relations.items() if relation == Relation.HEAD]
    return [HeadChanged(home.pk, heads[0], day)] if left_relation == "head" and heads else []


class RemoveMember(_Leaving):
    """A member lives in the household no more."""

    kind: ClassVar[str] = "remove_member"
    needs_household: ClassVar[bool] = True

    because: Literal["marriage", "work", "separation", "moved", "mistake", "other"]

    def check(self, case: Case) -> None:
        self.check_leaving(case)

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        return self.write_leaving(case, journal, self.because)


class Death(_Leaving):
    """A person has died, on the effective day or on an earlier one that is heard of now."""

    kind: ClassVar[str] = "death"

    death_date: date | None = None

    def seen(self, case: Case) -> dict[str, Any]:
        return super().seen(case) | {"death_date": _text(case.who.death_date)}

    def check(self, case: Case) -> None:
        person, died = case.who, self.death_date or case.day
        if person.death_date is not None:
            raise AlreadyDead
        if not person.birth_date <= died <= case.day:
            raise DeathDateWrong(day=case.day.isoformat())
        require_not_before(case.day, person.since)
        if case.household is None:
            require_not_before(case.day, _left_on(person))
        else:
            self.check_leaving(case)

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        events: list[Any] = [PersonChanged(case.who.pk, self.kind, case.day)]
        if case.household is not None:
            events += self.write_leaving(case, journal, self.kind)
        amend_person(journal, case.who, case.day, death_date=self.death_date or case.day)
        return events


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


class ChangeHead(Proposal):
    """Another member is head: `relations` are those of all members to the new one."""

    kind: ClassVar[str] = "change_head"
    needs_household: ClassVar[bool] = True

    relations: dict[UUID, str]

    def seen(self, case: Case) -> dict[str, Any]:
        return composition_of(members_of(case.home))

    def check(self, case: Case) -> None:
        require_latest(case.home, case.day)
        current = {row.person_id: row.relation for row in members_of(case.home)}
        check_relations(current, self.relations)
        if current == self.relations:
            raise NothingChanges

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        relate(journal, members_of(case.home), self.relations, case.day)
        heads = [pid for pid, relation in self.relations.items() if relation == Relation.HEAD]
        return [HeadChanged(case.home.pk, heads[0], case.day)]
