"""What was written offline comes in any order; what can't be booked yet waits, with its reason."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed
from spean.locations.models import Facility
from spean.supplies import actions
from spean.supplies.models import Movement, Waiting
from tests.supplies.conftest import DAY, TODAY, entry, here

WRITTEN = (
    entry("receipt", 50, DAY, source_key="a"),
    entry("issue", 40, DAY + timedelta(days=1), batch="A1", source_key="b"),
    entry("receipt", 20, DAY + timedelta(days=2), source_key="c"),
    entry("issue", 25, DAY + timedelta(days=3), batch="A1", source_key="d"),
    entry("count", 3, DAY + timedelta(days=4), note="Two crushed", source_key="e"),
)


def take(centre: Facility, by: Actor, *entries: actions.Entry) -> list[actions.Taken]:
    return actions.take_in(facility=centre.code, entries=entries, by=by, on=TODAY)


@pytest.mark.parametrize("order", list(permutations(range(5)))[::7])
def test_in_whatever_order_entries_come_the_stock_is_the_same(
    centre: Facility, keeper: Actor, order: tuple[int, ...]
) -> None:
    for place in order:
        take(centre, keeper, WRITTEN[place])

    assert here(centre) == {"A1": 3}
    assert not Waiting.objects.filter(state="waiting").exists()


def test_what_comes_before_its_receipt_waits_and_is_booked_when_that_comes(
    centre: Facility, keeper: Actor
) -> None:
    [taken] = take(centre, keeper, WRITTEN[1])
    assert not taken.booked
    assert taken.why is not None
    assert taken.why["code"] == "supplies.batch_unknown"

    take(centre, keeper, WRITTEN[0])

    assert here(centre) == {"A1": 10}
    assert Waiting.objects.get().state == "booked"
    assert Movement.objects.get(kind="issue").source_key == "b"


def test_a_repeat_changes_nothing(centre: Facility, keeper: Actor) -> None:
    take(centre, keeper, *WRITTEN, *WRITTEN)
    again = take(centre, keeper, *WRITTEN)

    assert all(one.booked for one in again)
    assert here(centre) == {"A1": 3}


def test_nothing_is_lost_of_what_makes_no_sense(centre: Facility, keeper: Actor) -> None:
    [taken] = take(centre, keeper, entry("gift", 5, item="GOLD", source_key="x"))

    assert not taken.booked
    kept = Waiting.objects.get()
    assert kept.entry == {"kind": "gift", "item": "GOLD", "quantity": 5, "batch": "A1",
                          "day": "2026-06-01", "source_key": "x"}  # fmt: skip


def test_an_entry_without_a_key_is_refused(centre: Facility, keeper: Actor) -> None:
    with pytest.raises(actions.KeyMissing):
        take(centre, keeper, entry("receipt", 5))


def test_who_answers_for_the_stock_gives_up_on_an_entry_with_a_reason(
    centre: Facility, keeper: Actor, chief: Actor
) -> None:
    take(centre, keeper, WRITTEN[1])
    waits = Waiting.objects.get()

    with pytest.raises(NotAllowed):
        actions.set_aside(waiting_id=waits.pk, reason="Wrong", by=keeper)
    with pytest.raises(actions.ReasonMissing):
        actions.set_aside(waiting_id=waits.pk, reason="", by=chief)
    actions.set_aside(waiting_id=waits.pk, reason="Written twice", by=chief)
    with pytest.raises(actions.EntryOver):
        actions.set_aside(waiting_id=waits.pk, reason="Written twice", by=chief)

    take(centre, keeper, WRITTEN[0])
    assert here(centre) == {"A1": 50}


GIVEN = date(2026, 6, 10)


def dose(system: Actor, batch: str = "V1", number: int = 1, village: str = "16010101") -> None:
    actions.take_dose(
        dose=UUID(int=number), village=village, vaccine="penta", batch=batch, day=GIVEN, by=system
    )


def test_a_dose_of_a_known_batch_takes_one_from_the_stock(
    centre: Facility, system: Actor, record: Callable[..., list[Movement]]
) -> None:
    record("receipt", 10, item="PENTA", batch="V1")

    dose(system)
    dose(system)
    dose(system, number=2)

    assert here(centre, "PENTA") == {"V1": 8}
    assert set(Movement.objects.filter(kind="issue").values_list("to", flat=True)) == {"dose"}


def test_a_dose_of_an_unknown_batch_waits_and_never_stops_care(
    centre: Facility, system: Actor, record: Callable[..., list[Movement]]
) -> None:
    dose(system)
    assert Waiting.objects.get().why["code"] == "supplies.batch_unknown"

    record("receipt", 10, date(2026, 6, 9), item="PENTA", batch="V1")

    assert here(centre, "PENTA") == {"V1": 9}
    assert Waiting.objects.get().state == "booked"


def test_a_dose_withdrawn_is_put_back_or_waits_no_longer(
    centre: Facility, system: Actor, record: Callable[..., list[Movement]]
) -> None:
    record("receipt", 10, item="PENTA", batch="V1")
    dose(system)
    dose(system, batch="NONE", number=2)

    for number in (1, 2):
        actions.put_dose_back(dose=UUID(int=number), reason="Another child", by=system)

    assert here(centre, "PENTA") == {"V1": 10}
    assert Waiting.objects.get().state == "set_aside"


def test_a_dose_in_a_village_that_nobody_serves_waits_too(system: Actor, centre: Facility) -> None:
    dose(system, village="16020101")

    kept = Waiting.objects.get()
    assert (kept.facility, kept.area) == (None, "16020101")
