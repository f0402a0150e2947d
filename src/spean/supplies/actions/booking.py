"""One entry is booked: checked, its batches chosen, and written with what it changes of counts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from spean.locations.queries import Facility
from spean.supplies import queries
from spean.supplies.actions.refusals import (
    BatchDiffers,
    BatchExpired,
    BatchHeldBack,
    BatchUnknown,
    CountContradicted,
    CountedAlready,
    DayToCome,
    DifferenceUnexplained,
    EntryWrong,
    ItemUnknown,
    NotEnough,
    NotExpired,
)
from spean.supplies.models import (
    Balance,
    Batch,
    Count,
    Destination,
    Item,
    LossReason,
    Movement,
    MovementKind,
)
from spean.supplies.rules import Held, pick

MOST = 10_000_000  # of one item in one entry; above it is a slip of the finger


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wrote down of an item, by code, or of a vaccine's batch.

    `quantity` is what came, went, or (of a count) was found. An issue may leave the batch out: then
    what expires first is taken. `source_key` names what sent it; a repeat does nothing.
    """

    kind: str
    item: str
    quantity: int
    day: date
    batch: str = ""
    expiry: date | None = None
    maker: str = ""
    to: str = ""
    reason: str = ""
    note: str = ""
    vaccine: str = ""
    source_key: str = ""


def book(entry: Entry, *, at: Facility, signed: str, on: date) -> list[Movement]:
    """Write one entry. Raises what is wrong with it; gives no movement for a count that agrees."""
    _check(entry, on)
    item = item_of(entry, at)
    if entry.source_key:
        before = Movement.objects.filter(source_key=entry.source_key, reverses=None)
        if found := list(before.select_related("batch")):
            return found
    lock(at, item)
    rows = _ROWS[entry.kind](entry, at, item, signed)
    return write(rows, item=item) if rows else []


def item_of(entry: Entry, at: Facility) -> Item:
    """Give the item that an entry means. Raises ItemUnknown, BatchUnknown."""
    if entry.vaccine:
        batch = entry.batch
        named = queries.item_of_batch(vaccine=entry.vaccine, batch=batch, facility_id=at.pk)
        if named is None:
            raise BatchUnknown(batch=batch)
        return named
    return known_item(entry.item)


def known_item(code: str) -> Item:
    """Give an item by its code. Raises ItemUnknown."""
    found = Item.objects.filter(code=code).first()
    if found is None:
        raise ItemUnknown(item=code[:20])
    return found


def lock(at: Facility, item: Item) -> None:
    """Let nobody else move this item at this facility until the transaction ends."""
    held = Balance.objects.select_for_update().filter(facility=at, batch__item=item)
    list(held.order_by("batch_id").values_list("pk", flat=True))


def write(rows: Sequence[Movement], *, item: Item) -> list[Movement]:
    """Add movements of an item at one facility, with what they change of later counts, at once.

    Raises NotEnough or CountContradicted where the database finds a day that would end below zero.
    """
    try:
        with transaction.atomic():
            return Movement.objects.bulk_create([*rows, *_against_counts(rows)])
    except IntegrityError as error:
        if rows[0].kind == MovementKind.COUNT:
            raise CountContradicted from error
        wanted = -sum(row.quantity for row in rows)
        raise short(rows[0].facility, item, wanted, rows[0].day) from error


def short(at: Facility, item: Item, wanted: int, day: date) -> NotEnough:
    """Say how much of an item is there on a day, where more was wanted."""
    held = queries.free(facility_id=at.pk, item_id=item.pk, day=day)
    there = sum(one.quantity for one in held if one.usable(day))
    return NotEnough(item=str(item), there=max(there, 0), wanted=wanted, day=day.isoformat())


def _check(entry: Entry, on: date) -> None:
    if entry.day > on:
        raise DayToCome
    least = 0 if entry.kind == MovementKind.COUNT else 1
    known = entry.kind in _ROWS and least <= entry.quantity <= MOST
    to = entry.to in Destination.values if entry.kind == "issue" else not entry.to
    why = entry.reason in LossReason.values if entry.kind == "loss" else not entry.reason
    batch = bool(entry.batch.strip()) or entry.kind == "issue"
    if not (known and to and why and batch) or (entry.kind == "receipt" and not entry.expiry):
        raise EntryWrong


def _row(entry: Entry, at: Facility, batch_id: UUID, quantity: int, signed: str) -> Movement:
    return Movement(
        facility=at, batch_id=batch_id, kind=entry.kind, quantity=quantity, day=entry.day,
        to=entry.to, reason=entry.reason, note=entry.note.strip()[:300],
        source_key=entry.source_key.strip()[:100], recorded_by=signed,
    )  # fmt: skip


