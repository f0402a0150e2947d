"""What comes and goes at a facility: one entry, many that were written offline, one undone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.i18n import stored
from spean.locations.queries import Facility
from spean.supplies import queries
from spean.supplies.actions.booking import Entry, book, lock, write
from spean.supplies.models import Item, Movement, MovementKind, Waiting
from spean.supplies.queries import MANAGE, RECORD

ACTION = "supplies.record_movement"


class UndoneAlready(Conflict):
    """Refuse to undo twice, or to undo what undoes."""

    code = "supplies.undone_already"
    message = N_("This was undone already.")


class NotToUndo(Conflict):
    """Refuse to undo alone what belongs to a count or a shipment."""

    code = "supplies.not_to_undo"
    message = N_("This comes of a count or a shipment. Count the stock again to put it right.")


class ReasonMissing(SpeanError):
    """Ask why."""

    code = "supplies.reason_missing"
    message = N_("Write the reason: whoever looks at the stock later will read it.")
    field = "reason"


class EntryOver(Conflict):
    """Refuse to set aside what was booked or set aside meanwhile."""

    code = "supplies.entry_over"
    message = N_("This entry was booked or set aside meanwhile. Look at the list again.")


class KeyMissing(SpeanError):
    """Ask for the key by which a repeat is known."""

    code = "supplies.key_missing"
    message = N_("Give each entry a key of its own, so that it is booked once.")
    field = "source_key"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one entry: booked, or waiting with the reason (as it is stored)."""

    source_key: str
    booked: bool
    why: dict[str, Any] | None = None


@transaction.atomic
def record_movement(*, facility: str, entry: Entry, by: Actor, on: date) -> list[Movement]:
    """Write down what came, went or was counted; give the movements, a batch each.

    Raises NotAllowed, UnknownFacility and what `book` raises.
    """
    at = queries.facility_for(facility, by=by, on=on, permission=RECORD)
    made = book(entry, at=at, signed=by.name, on=on)
    _audit(entry, made, at, by)
    if made and made[0].quantity > 0:
        try_again(at, made[0].batch.item, by=by, on=on)
    return made


@transaction.atomic
def take_in(*, facility: str, entries: Sequence[Entry], by: Actor, on: date) -> list[Taken]:
    """Take in what was written offline, in whatever order: what can't be booked yet waits.

    Each entry is booked once under its `source_key`. Raises NotAllowed, UnknownFacility,
    KeyMissing.
    """
    at = queries.facility_for(facility, by=by, on=on, permission=RECORD)
    if not all(entry.source_key.strip() for entry in entries):
        raise KeyMissing
    for entry in entries:
        book_or_wait(entry, at=at, area=at.place.code, by=by, on=on)
    codes = {entry.item for entry in entries}
    for item in Item.objects.filter(code__in=codes).order_by("code"):
        try_again(at, item, by=by, on=on)
    keys = [entry.source_key for entry in entries]
    left = Waiting.objects.filter(source_key__in=keys, state=Waiting.State.WAITING)
    why = dict(left.values_list("source_key", "why"))
    return [Taken(key, key not in why, why.get(key)) for key in keys]


def book_or_wait(entry: Entry, *, at: Facility, area: str, by: Actor, on: date) -> None:
    """Book an entry, or keep it with the reason why it waits."""
    if Waiting.objects.filter(source_key=entry.source_key).exists():
        return
    try:
        with transaction.atomic():
            made = book(entry, at=at, signed=by.name, on=on)
    except SpeanError as error:
        keep(entry, error, at=at, area=area, by=by)
    else:
        _audit(entry, made, at, by)


def keep(entry: Entry, error: SpeanError, *, at: Facility | None, area: str, by: Actor) -> Waiting:
    """Keep an entry that can't be booked yet, with the reason."""
    body = {name: value for name, value in asdict(entry).items() if value}
    for name in ("day", "expiry"):
        if body.get(name):
            body[name] = body[name].isoformat()
    made = Waiting.objects.create(
        facility=at, area=area, item=Item.objects.filter(code=entry.item).first(), entry=body,
        day=entry.day, why=stored(error), source_key=entry.source_key, entered_by=by.name,
    )  # fmt: skip
    audit.write(by=by, action="supplies.entry_waits", subject=made, area=area, why=error.code)
    return made


