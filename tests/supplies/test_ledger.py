"""Stock comes and goes; nothing is taken that isn't there, and nothing that was is forgotten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.kernel.models import AuditEntry
from spean.locations.models import Facility
from spean.supplies import actions
from spean.supplies.models import Count, Movement
from tests.supplies.conftest import DAY, FAR, NEAR, TODAY, entry, here, put

Record = Callable[..., list[Movement]]
LATER = DAY + timedelta(days=5)


def test_an_issue_takes_what_expires_first_and_says_from_which_batches(
    record: Record, centre: Facility
) -> None:
    record("receipt", 100, batch="LATE", expiry=FAR)
    record("receipt", 30, batch="SOON", expiry=NEAR)

    made = record("issue", 50, LATER)

    assert [(one.batch.number, one.quantity) for one in made] == [("SOON", -30), ("LATE", -20)]
    assert here(centre) == {"SOON": 0, "LATE": 80}


def test_what_has_expired_is_never_issued(record: Record, centre: Facility) -> None:
    record("receipt", 30, batch="OLD", expiry=DAY)
    record("receipt", 10, batch="NEW", expiry=FAR)

    with pytest.raises(actions.NotEnough) as refused:
        record("issue", 11, LATER)
    with pytest.raises(actions.BatchExpired):
        record("issue", 1, LATER, batch="OLD")
    with pytest.raises(IntegrityError, match="expired"), transaction.atomic():
        put(centre, "PARA500", [("issue", -1, LATER)], number="OLD")

    assert refused.value.facts["there"] == 10
    assert [one.batch.number for one in record("issue", 10, LATER)] == ["NEW"]
    record("issue", 1, DAY, batch="OLD")
    assert record("expired", 29, LATER, batch="OLD")[0].kind == "expired"


def test_more_than_is_there_is_refused_with_what_is(record: Record, centre: Facility) -> None:
    record("receipt", 40)

    with pytest.raises(actions.NotEnough) as refused:
        record("issue", 41)

    assert refused.value.facts["there"] == 40
    assert "only 40" in str(refused.value)
    assert here(centre) == {"A1": 40}


def test_what_a_later_day_needs_is_not_taken_on_a_day_before(record: Record) -> None:
    record("receipt", 40)
    record("issue", 40, LATER)

    with pytest.raises(actions.NotEnough):
        record("issue", 1, LATER - timedelta(days=1))
    with pytest.raises(actions.NotEnough):
        record("issue", 1, DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (entry("issue", 1, TODAY + timedelta(days=1)), actions.DayToCome),
        (entry("issue", 0), actions.EntryWrong),
        (entry("issue", 1, to=""), actions.EntryWrong),
        (entry("issue", 1, to="friend"), actions.EntryWrong),
        (entry("issue", 2_000_000_000), actions.EntryWrong),
        (entry("loss", 1, reason=""), actions.EntryWrong),
        (entry("receipt", 1, expiry=None), actions.EntryWrong),
        (entry("receipt", 1, batch=" "), actions.EntryWrong),
        (entry("gift", 1), actions.EntryWrong),
        (entry("issue", 1, item="GOLD"), actions.ItemUnknown),
        (entry("issue", 1, batch="ZZ"), actions.BatchUnknown),
        (entry("receipt", 1, expiry=NEAR), actions.BatchDiffers),
        (entry("receipt", 1, batch="B", expiry=DAY - timedelta(days=1)), actions.BatchExpired),
        (entry("expired", 1), actions.NotExpired),
        (entry("loss", 41), actions.NotEnough),
        (entry("count", 39), actions.DifferenceUnexplained),
        (entry("count", 39, batch="ZZ", note="?"), actions.BatchUnknown),
    ],
)
def test_an_entry_that_cannot_be_is_refused(
    record: Record, centre: Facility, keeper: Actor, wrong: actions.Entry,
    refusal: type[SpeanError],
) -> None:  # fmt: skip
    record("receipt", 40)

    with pytest.raises(refusal):
        actions.record_movement(facility=centre.code, entry=wrong, by=keeper, on=TODAY)

    assert here(centre) == {"A1": 40}


def test_a_count_puts_the_ledger_right_and_keeps_why(record: Record, centre: Facility) -> None:
    record("receipt", 40)

    made = record("count", 37, LATER, note="Three tablets crushed")
    agrees = record("count", 37, LATER + timedelta(days=1))

    assert [(one.kind, one.quantity, one.note) for one in made] == [
        ("count", -3, "Three tablets crushed")
    ]
    assert agrees == []
    assert here(centre) == {"A1": 37}
    assert list(Count.objects.order_by("day").values_list("expected", "found")) == [
        (40, 37), (37, 37),
    ]  # fmt: skip
    with pytest.raises(actions.CountedAlready):
        record("count", 37, LATER, note="again")


def test_what_is_entered_late_is_put_against_the_count_that_missed_it(
    record: Record, centre: Facility
) -> None:
    record("receipt", 40)
    record("count", 0, LATER, note="Nothing on the shelf")

    record("issue", 25, DAY + timedelta(days=2))

    assert here(centre) == {"A1": 0}
    counted = Movement.objects.filter(kind="count").values_list("quantity", flat=True)
    assert sorted(counted) == [-40, 25]


def test_a_count_that_what_followed_contradicts_is_refused(record: Record) -> None:
    record("receipt", 40)
    record("issue", 30, LATER)

    with pytest.raises(actions.CountContradicted):
        record("count", 10, LATER - timedelta(days=1), note="Found ten")


def test_an_error_is_undone_by_a_movement_of_its_own(
    record: Record, centre: Facility, keeper: Actor
) -> None:
    record("receipt", 40)
    [wrong] = record("issue", 30)

    back = actions.undo_movement(
        movement_id=wrong.pk, reason="Meant another item", by=keeper, on=TODAY
    )

    assert (back.kind, back.quantity, back.day, back.reverses_id) == ("issue", 30, DAY, wrong.pk)
    assert here(centre) == {"A1": 40}
    for again in (wrong, back):
        with pytest.raises(actions.UndoneAlready):
            actions.undo_movement(movement_id=again.pk, reason="again", by=keeper, on=TODAY)


def test_a_receipt_is_not_undone_once_it_was_given_out(record: Record, keeper: Actor) -> None:
    [received] = record("receipt", 40)
    record("issue", 1)

    with pytest.raises(actions.NotEnough):
        actions.undo_movement(movement_id=received.pk, reason="Never came", by=keeper, on=TODAY)
    with pytest.raises(actions.ReasonMissing):
        actions.undo_movement(movement_id=received.pk, reason=" ", by=keeper, on=TODAY)


def test_what_a_count_put_right_is_not_undone_alone(record: Record, keeper: Actor) -> None:
    record("receipt", 40)
    [counted] = record("count", 37, note="Crushed")

    with pytest.raises(actions.NotToUndo):
        actions.undo_movement(movement_id=counted.pk, reason="no", by=keeper, on=TODAY)


def test_the_database_keeps_the_ledger_as_it_was_written(record: Record, centre: Facility) -> None:
    [received] = record("receipt", 40)

    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        Movement.objects.filter(pk=received.pk).update(quantity=50)
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        Movement.objects.filter(pk=received.pk).delete()
    with pytest.raises(IntegrityError, match="would end"), transaction.atomic():
        put(centre, "PARA500", [("issue", -41, DAY)], number="A1")
    with pytest.raises(IntegrityError, match="would end"), transaction.atomic():
        put(centre, "PARA500", [("issue", -1, DAY - timedelta(days=1))], number="A1")


def test_stock_is_the_business_of_its_own_area(
    record: Record, facility_of: Callable[..., Facility], keeper: Actor
) -> None:
    other = facility_of("HC2", "health_centre", "16020101")

    with pytest.raises(NotAllowed):
        actions.record_movement(facility=other.code, entry=entry("receipt", 1), by=keeper, on=TODAY)


def test_each_movement_is_in_the_audit_trail(record: Record) -> None:
    record("receipt", 40)

    line = AuditEntry.objects.get(action="supplies.record_movement")
    assert (line.area, line.detail["kind"], line.detail["quantity"]) == ("16010101", "receipt", 40)


@pytest.mark.django_db(transaction=True)
def test_many_who_issue_at_once_never_take_more_than_there_is(
    record: Record, centre: Facility
) -> None:
    record("receipt", 10)
    start = Barrier(6)

    def issue(_: int) -> Any:
        start.wait()
        try:
            return record("issue", 3)
        except actions.NotEnough as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(issue, range(6)))

    assert sum(isinstance(answer, list) for answer in answers) == 3
    assert here(centre) == {"A1": 1}


@pytest.mark.django_db(transaction=True)
def test_the_database_alone_holds_writers_apart(centre: Facility) -> None:
    batch = put(centre, "PARA500", [("receipt", 10, DAY)])
    start = Barrier(6)

    def issue(_: int) -> bool:
        start.wait()
        try:
            Movement.objects.create(
                facility=centre, batch=batch, kind="issue", quantity=-3, day=DAY, to="ward",
                recorded_by="test",
            )  # fmt: skip
        except IntegrityError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(issue, range(6)))

    assert sum(answers) == 3
    assert here(centre) == {"P1": 1}


def test_an_entry_that_is_sent_twice_is_booked_once(record: Record, centre: Facility) -> None:
    first = record("receipt", 40, source_key="phone-1")
    again = record("receipt", 40, source_key="phone-1")

    assert [one.pk for one in first] == [one.pk for one in again]
    assert here(centre) == {"A1": 40}


def test_a_day_long_ago_is_taken(record: Record) -> None:
    assert record("receipt", 5, date(2025, 1, 1))[0].day == date(2025, 1, 1)
