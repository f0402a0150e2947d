"""A household moves, splits in two, or joins another."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from spean.kernel.errors import N_, NotFound, SpeanError
from spean.kernel.ids import new_id
from spean.locations.queries import Place
from spean.registry.actions.journal import Journal
from spean.registry.actions.memberships import (
    check_relations,
    composition_of,
    join,
    leave,
    members_of,
    relate,
    require_latest,
)
from spean.registry.actions.proposals import Case, NothingChanges, Proposal, village_on
from spean.registry.actions.registration import check_address
from spean.registry.actions.versions import amend_household, require_not_before
from spean.registry.events import HouseholdMoved, HouseholdsMerged, HouseholdSplit
from spean.registry.models import Household
from spean.registry.rules.people import check_phone


class NobodyStays(SpeanError):
    """Refuse a split in which everybody leaves: that is a move."""

    code = "registry.nobody_stays"
    message = N_("If everybody leaves, the household moves. Record a move instead.")
    field = "members"


class JoinsItself(SpeanError):
    """Refuse to join a household to itself, or to one that no longer exists."""

    code = "registry.joins_itself"
    message = N_("Choose another household that still exists.")
    field = "other"


def home_as_seen(household: Household) -> dict[str, Any]:
    """Give where the household is recorded, as a proposer sees it."""
    return {"village": household.village.code, "address": household.address}


class Move(Proposal):
    """The whole household lives elsewhere: in another village, or at another address."""

    kind: ClassVar[str] = "move"
    needs_household: ClassVar[bool] = True

    village: str
    address: str = ""

    def other_village(self, case: Case) -> Place | None:
        return village_on(self.village, case.day)

    def seen(self, case: Case) -> dict[str, Any]:
        return home_as_seen(case.home)

    def check(self, case: Case) -> None:
        require_not_before(case.day, case.home.since)
        entered = village_on(self.village, case.day)
        if (entered.pk, check_address(self.address)) == (case.home.village_id, case.home.address):
            raise NothingChanges

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        left, entered = case.home.village.code, village_on(self.village, case.day)
        amend_household(
            journal, case.home, case.day,
            village_id=entered.pk, address=check_address(self.address),
        )  # fmt: skip
        return [HouseholdMoved(case.home.pk, left, entered.code, case.day)]


class Split(Proposal):
    """Some members leave to form a household of their own.

    `members` maps each who leaves to the relation in the new household; `staying` each who stays to
    the relation in the old one, needed when the head leaves.
    """

    kind: ClassVar[str] = "split"
    needs_household: ClassVar[bool] = True

    members: dict[UUID, str]
    staying: dict[UUID, str] = {}
    village: str
    address: str = ""
    phone: str = ""
    new_household: UUID = Field(default_factory=new_id)

    def other_village(self, case: Case) -> Place | None:
        return village_on(self.village, case.day)

    def seen(self, case: Case) -> dict[str, Any]:
        return composition_of(members_of(case.home))

    def check(self, case: Case) -> None:
        require_latest(case.home, case.day)
        village_on(self.village, case.day)
        check_address(self.address)
        check_phone(self.phone)
        current = {row.person_id: row.relation for row in members_of(case.home)}
        check_relations(set(self.members) & set(current), self.members, "members")
        stay = {pid: rel for pid, rel in current.items() if pid not in self.members}
        if not stay:
            raise NobodyStays
        check_relations(stay, stay | self.staying, "staying")

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        village = village_on(self.village, case.day)
        new = journal.create(
            Household(
                id=self.new_household, village=village, address=check_address(self.address),
                phone=check_phone(self.phone), since=case.day, registered_on=case.day,
                registered_by=case.by.name,
            )
        )  # fmt: skip
        rows = members_of(case.home)
        for row in rows:
            if row.person_id in self.members:
                person = row.person
                leave(journal, row, case.day)
                join(journal, new, person, self.members[person.pk], case.day)
        relate(journal, [r for r in rows if r.person_id not in self.members], self.staying,
               case.day)  # fmt: skip
        return [HouseholdSplit(case.home.pk, new.pk, village.code, case.day)]


class Merge(Proposal):
    """Everybody of the household `other` joins this one, and `other` ceases.

    `relations` maps each who joins, and whoever of this one changes, to the relation to the head.
    """

    kind: ClassVar[str] = "merge"
    needs_household: ClassVar[bool] = True
    both_villages: ClassVar[bool] = True

    other: UUID
    relations: dict[UUID, str]

    def other_village(self, case: Case) -> Place | None:
        return self._other().village

    def others(self) -> tuple[Sequence[UUID], Sequence[UUID]]:
        return (self.other,), ()

    def seen(self, case: Case) -> dict[str, Any]:
        return composition_of([*members_of(case.home), *members_of(self._other())])

    def check(self, case: Case) -> None:
        other = self._other()
        if other.pk == case.home.pk or other.dissolved_on is not None:
            raise JoinsItself
        for household in (case.home, other):
            require_latest(household, case.day)
        require_not_before(case.day, other.since)
        check_relations(self._people(case.home, other), self._relations(case.home))

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        other = self._other()
        for row in members_of(other):
            person = row.person
            leave(journal, row, case.day)
            join(journal, case.home, person, self.relations[person.pk], case.day)
        relate(journal, members_of(case.home), self.relations, case.day)
        amend_household(journal, other, case.day, dissolved_on=case.day)
        journal.update(other, merged_into_id=case.home.pk)
        return [HouseholdsMerged(case.home.pk, other.pk, case.day)]

    def _other(self) -> Household:
        found = Household.objects.select_related("village").filter(pk=self.other).first()
        if found is None:
            raise NotFound
        return found

    def _people(self, home: Household, other: Household) -> set[UUID]:
        return {row.person_id for row in [*members_of(home), *members_of(other)]}

    def _relations(self, home: Household) -> Mapping[UUID, str]:
        return {row.person_id: row.relation for row in members_of(home)} | self.relations
