"""A plan pays the programmes that were chosen, for places and families; and what is refused."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed
from spean.kernel.models import LongRun
from spean.locations.models import Place
from spean.programmes.queries import Strike, struck
from spean.registry.models import Household
from spean.shocks import actions, queries
from spean.shocks.models import Event, NamedFamily, Plan
from tests.shocks.conftest import GRAVE, START
from tests.snapshots import AS_OF, HOME, MEMBER, write_snapshot

TOP_UP, EXPANSION = "shock_top_up", "shock_expansion"
EACH = 80_000 + 2 * 16_000 + 16_000  # one of two is old


@pytest.fixture
def homes(places: dict[str, Place]) -> list[Household]:
    """Register sixty families, thirty in Nhang and thirty in Kachanh."""
    return [
        Household.objects.create(
            village=places["16010101" if number < 30 else "16020101"], since=date(2024, 1, 1),
            registered_on=date(2024, 1, 1), registered_by="test",
        )
        for number in range(60)
    ]  # fmt: skip


@pytest.fixture
def elders(homes: list[Household], tmp_path: Path) -> None:
    """Each is of a mother and an old man; poor in Nhang, at risk in Kachanh."""
    rows, people = [], []
    for number, one in enumerate(homes, 1):
        level = "poor_1" if number <= 30 else "at_risk"
        home = HOME | {"household": number, "village": one.village.code, "status": level}
        rows.append(home | {"household_id": str(one.pk)})
        old = {"birth_date": date(1950, 1, 1), "relation": "parent", "sex": "male"}
        people += [MEMBER | home, MEMBER | home | old]
    write_snapshot(tmp_path / "elders", rows, people)
    LongRun.objects.create(
        kind="snapshot", state="done", started_by="test", finished_at=timezone.now(),
        result={"folder": str(tmp_path / "elders"), "as_of": AS_OF.isoformat()},
    )  # fmt: skip


def _flood(officer: Actor, place: str) -> Event:
    since = date(2026, 11, 1)
    made = actions.note_event(
        kind="flood", title="Sesan", since=since, source="Gauge", measures=GRAVE, by=officer
    )
    actions.strike(event_id=made.pk, places=[place], since=since, source="Radio", by=officer)
    return made


@pytest.fixture
def everywhere(elders: None, officer: Actor) -> Event:
    return _flood(officer, "16")


@pytest.fixture
def nhang(elders: None, officer: Actor) -> Event:
    return _flood(officer, "160101")


def _propose(event: Event, by: Actor, *programmes: str) -> Plan:
    return actions.propose_plan(
        event_id=event.pk, start=START, by=by, on=timezone.localdate(),
        programmes=programmes or None,
    )  # fmt: skip


def _approve(plan: Plan, approvers: list[Actor]) -> None:
    for one in approvers:
        actions.approve_plan(plan_id=plan.pk, by=one)


def _name(event: Event, home: Household, by: Actor, *, left_out: bool) -> NamedFamily:
    return actions.name_family(
        event_id=event.pk, household_id=home.pk, left_out=left_out, since=date(2026, 11, 20),
        reason="Seen by boat", by=by,
    )  # fmt: skip


def test_an_expansion_pays_more_to_who_is_paid_and_the_whole_to_the_next_level(
    everywhere: Event, officer: Actor
) -> None:
    plan = _propose(everywhere, officer, EXPANSION)

    assert plan.programmes == [EXPANSION]
    assert (plan.households, plan.a_month) == (60, 30 * 10_000 + 30 * 20_000)


def test_the_prepared_plan_pays_the_top_up_and_the_expansion(
    everywhere: Event, officer: Actor
) -> None:
    plan = _propose(everywhere, officer)

    assert plan.programmes == [TOP_UP, EXPANSION]
    assert (plan.households, plan.a_month) == (60, 60 * EACH + 30 * 10_000 + 30 * 20_000)


def test_only_the_programmes_of_the_plan_are_owed(
    everywhere: Event, officer: Actor, approvers: list[Actor]
) -> None:
    _approve(_propose(everywhere, officer, EXPANSION), approvers)

    assert struck(START) == (Strike(("16",), programmes=(EXPANSION,)),)


@pytest.mark.parametrize("chosen", [[], ["flood_cash_transfer"], ["elderly_allowance"], ["x"]])
def test_what_pays_nobody_in_a_shock_is_no_plan(
    everywhere: Event, officer: Actor, chosen: list[str]
) -> None:
    with pytest.raises(actions.ProgrammeNotPaid):
        actions.propose_plan(
            event_id=everywhere.pk, start=START, by=officer, on=timezone.localdate(),
            programmes=chosen,
        )  # fmt: skip


def test_one_family_is_struck_without_its_village_and_one_left_out(
    homes: list[Household], nhang: Event, officer: Actor, approvers: list[Actor]
) -> None:
    far, near = homes[40], homes[3]
    _name(nhang, far, officer, left_out=False)
    _name(nhang, near, officer, left_out=True)

    plan = _propose(nhang, officer, TOP_UP)

    assert (plan.places, plan.families) == (["160101"], [str(far.pk)])
    assert (plan.households, plan.a_month) == (30, 30 * EACH)
    _approve(plan, approvers)
    assert struck(START) == (Strike(("160101",), (str(far.pk),), (str(near.pk),), (TOP_UP,)),)
    levels = queries.affected(["160101"], [str(far.pk)], [str(near.pk)])
    assert (levels["poor_1"], levels["at_risk"]) == (29, 1)


def test_who_is_left_out_is_so_at_once_and_who_is_struck_only_by_a_plan(
    homes: list[Household], nhang: Event, officer: Actor, approvers: list[Actor]
) -> None:
    _approve(_propose(nhang, officer, TOP_UP), approvers)

    _name(nhang, homes[40], officer, left_out=False)
    named = _name(nhang, homes[3], officer, left_out=True)

    assert struck(START) == (Strike(("160101",), (), (str(homes[3].pk),), (TOP_UP,)),)
    actions.forget_family(named_id=named.pk, on=timezone.localdate(), by=officer)
    assert struck(START)[0].left_out == ()


def test_what_is_said_of_a_family_replaces_what_was_said(
    homes: list[Household], nhang: Event, officer: Actor
) -> None:
    _name(nhang, homes[3], officer, left_out=True)
    with pytest.raises(actions.NamedAlready):
        _name(nhang, homes[3], officer, left_out=True)
    with pytest.raises(actions.ReasonMissing):
        actions.name_family(
            event_id=nhang.pk, household_id=homes[3].pk, left_out=False, since=START, reason=" ",
            by=officer,
        )  # fmt: skip

    actions.name_family(
        event_id=nhang.pk, household_id=homes[3].pk, left_out=False, since=date(2026, 11, 25),
        reason="The list was wrong", by=officer,
    )  # fmt: skip

    assert queries.struck_by(nhang, on=START)[1] == [str(homes[3].pk)]
    assert queries.left_out_of(nhang, on=date(2026, 11, 24)) == [str(homes[3].pk)]
    with pytest.raises(IntegrityError), transaction.atomic():
        NamedFamily.objects.create(
            event=nhang, household=homes[3], village="16010101", left_out=True, reason="x",
            start=START, noted_by="t",
        )  # fmt: skip


def test_an_addition_holds_only_what_the_plan_does_not_for_its_own_days(
    homes: list[Household], nhang: Event, officer: Actor, approvers: list[Actor]
) -> None:
    plan = _propose(nhang, officer, TOP_UP)
    on = timezone.localdate()
    with pytest.raises(actions.NotWaiting):
        actions.propose_addition(plan_id=plan.pk, by=officer, on=on)
    _approve(plan, approvers)
    with pytest.raises(actions.NothingToAdd):
        actions.propose_addition(plan_id=plan.pk, by=officer, on=on)
    _name(nhang, homes[40], officer, left_out=False)

    waits = {one.title: one.count for one in queries.waiting_for(by=officer, on=on)}
    assert waits["Plans to which somebody struck must be added"] == 1

    added = actions.propose_addition(plan_id=plan.pk, by=officer, on=on)

    assert (added.places, added.families) == ([], [str(homes[40].pk)])
    assert (added.start, added.end, added.households) == (plan.start, plan.end, 1)
    with pytest.raises(actions.NothingToAdd):
        actions.propose_addition(plan_id=plan.pk, by=officer, on=on)
    _approve(added, approvers)
    assert {family for one in struck(START) for family in one.families} == {str(homes[40].pk)}
    with pytest.raises(NotAllowed):
        actions.propose_addition(plan_id=plan.pk, by=approvers[0], on=on)


def test_a_shock_is_over_in_one_place_and_goes_on_in_another(nhang: Event, officer: Actor) -> None:
    actions.strike(event_id=nhang.pk, places=["1602"], since=date(2026, 11, 2), source="x",
                   by=officer)  # fmt: skip
    with pytest.raises(actions.PlaceNotStruck):
        actions.end_strike(event_id=nhang.pk, on=date(2026, 11, 20), by=officer,
                           places=["16010101"])  # fmt: skip

    actions.end_strike(event_id=nhang.pk, on=date(2026, 11, 20), by=officer, places=["160101"])

    assert queries.places_of(nhang, on=date(2026, 11, 19)) == ["160101", "1602"]
    assert queries.places_of(nhang, on=date(2026, 11, 20)) == ["1602"]
