"""A household moves, splits, or joins another."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from spean.kernel import outbox
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.locations.models import Place
from spean.registry import actions, queries
from spean.registry.events import HouseholdMoved, HouseholdsMerged, HouseholdSplit
from spean.registry.models import Household, HouseholdPast, Membership
from spean.registry.rules.people import NewMember

DAY = date(2026, 12, 5)
REGISTERED = date(2026, 11, 23)
Apply = Callable[..., Any]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    events: list[Any] = []
    monkeypatch.setattr(outbox, "announce", events.append)
    return events


def people(household: Household) -> dict[str, Any]:
    rows = Membership.objects.filter(household=household, end__isnull=True)
    return {row.relation: row.person_id for row in rows}


def test_a_household_moves_and_its_former_village_is_kept(
    family: Household, apply: Apply, heard: list[Any]
) -> None:
    apply("move", family, DAY, village="16010201", address="By the school")

    family.refresh_from_db()
    assert (family.village.code, family.address, family.since) == ("16010201", "By the school", DAY)
    past = HouseholdPast.objects.get(household=family)
    assert (past.village.code, past.start, past.end) == ("16010101", REGISTERED, DAY)
    assert heard == [HouseholdMoved(family.pk, "16010101", "16010201", DAY)]


def test_the_council_of_the_village_entered_may_approve_a_move(
    family: Household, propose: Apply, actor: Callable[..., Actor]
) -> None:
    change = propose("move", family, DAY, village="16010201")

    actions.approve_change(change=change, by=actor("commune_council", "160102"), on=DAY)

    family.refresh_from_db()
    assert family.village.code == "16010201"


def test_the_council_of_a_third_commune_may_not(
    family: Household, propose: Apply, actor: Callable[..., Actor]
) -> None:
    change = propose("move", family, DAY, village="16010201")

    with pytest.raises(NotAllowed):
        actions.approve_change(change=change, by=actor("commune_council", "160201"), on=DAY)


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("16010101", "registry.nothing_changes"),
        ("160102", "registry.not_a_village"),
        ("99999999", "locations.unknown_place"),
    ],
)
def test_a_move_to_nowhere_is_refused(
    family: Household, propose: Apply, to: str, code: str
) -> None:
    with pytest.raises(SpeanError) as refused:
        propose("move", family, DAY, village=to)

    assert refused.value.code == code


def test_a_move_before_the_last_change_is_refused(family: Household, apply: Apply) -> None:
    apply("move", family, DAY, village="16010102")

    with pytest.raises(SpeanError) as refused:
        apply("move", family, date(2026, 12, 1), village="16010201")

    assert refused.value.code == "registry.later_change_recorded"


def test_a_move_on_the_day_of_the_last_change_overwrites_it(
    family: Household, apply: Apply
) -> None:
    apply("move", family, DAY, village="16010102")
    apply("move", family, DAY, village="16010201")

    assert HouseholdPast.objects.filter(household=family).count() == 1


def test_a_daughter_leaves_to_form_her_own_household(
    family: Household, apply: Apply, heard: list[Any]
) -> None:
    daughter = people(family)["child"]

    change = apply(
        "split", family, DAY, members={str(daughter): "head"}, village="16010102", address="New"
    )

    new = Household.objects.get(pk=change.proposal["new_household"])
    assert people(new) == {"head": daughter}
    assert (new.village.code, new.registered_on) == ("16010102", DAY)
    assert list(people(family)) == ["head"]
    assert heard == [HouseholdSplit(family.pk, new.pk, "16010102", DAY)]


def test_the_head_leaves_only_when_those_who_stay_have_another(
    family: Household, apply: Apply
) -> None:
    now = people(family)
    split: dict[str, Any] = {"members": {str(now["head"]): "head"}, "village": "16010102"}

    with pytest.raises(SpeanError) as refused:
        apply("split", family, DAY, **split)
    assert refused.value.code == "registry.heads_not_one"

    apply("split", family, DAY, staying={str(now["child"]): "head"}, **split)
    assert people(family) == {"head": now["child"]}


def test_a_split_in_which_everybody_leaves_is_a_move(family: Household, apply: Apply) -> None:
    now = people(family)

    with pytest.raises(SpeanError) as refused:
        apply(
            "split", family, DAY, village="16010102",
            members={str(now["head"]): "head", str(now["child"]): "child"},
        )  # fmt: skip

    assert refused.value.code == "registry.nobody_stays"


@pytest.fixture
def neighbours(
    places: dict[str, Place], system: Actor, new_member: Callable[..., NewMember]
) -> Household:
    return actions.register_household(
        village=places["16010102"], address="", phone="", by=system, on=REGISTERED,
        members=[new_member(given_name_km="សុភា", given_name_latin="Sophea", sex="female")],
        not_duplicates=True,
    )  # fmt: skip


def test_two_households_join_and_one_ceases(
    family: Household, neighbours: Household, apply: Apply, heard: list[Any]
) -> None:
    wife = people(neighbours)["head"]

    apply("merge", family, DAY, other=str(neighbours.pk), relations={str(wife): "spouse"})

    neighbours.refresh_from_db()
    assert (neighbours.dissolved_on, neighbours.merged_into_id) == (DAY, family.pk)
    assert people(family)["spouse"] == wife
    assert heard == [HouseholdsMerged(family.pk, neighbours.pk, DAY)]


def test_two_heads_in_joined_households_are_refused(
    family: Household, neighbours: Household, apply: Apply
) -> None:
    wife = people(neighbours)["head"]

    with pytest.raises(SpeanError) as refused:
        apply("merge", family, DAY, other=str(neighbours.pk), relations={str(wife): "head"})

    assert refused.value.code == "registry.heads_not_one"


def test_a_closed_household_cannot_change(
    family: Household, neighbours: Household, apply: Apply
) -> None:
    wife = people(neighbours)["head"]
    apply("merge", family, DAY, other=str(neighbours.pk), relations={str(wife): "spouse"})

    with pytest.raises(SpeanError) as refused:
        apply("move", neighbours, DAY, village="16010201")

    assert refused.value.code == "registry.record_closed"
    assert queries.people_in([neighbours.pk]) == {}