def try_again(at: Facility, item: Item, *, by: Actor, on: date) -> None:
    """Book what waits of an item, as long as one of them goes through."""
    went = True
    while went:
        went = False
        for one in queries.waiting_for_item(facility_id=at.pk, item_id=item.pk):
            went = _goes_through(one, at, by, on) or went


def _goes_through(one: Waiting, at: Facility, by: Actor, on: date) -> bool:
    entry = entry_of(one)
    try:
        with transaction.atomic():
            made = book(entry, at=at, signed=one.entered_by, on=on)
    except SpeanError as error:
        Waiting.objects.filter(pk=one.pk).update(why=stored(error))
        return False
    Waiting.objects.filter(pk=one.pk).update(state=Waiting.State.BOOKED)
    _audit(entry, made, at, by)
    return True


def entry_of(one: Waiting) -> Entry:
    """Read a kept entry."""
    entry = Entry(**{"item": "", "quantity": 0} | one.entry | {"day": one.day})
    expiry = one.entry.get("expiry")
    return replace(entry, expiry=date.fromisoformat(expiry) if expiry else None)


@transaction.atomic
def set_aside(*, waiting_id: UUID, reason: str, by: Actor) -> Waiting:
    """Give up on an entry that waits. Raises NotFound, NotAllowed, EntryOver, ReasonMissing."""
    one = queries.waiting_entry(waiting_id, lock=True)
    access.require(by, MANAGE, area=one.area)
    if not reason.strip():
        raise ReasonMissing
    if one.state != Waiting.State.WAITING:
        raise EntryOver
    one.state, one.set_aside_by = Waiting.State.SET_ASIDE, by.name
    one.reason = reason.strip()[:300]
    one.save(update_fields=["state", "set_aside_by", "reason"])
    audit.write(by=by, action="supplies.set_aside", subject=one, area=one.area)
    return one


@transaction.atomic
def undo_movement(*, movement_id: UUID, reason: str, by: Actor, on: date) -> Movement:
    """Undo what was recorded in error, for the day for which it was recorded.

    Raises NotFound, NotAllowed, UndoneAlready, NotToUndo, ReasonMissing, NotEnough.
    """
    found = queries.movement_for(movement_id)
    access.require(by, RECORD, area=found.facility.place.code)
    if not reason.strip():
        raise ReasonMissing
    if found.kind in (MovementKind.COUNT, MovementKind.SENT, MovementKind.ARRIVED):
        raise NotToUndo
    lock(found.facility, found.batch.item)
    if found.reverses_id or Movement.objects.filter(reverses=found).exists():
        raise UndoneAlready
    made = undo(found, note=reason, signed=by.name)
    audit.write(by=by, action="supplies.undo_movement", subject=made,
                area=found.facility.place.code, of=str(found.pk), on=on.isoformat())  # fmt: skip
    if made.quantity > 0:
        try_again(found.facility, found.batch.item, by=by, on=on)
    return made


def undo(found: Movement, *, note: str, signed: str) -> Movement:
    """Write the movement that undoes another. Raises NotEnough."""
    back = Movement(
        facility=found.facility, batch=found.batch, kind=found.kind, quantity=-found.quantity,
        day=found.day, to=found.to, reason=found.reason, note=note.strip()[:300],
        reverses=found, recorded_by=signed,
    )  # fmt: skip
    return write([back], item=found.batch.item)[0]


def _audit(entry: Entry, made: Sequence[Movement], at: Facility, by: Actor) -> None:
    subject = made[0] if made else ("supplies.item", entry.item)
    audit.write(
        by=by, action=ACTION, subject=subject, area=at.place.code, kind=entry.kind,
        quantity=entry.quantity, batches=[str(one.batch_id) for one in made],
    )  # fmt: skip
