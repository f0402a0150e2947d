"""Whatever happens to households: the past of any day is a replay up to it, and all can be undone.

The reference is a plain model in memory: for each day a copy of who lived where in what relation,
changed from that day on. Changes come in any order of days; the registry may refuse those that
would rewrite what a later one built on, and then the model is left as it was too.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.locations.models import Place
from spean.registry import actions, queries
from spean.registry.models import (
    ChangeRequest,
    FunctionAssessment,
    Household,
    HouseholdPast,
    Identifier,
    Membership,
    Person,
    PersonPast,
    Pregnancy,
)
from spean.registry.rules.people import NewMember

FIRST = date(2026, 1, 1)
DAYS = 6
LAST = FIRST + timedelta(days=DAYS)
VILLAGES = ("16010101", "16010102", "16010201")
TABLES = (
    Person, PersonPast, Household, HouseholdPast, Membership, Identifier, Pregnancy,
    FunctionAssessment,
)  # fmt: skip


@dataclass
class Home:
    """What the model knows of one household on one day."""

    village: str
    phone: str = ""
    members: dict[UUID, str] = field(default_factory=dict)


@dataclass
class World:
    """What the model knows of one day: households by id, Latin given names by person."""

    homes: dict[UUID, Home] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    pregnant: set[UUID] = field(default_factory=set)


def person(name: str, relation: str) -> NewMember:
    return NewMember(
        family_name_km="", given_name_km="", family_name_latin="Sok", given_name_latin=name,
        sex="female", birth_date=date(1990, 1, 1), relation=relation,
    )  # fmt: skip


class History:
    """The registry and the model, given the same changes."""

    def __init__(self, places: dict[str, Place], proposer: Actor, approver: Actor) -> None:
        self.proposer, self.approver = proposer, approver
        self.days = [World() for _ in range(DAYS + 1)]
        self.applied: list[ChangeRequest] = []
        self.households: list[UUID] = []
        for village in VILLAGES[:2]:
            self.register(places[village])

    def register(self, village: Place) -> None:
        members = [person("Dara", "head"), person("Bopha", "child"), person("Chan", "child")]
        made = actions.register_household(
            village=village, address="", phone="", members=members, by=self.proposer, on=FIRST,
            not_duplicates=True,
        )  # fmt: skip
        rows = Membership.objects.filter(household=made).select_related("person")
        home = Home(village.code, members={row.person_id: row.relation for row in rows})
        for world in self.days:
            world.homes[made.pk] = copy.deepcopy(home)
            world.names |= {row.person_id: row.person.given_name_latin for row in rows}
        self.households.append(made.pk)

    def change(
        self, kind: str, household: UUID | None, who: UUID | None, day: int,
        proposal: dict[str, Any], effect: Callable[[World], None],
    ) -> None:  # fmt: skip
        """Ask the registry for the change; if it is applied, let the model follow from the day."""
        try:
            with transaction.atomic():
                asked = actions.propose_change(
                    kind=kind,
                    household=Household.objects.get(pk=household) if household else None,
                    person=Person.objects.get(pk=who) if who else None,
                    proposal=proposal, reason="So", effective_on=FIRST + timedelta(days=day),
                    by=self.proposer, on=LAST,
                )  # fmt: skip
                done = actions.approve_change(change=asked, by=self.approver, on=LAST)
        except SpeanError:
            return
        self.applied.append(done)
        for world in self.days[day:]:
            effect(world)

    def as_recorded(self, household: UUID, day: int) -> Home | None:
        """Give what the registry says of a household on a day; None where it was not yet."""
        on = FIRST + timedelta(days=day)
        try:
            state = queries.household_as_of(household, by=self.approver, on=on)
        except queries.NotYetRegistered:
            return None
        for member in state.members:
            assert member.facts.given_name_latin == self.days[day].names[member.person_id]
            assert member.pregnant == (member.person_id in self.days[day].pregnant)
        members = {member.person_id: member.relation for member in state.members}
        return Home(state.village.code, state.phone, members)


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, int, int, int, int]:
    kind = draw(st.sampled_from(
        ["move", "phone", "name", "leave", "die", "head", "split", "born", "back", "merge",
         "pregnant", "delivered"]
    ))  # fmt: skip
    numbers = [draw(st.integers(0, 8)) for _ in range(3)]
    return kind, draw(st.integers(0, DAYS)), *numbers


def pick(rows: list[Any], number: int) -> Any:
    return rows[number % len(rows)]


def do(history: History, step: tuple[str, int, int, int, int]) -> None:
    """Make one change of the registry and of the model, about people drawn by numbers."""
    kind, day, a, b, c = step
    home = pick(history.households, a)
    people = sorted(history.days[DAYS].names)
    who = pick(people, b)
    CHANGES[kind](history, home, who, day, c)


def move(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    village = pick(list(VILLAGES), c)
    history.change("move", home, None, day, {"village": village},
                   lambda world: setattr(world.homes[home], "village", village))  # fmt: skip


def phone(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    number = f"+8551234567{c}"
    history.change("correct_household", home, None, day, {"phone": number},
                   lambda world: setattr(world.homes[home], "phone", number))  # fmt: skip


def name(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    given_name = "Name" + "abcdefghi"[c]
    history.change("correct_person", None, who, day, {"given_name_latin": given_name},
                   lambda world: world.names.update({who: given_name}))  # fmt: skip


def _without(world: World, who: UUID, relations: dict[UUID, str]) -> None:
    for home in world.homes.values():
        if home.members.pop(who, None) is not None:
            home.members |= relations


def _restated(history: History, who: UUID, c: int) -> dict[UUID, str]:
    """Give a new head for the household that somebody leaves, if there are others."""
    for home in history.days[DAYS].homes.values():
        stay = sorted(set(home.members) - {who})
        if home.members.get(who) == "head" and stay:
            head = pick(stay, c)
            return {pid: "head" if pid == head else "other_relative" for pid in stay}
    return {}


def leave(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    relations = _restated(history, who, c)
    history.change("remove_member", None, who, day,
                   {"because": "work", "relations": _text(relations)},
                   lambda world: _without(world, who, relations))  # fmt: skip


def die(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    relations = _restated(history, who, c)
    history.change("death", None, who, day, {"relations": _text(relations)},
                   lambda world: _without(world, who, relations))  # fmt: skip


def head(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    members = sorted(history.days[DAYS].homes[home].members)
    if not members:
        return
    new = pick(members, c)
    relations = {pid: "head" if pid == new else "sibling" for pid in members}
    history.change("change_head", home, None, day, {"relations": _text(relations)},
                   lambda world: world.homes[home].members.update(relations))  # fmt: skip


def split(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    members = history.days[DAYS].homes[home].members
    if who not in members or len(members) < 2:
        return
    staying = _restated(history, who, c)
    village = pick(list(VILLAGES), c)

    def effect(world: World) -> None:
        new = UUID(history.applied[-1].proposal["new_household"])
        del world.homes[home].members[who]
        world.homes[home].members |= staying
        world.homes[new] = Home(village, members={who: "head"})
        if new not in history.households:
            history.households.append(new)

    history.change("split", home, None, day, {
        "members": {str(who): "head"}, "staying": _text(staying), "village": village,
    }, effect)  # fmt: skip


def born(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    known = set(Person.objects.values_list("pk", flat=True))

    def effect(world: World) -> None:
        baby = (set(Person.objects.values_list("pk", flat=True)) - known).pop()
        world.homes[home].members[baby] = "grandchild"
        for day_world in history.days:
            day_world.names[baby] = "Baby"

    history.change("add_member", home, None, day, {
        "because": "birth", "not_duplicates": True,
        "member": {"family_name_km": "", "given_name_km": "", "family_name_latin": "Sok",
                   "given_name_latin": "Baby", "sex": "female", "birth_date": "2026-01-01",
                   "relation": "grandchild"},
    }, effect)  # fmt: skip


def back(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    history.change("add_member", home, None, day, {
        "because": "return", "known": str(who), "relation": "not_related",
    }, lambda world: world.homes[home].members.update({who: "not_related"}))  # fmt: skip


def merge(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    other = pick(history.households, c)
    joining = dict.fromkeys(history.days[DAYS].homes[other].members, "not_related")

    def effect(world: World) -> None:
        world.homes[other].members.clear()
        world.homes[home].members |= joining

    history.change("merge", home, None, day, {
        "other": str(other), "relations": _text(joining),
    }, effect)  # fmt: skip


def pregnant(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    history.change("record_pregnancy", None, who, day, {"expected_on": f"2026-09-0{c + 1}"},
                   lambda world: world.pregnant.add(who))  # fmt: skip


def delivered(history: History, home: UUID, who: UUID, day: int, c: int) -> None:
    history.change("record_pregnancy", None, who, day, {"ended": True},
                   lambda world: world.pregnant.discard(who))  # fmt: skip


def _text(relations: dict[UUID, str]) -> dict[str, str]:
    return {str(pid): relation for pid, relation in relations.items()}


CHANGES: dict[str, Callable[[History, UUID, UUID, int, int], None]] = {
    "move": move, "phone": phone, "name": name, "leave": leave, "die": die, "head": head,
    "split": split, "born": born, "back": back, "merge": merge, "pregnant": pregnant,
    "delivered": delivered,
}  # fmt: skip


def stored() -> list[list[dict[str, Any]]]:
    return [list(table._default_manager.order_by("pk").values()) for table in TABLES]


class _Undo(Exception):
    """Leaves the database as it was before an example."""


@settings(
    max_examples=100, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(steps(), min_size=5, max_size=9), st.sampled_from([True, True, False]))
def test_any_day_is_a_replay_up_to_it_and_all_can_be_undone(
    places: dict[str, Place], actor: Callable[..., Actor], steps: list[Any], in_order: bool
) -> None:
    officer = actor("district_officer", "16")
    try:
        with transaction.atomic():
            history = History(places, Actor.system("test"), officer)
            before = stored()
            for step in sorted(steps, key=lambda step: step[1]) if in_order else steps:
                do(history, step)
            for day, world in enumerate(history.days):
                for household in history.households:
                    assert history.as_recorded(household, day) == world.homes.get(household)
            for change in reversed(history.applied):
                actions.reverse_change(change=change, reason="Undo", by=officer, on=LAST)
            assert stored() == before
            raise _Undo
    except _Undo:
        pass
