"""Temperatures are written down or taken from a logger; what was too warm or cold is held back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.spreadsheets import Readable, Row, read_rows
from spean.supplies import queries
from spean.supplies.actions.booking import lock, write
from spean.supplies.actions.movements import ReasonMissing, try_again
from spean.supplies.actions.refusals import DayToCome
from spean.supplies.actions.units import WordUnknown
from spean.supplies.models import (
    COOLS,
    Balance,
    Equipment,
    LossReason,
    Movement,
    MovementKind,
    Quarantine,
    Reading,
)
from spean.supplies.queries import MANAGE, RECORD


class CoolsNothing(SpeanError):
    """Refuse a temperature of what doesn't cool."""

    code = "supplies.cools_nothing"
    message = N_("Only refrigerators and freezers have temperatures.")


class TemperatureWrong(SpeanError):
    """Refuse what is no temperature."""

    code = "supplies.temperature_wrong"
    message = N_("“%(text)s” is no temperature from -90 to 90 °C, such as 4.5.")
    field = "celsius"


class MomentWrong(SpeanError):
    """Refuse what is no moment, or is yet to come."""

    code = "supplies.moment_wrong"
    message = N_("“%(text)s” is no past day and time, such as 2026-11-23 07:30.")
    field = "at"


class ReadAlready(Conflict):
    """Refuse another temperature for a moment."""

    code = "supplies.read_already"
    message = N_("A temperature is on record for this moment already.")
    field = "at"


class QuarantineOver(Conflict):
    """Refuse a second decision."""

    code = "supplies.quarantine_over"
    message = N_("This was decided meanwhile. Look at it again.")


@dataclass(frozen=True, slots=True)
class LoggerReport:
    """What was taken of a logger's file, what was known, and which rows are wrong and why."""

    taken: int
    known: int
    problems: tuple[tuple[int, SpeanError], ...]
    held_back: int


@transaction.atomic
def record_reading(
    *, equipment_id: UUID, at: datetime, celsius: Decimal, by: Actor, now: datetime
) -> Reading:
    """Write a temperature down; what is kept there is held back where it is outside the policy.

    Raises NotFound, NotAllowed, CoolsNothing, TemperatureWrong, MomentWrong, ReadAlready.
    """
    found = _cooling(equipment_id, by)
    if at > now:
        raise MomentWrong(text=f"{at:%Y-%m-%d %H:%M}")
    celsius = _celsius(str(celsius))
    made, new = Reading.objects.get_or_create(
        equipment=found, at=at, defaults={"celsius": celsius, "recorded_by": by.name}
    )
    if not new:
        raise ReadAlready
    _hold_back(found, [made], by)
    audit.write(by=by, action="supplies.record_reading", subject=found, celsius=str(celsius),
                area=found.facility.place.code)  # fmt: skip
    return made


@transaction.atomic
def take_readings(
    *, equipment_id: UUID, file: Readable, name: str, by: Actor, now: datetime
) -> LoggerReport:
    """Take the temperatures of a logger's file (columns `at`, `celsius`), and name each bad row.

    A moment that is on record stays as it is. Raises NotFound, NotAllowed, CoolsNothing,
    FileRefused.
    """
    found = _cooling(equipment_id, by)
    good: dict[datetime, Decimal] = {}
    problems: list[tuple[int, SpeanError]] = []
    for row in read_rows(file, name, required=("at", "celsius")):
        try:
            good.setdefault(*_read(row, now))
        except SpeanError as error:
            problems.append((row.number, error))
    known = set(found.readings.filter(at__in=good).values_list("at", flat=True))
    made = Reading.objects.bulk_create(
        Reading(equipment=found, at=at, celsius=celsius, logged=True, recorded_by=by.name)
        for at, celsius in sorted(good.items()) if at not in known
    )  # fmt: skip
    held_back = _hold_back(found, made, by)
    audit.write(by=by, action="supplies.take_readings", subject=found, taken=len(made),
                problems=len(problems), area=found.facility.place.code)  # fmt: skip
    return LoggerReport(len(made), len(known), tuple(problems), held_back)


