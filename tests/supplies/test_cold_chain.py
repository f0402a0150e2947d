"""What was too warm or too cold is held back, and a person decides about it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.kernel.spreadsheets import FileRefused
from spean.locations.models import Facility
from spean.supplies import actions, queries
from spean.supplies.models import Equipment, Movement, Quarantine, Reading, Waiting
from spean.supplies.rules import Degrees, Excursion, excursions
from tests.supplies.conftest import DAY, TODAY, entry, here, put

COOL = Degrees(Decimal(2), Decimal(8))
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


def at(hour: int, day: int = 20) -> datetime:
    return datetime(2026, 6, day, hour, 0, tzinfo=UTC)


MORNING = at(8)


def test_an_excursion_lasts_until_the_next_reading_inside_in_whatever_order_they_came() -> None:
    readings = [
        (at(1), Decimal("5")), (at(2), Decimal("8.1")), (at(3), Decimal("12")),
        (at(4), Decimal("8")), (at(5), Decimal("1.9")),
    ]  # fmt: skip

    for order in permutations(readings):
        assert excursions(order, COOL) == [
            Excursion(at(2), at(4), Decimal("12")), Excursion(at(5), None, Decimal("1.9")),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("celsius", "holds"), [("1.9", False), ("2", True), ("8", True), ("8.1", False)]
)
def test_the_bounds_themselves_are_allowed(celsius: str, holds: bool) -> None:
    assert COOL.hold(Decimal(celsius)) is holds


@pytest.fixture
def fridge(centre: Facility, chief: Actor) -> Equipment:
    """Give a refrigerator with penta and oxytocin, beside paracetamol on the shelf."""
    put(centre, "PENTA", [("receipt", 40, DAY)], number="V1")
    put(centre, "OXY10", [("receipt", 10, DAY)], number="O1")
    put(centre, "PARA500", [("receipt", 100, DAY)], number="P1")
    return actions.add_equipment(
        facility=centre.code, kind="fridge", serial="TCW-1", day=DAY, by=chief, on=TODAY
    )


def read(fridge: Equipment, by: Actor, celsius: str, when: datetime = MORNING) -> Reading:
    return actions.record_reading(
        equipment_id=fridge.pk, at=when, celsius=Decimal(celsius), by=by, now=NOW
    )


def held() -> set[str]:
    rows = Quarantine.objects.filter(decision="")
    return set(rows.values_list("batch__number", flat=True))


def test_a_temperature_inside_the_policy_holds_nothing_back(
    fridge: Equipment, keeper: Actor
) -> None:
    read(fridge, keeper, "7.9")

    assert held() == set()


def test_a_temperature_outside_holds_back_all_that_is_kept_so(
    fridge: Equipment, keeper: Actor, centre: Facility
) -> None:
    read(fridge, keeper, "11.5")
    read(fridge, keeper, "12", at(9))

    assert held() == {"V1", "O1"}
    found = {one.item.code: (one.numbers.on_hand, one.held_back)
             for one in queries.supplied(facilities=[centre], on=TODAY)}  # fmt: skip
    assert found == {"PENTA": (0, 40), "OXY10": (0, 10), "PARA500": (100, 0)}


def test_what_is_held_back_is_not_issued_by_anybody(
    fridge: Equipment, keeper: Actor, centre: Facility, record: Callable[..., list[Movement]]
) -> None:
    read(fridge, keeper, "-0.5")

    with pytest.raises(actions.NotEnough):
        record("issue", 1, TODAY, item="PENTA", to="outreach")
    with pytest.raises(actions.BatchHeldBack):
        record("issue", 1, TODAY, item="PENTA", batch="V1")
    with pytest.raises(IntegrityError, match="held back"), transaction.atomic():
        put(centre, "PENTA", [("issue", -1, TODAY)], number="V1")
    record("issue", 1, date(2026, 6, 19), item="PENTA")
    record("loss", 1, TODAY, item="PENTA", batch="V1")


def test_a_dose_from_a_batch_that_is_held_back_waits_until_it_is_released(
    fridge: Equipment, keeper: Actor, chief: Actor, centre: Facility
) -> None:
    read(fridge, keeper, "11")
    late = entry("issue", 2, TODAY, item="PENTA", batch="V1", source_key="late")
    actions.take_in(facility=centre.code, entries=[late], by=keeper, on=TODAY)
    assert Waiting.objects.get().state == "waiting"

    for one in Quarantine.objects.all():
        decide(one, chief, "released")

    assert here(centre, "PENTA") == {"V1": 38}


def decide(one: Quarantine, by: Actor, decision: str, reason: str = "VVM is fine") -> Quarantine:
    return actions.decide_quarantine(
        quarantine_id=one.pk, decision=decision, reason=reason, by=by, on=TODAY
    )


def test_who_answers_for_the_stock_releases_or_discards_with_a_reason(
    fridge: Equipment, keeper: Actor, chief: Actor, centre: Facility
) -> None:
    read(fridge, keeper, "11")
    penta, oxytocin = (Quarantine.objects.get(batch__number=one) for one in ("V1", "O1"))

    with pytest.raises(NotAllowed):
        decide(penta, keeper, "released")
    with pytest.raises(actions.ReasonMissing):
        decide(penta, chief, "released", " ")
    with pytest.raises(actions.WordUnknown):
        decide(penta, chief, "forgotten")
    decide(penta, chief, "released")
    decide(oxytocin, chief, "discarded", "Frozen")
    with pytest.raises(actions.QuarantineOver):
        decide(oxytocin, chief, "released")

    assert here(centre, "PENTA") == {"V1": 40}
    assert here(centre, "OXY10") == {"O1": 0}
    lost = Movement.objects.get(kind="loss")
    assert (lost.quantity, lost.reason, lost.note) == (-10, "cold_chain", "Frozen")


def test_what_came_after_a_warm_day_is_not_held_back_for_it(
    fridge: Equipment, keeper: Actor, centre: Facility
) -> None:
    put(centre, "MR", [("receipt", 10, TODAY)], number="M1")

    read(fridge, keeper, "11", at(8, day=20))

    assert held() == {"V1", "O1"}


@pytest.mark.parametrize(
    ("celsius", "when", "refusal"),
    [
        ("91", at(8), actions.TemperatureWrong),
        ("5", NOW + timedelta(minutes=1), actions.MomentWrong),
    ],
)
def test_a_reading_that_cannot_be_is_refused(
    fridge: Equipment, keeper: Actor, celsius: str, when: datetime, refusal: type[SpeanError]
) -> None:
    with pytest.raises(refusal):
        read(fridge, keeper, celsius, when)


def test_only_what_cools_is_read_and_each_moment_once(
    fridge: Equipment, keeper: Actor, chief: Actor, centre: Facility
) -> None:
    bed = actions.add_equipment(
        facility=centre.code, kind="delivery_bed", serial="1", day=DAY, by=chief, on=TODAY
    )
    with pytest.raises(actions.CoolsNothing):
        read(bed, keeper, "5")
    read(fridge, keeper, "5")
    with pytest.raises(actions.ReadAlready):
        read(fridge, keeper, "6")


LOGGER = b"""at,celsius
2026-06-20 08:00,4.5
2026-06-20 09:00,"9,5"
20/06/2026,5
2026-06-20 10:00,warm
2026-06-20 11:00,99
2030-01-01 00:00,5
2026-06-20 09:00,5.0
"""


def load(fridge: Equipment, by: Actor, content: bytes = LOGGER) -> actions.LoggerReport:
    return actions.take_readings(
        equipment_id=fridge.pk, file=BytesIO(content), name="log.csv", by=by, now=NOW
    )


def test_a_loggers_file_is_taken_and_each_bad_row_named(fridge: Equipment, keeper: Actor) -> None:
    report = load(fridge, keeper)

    assert (report.taken, report.known, report.held_back) == (2, 0, 2)
    assert [(row, type(why).__name__) for row, why in report.problems] == [
        (4, "MomentWrong"), (5, "TemperatureWrong"), (6, "TemperatureWrong"), (7, "MomentWrong"),
    ]  # fmt: skip
    assert held() == {"V1", "O1"}
    [found] = queries.excursions_of(fridge, until=TODAY)
    assert (found.worst, found.ended) == (Decimal("9.5"), None)


def test_a_loggers_file_that_comes_twice_holds_nothing_back_anew(
    fridge: Equipment, keeper: Actor, chief: Actor
) -> None:
    load(fridge, keeper)
    for one in Quarantine.objects.all():
        decide(one, chief, "released")

    again = load(fridge, keeper)

    assert (again.taken, again.known) == (0, 2)
    assert held() == set()


def test_a_file_without_its_columns_is_refused(fridge: Equipment, keeper: Actor) -> None:
    with pytest.raises(FileRefused):
        load(fridge, keeper, b"when,what\n1,2\n")


def test_items_of_the_shelf_are_kept_at_any_temperature(
    fridge: Equipment, keeper: Actor, centre: Facility
) -> None:
    read(fridge, keeper, "30")

    assert "P1" not in held()
    assert here(centre)["P1"] == 100