def batch_that_came(item: Item, *, number: str, expiry: date, maker: str, day: date) -> Batch:
    """Give the batch of what comes, new or known. Raises BatchDiffers, BatchExpired."""
    number = number.strip()[:30]
    batch, _ = Batch.objects.get_or_create(
        item=item, number=number, defaults={"expiry": expiry, "maker": maker.strip()[:120]}
    )
    if batch.expiry != expiry:
        raise BatchDiffers(batch=number, expiry=batch.expiry.isoformat())
    if expiry < day:
        raise BatchExpired(batch=number, expiry=expiry.isoformat())
    return batch


def _received(entry: Entry, at: Facility, item: Item, signed: str) -> list[Movement]:
    assert entry.expiry is not None  # noqa: S101 - checked before
    batch = batch_that_came(
        item, number=entry.batch, expiry=entry.expiry, maker=entry.maker, day=entry.day
    )
    return [_row(entry, at, batch.pk, entry.quantity, signed)]


def _held(entry: Entry, at: Facility, item: Item) -> list[Held]:
    """Give what can be taken, of the named batch alone where one is named."""
    held = queries.free(facility_id=at.pk, item_id=item.pk, day=entry.day)
    if not entry.batch.strip():
        return held
    named = [one for one in held if one.number == entry.batch.strip()]
    if not named:
        raise BatchUnknown(batch=entry.batch)
    return named


def _issued(entry: Entry, at: Facility, item: Item, signed: str) -> list[Movement]:
    held = _held(entry, at, item)
    if entry.batch.strip() and held[0].expiry < entry.day:
        raise BatchExpired(batch=entry.batch, expiry=held[0].expiry.isoformat())
    if entry.batch.strip() and held[0].held_back:
        raise BatchHeldBack(batch=entry.batch)
    taken = pick(held, entry.quantity, on=entry.day)
    if sum(one.quantity for one in taken) < entry.quantity:
        raise short(at, item, entry.quantity, entry.day)
    return [_row(entry, at, one.batch, -one.quantity, signed) for one in taken]


def _lost(entry: Entry, at: Facility, item: Item, signed: str) -> list[Movement]:
    [one] = _held(entry, at, item)
    if entry.kind == MovementKind.EXPIRED and one.expiry >= entry.day:
        raise NotExpired(batch=one.number, expiry=one.expiry.isoformat())
    if one.quantity < entry.quantity:
        raise NotEnough(item=str(item), there=max(one.quantity, 0), wanted=entry.quantity,
                        day=entry.day.isoformat())  # fmt: skip
    return [_row(entry, at, one.batch, -entry.quantity, signed)]


def _counted(entry: Entry, at: Facility, item: Item, signed: str) -> list[Movement]:
    batch = Batch.objects.filter(item=item, number=entry.batch.strip()).first()
    if batch is None:
        raise BatchUnknown(batch=entry.batch)
    if Count.objects.filter(facility=at, batch=batch, day=entry.day).exists():
        raise CountedAlready
    expected = queries.closing(facility_id=at.pk, batch_id=batch.pk, day=entry.day)
    if expected != entry.quantity and not entry.note.strip():
        raise DifferenceUnexplained(expected=expected, found=entry.quantity)
    Count.objects.create(
        facility=at, batch=batch, day=entry.day, expected=expected, found=entry.quantity,
        note=entry.note.strip()[:300], counted_by=signed,
    )  # fmt: skip
    difference = entry.quantity - expected
    return [_row(entry, at, batch.pk, difference, signed)] if difference else []


_Rows = Callable[[Entry, Facility, Item, str], list[Movement]]
_ROWS: Mapping[str, _Rows] = {
    MovementKind.RECEIPT: _received,
    MovementKind.ISSUE: _issued,
    MovementKind.LOSS: _lost,
    MovementKind.EXPIRED: _lost,
    MovementKind.COUNT: _counted,
}


def _against_counts(rows: Sequence[Movement]) -> list[Movement]:
    """Put what is entered late against the count that came after it: what was found stands."""
    if not rows:
        return []
    at = rows[0].facility
    counts = queries.counted_days(facility_id=at.pk, batch_ids={row.batch_id for row in rows})
    late: Counter[tuple[Any, date]] = Counter()
    for row in rows:
        same_day = row.kind != MovementKind.COUNT
        after = [day for day in counts.get(row.batch_id, ())
                 if day > row.day or (same_day and day == row.day)]  # fmt: skip
        if after:
            late[row.batch_id, after[0]] -= row.quantity
    return [
        Movement(facility=at, batch_id=batch_id, kind=MovementKind.COUNT, quantity=quantity,
                 day=day, note=rows[0].note, recorded_by=rows[0].recorded_by)
        for (batch_id, day), quantity in late.items() if quantity
    ]  # fmt: skip