def _cooling(equipment_id: UUID, by: Actor) -> Equipment:
    found = queries.equipment_for(equipment_id, lock=True)
    access.require(by, RECORD, area=found.facility.place.code)
    if found.kind not in COOLS:
        raise CoolsNothing
    return found


def _read(row: Row, now: datetime) -> tuple[datetime, Decimal]:
    text = row.values["at"]
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise MomentWrong(text=text[:30]) from error
    at = timezone.make_aware(at) if timezone.is_naive(at) else at
    if at > now:
        raise MomentWrong(text=text[:30])
    return at, _celsius(row.values["celsius"])


def _celsius(text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", "."))
        if not -90 <= found <= 90:
            raise TemperatureWrong(text=text[:20])
    except InvalidOperation as error:
        raise TemperatureWrong(text=text[:20]) from error
    return found.quantize(Decimal("0.1"))


def _hold_back(found: Equipment, readings: Sequence[Reading], by: Actor) -> int:
    """Hold back every batch kept at this temperature that was here at a reading outside it.

    Which refrigerator a box stands in is not on record: all are held back rather than one missed.
    """
    held: set[UUID] = set()
    for reading in readings:
        day = timezone.localtime(reading.at).date()
        allowed = queries.degrees(found, on=day)
        if allowed is None or allowed.hold(reading.celsius):
            continue
        for balance in queries.held_in(found.facility, band=COOLS[found.kind], day=day):  # type: ignore[index]
            if balance.batch_id not in held:
                held.add(balance.batch_id)
                _quarantine(balance, reading, day, by)
    return len(held)


def _quarantine(balance: Balance, reading: Reading, day: date, by: Actor) -> None:
    at = reading.equipment.facility
    lock(at, balance.batch.item)
    made, new = Quarantine.objects.get_or_create(
        facility=at, batch=balance.batch, decision="",
        defaults={"reading": reading, "since": day},
    )  # fmt: skip
    if new:
        audit.write(by=by, action="supplies.hold_back", subject=made, area=at.place.code,
                    batch=balance.batch.number, celsius=str(reading.celsius))  # fmt: skip


@transaction.atomic
def decide_quarantine(
    *, quarantine_id: UUID, decision: str, reason: str, by: Actor, on: date
) -> Quarantine:
    """Release a batch that was held back, or discard all of it here, with a reason.

    Raises NotFound, NotAllowed, WordUnknown, ReasonMissing, QuarantineOver.
    """
    found = queries.quarantine_for(quarantine_id, lock=True)
    access.require(by, MANAGE, area=found.facility.place.code)
    if decision not in Quarantine.Decision.values:
        raise WordUnknown(word=decision[:20])
    if not reason.strip():
        raise ReasonMissing
    if found.decision:
        raise QuarantineOver
    if found.since > on:
        raise DayToCome
    found.decision, found.decided_on, found.decided_by = decision, on, by.name
    found.reason = reason.strip()[:300]
    found.save(update_fields=["decision", "decided_on", "decided_by", "reason"])
    if decision == Quarantine.Decision.DISCARDED:
        _discard(found, by, on)
    audit.write(by=by, action="supplies.decide_quarantine", subject=found, decision=decision,
                area=found.facility.place.code)  # fmt: skip
    try_again(found.facility, found.batch.item, by=by, on=on)
    return found


def _discard(found: Quarantine, by: Actor, on: date) -> None:
    lock(found.facility, found.batch.item)
    left = Balance.objects.get(facility=found.facility, batch=found.batch).quantity
    if left:
        lost = Movement(
            facility=found.facility, batch=found.batch, kind=MovementKind.LOSS, quantity=-left,
            day=on, reason=LossReason.COLD_CHAIN, note=found.reason, recorded_by=by.name,
        )  # fmt: skip
        write([lost], item=found.batch.item)
