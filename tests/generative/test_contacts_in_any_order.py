"""Whatever the order in which contacts and doses are written down, the same is due.

What is withdrawn meanwhile, before others are written down or after, is as if it had never been.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spean.kernel.access import Actor, Purpose
from spean.maternal_child import actions, queries
from spean.maternal_child.rules import Care, Given, Programme, history, lines, schedule_of
from spean.registry.models import Household
from tests.maternal_child.conftest import TODAY, family, members  # noqa: F401 - fixtures

BORN = date(2024, 1, 1)
ON = st.integers(0, 2000).map(lambda n: BORN + timedelta(days=n))
DAYS = st.integers(-5, 1900).map(lambda n: BORN + timedelta(days=n))
VACCINES = st.sampled_from(["bcg", "hepb", "penta", "opv", "pcv", "ipv", "mr", "mmr", "je", "x"])
DOSES = st.lists(st.builds(Given, DAYS, VACCINES), max_size=14)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(doses=DOSES, data=st.data(), on=ON)
def test_doses_in_any_order_give_the_same_history(
    doses: list[Given], data: st.DataObject, on: date
) -> None:
    mixed = data.draw(st.permutations(doses))
    programme = Programme.of(date(2026, 1, 1))

    found, again = (
        history(rows, born=BORN, sex="female", on=on, programme=programme)
        for rows in (doses, mixed)
    )

    assert found == again
    assert len(found.evaluated) >= len([dose for dose in doses if dose.day <= on])


@given(days=st.lists(DAYS, max_size=10), data=st.data(), on=ON, care=st.sampled_from(Care))
def test_contacts_in_any_order_leave_the_same_due(
    days: list[date], data: st.DataObject, on: date, care: Care
) -> None:
    mixed = data.draw(st.permutations(days))
    schedule = schedule_of(care, on=date(2026, 1, 1))

    assert list(lines(schedule, since=BORN, done=days, on=on)) == list(
        lines(schedule, since=BORN, done=mixed, on=on)
    )


CARE = Actor.system("test", purpose=Purpose.CARE)
AGO = st.integers(0, 400)
NURSED = st.tuples(st.just("child"), AGO, st.sampled_from(["", "penta", "mr", "opv"]))
SEEN = st.tuples(st.just("antenatal"), st.integers(0, 200), st.just(""))
Contact = tuple[str, int, str]
Step = tuple[str, Contact]


@st.composite
def told(draw: st.DrawFn) -> tuple[list[Contact], list[Step]]:
    """Give contacts that stand, and an order in which they and others, withdrawn, are told."""
    asked = st.lists(st.one_of(NURSED, SEEN), max_size=6, unique_by=lambda one: one[:2])
    rows = draw(asked)
    wrong = set(draw(st.lists(st.sampled_from(rows), max_size=3, unique=True)) if rows else [])
    steps: list[Step] = [("record", one) for one in draw(st.permutations(rows))]
    for one in sorted(wrong):
        after = steps.index(("record", one))
        steps.insert(draw(st.integers(after + 1, len(steps))), ("withdraw", one))
    return [one for one in rows if one not in wrong], steps


def due_after(steps: Sequence[Step], who: dict[str, Any]) -> set[tuple[Any, str, date, str]]:
    """Record and withdraw in this order; give what is due, and leave nothing behind."""
    made = {}
    with transaction.atomic():
        actions.record_pregnancy(
            person_id=who["antenatal"].pk, by=CARE, on=TODAY,
            dating=actions.Dating(last_period_on=TODAY - timedelta(days=210)),
        )  # fmt: skip
        for what, one in steps:
            kind, ago, vaccine = one
            day = TODAY - timedelta(days=ago)
            if what == "withdraw":
                actions.withdraw_contact(contact_id=made[one], reason="x", by=CARE, on=TODAY)
                continue
            made[one] = actions.record_contact(
                person_id=who[kind].pk, kind=kind, day=day, place="home", by=CARE, on=TODAY,
                measured=actions.Measured(treatments=["vitamin_a"] if ago % 2 else []),
                doses=[actions.NewDose(vaccine, day)] if vaccine else [],
            ).pk  # fmt: skip
        found = {
            (due.home.person_id, awaited.line.code, awaited.line.due, str(awaited.line.status))
            for due in queries.due_in("16010101", by=CARE, on=TODAY)
            for awaited in due.awaited
        }
        transaction.set_rollback(True)
    return found


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=told())
def test_records_withdrawn_are_as_if_they_had_never_been(
    rows: tuple[list[Contact], list[Step]],
    family: Household,  # noqa: F811
    members: dict[str, Any],  # noqa: F811
) -> None:
    stand, steps = rows
    who = {"child": members["ដារ៉ា"], "antenatal": members["ស្រីមុំ"]}

    assert due_after(steps, who) == due_after([("record", one) for one in stand], who)
