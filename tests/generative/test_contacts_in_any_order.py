"""Whatever the order in which contacts and doses are written down, the same is due."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from spean.maternal_child.rules import Care, Given, Programme, history, lines, schedule_of

BORN = date(2024, 1, 1)
ON = st.integers(0, 2000).map(lambda n: BORN + timedelta(days=n))
DAYS = st.integers(-5, 1900).map(lambda n: BORN + timedelta(days=n))
VACCINES = st.sampled_from(["bcg", "hepb", "penta", "opv", "pcv", "ipv", "mr", "mmr", "je", "x"])
DOSES = st.lists(st.builds(Given, DAYS, VACCINES), max_size=14)


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
