"""Stock over the API: how facilities are supplied, what moved, and entries written offline."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.kernel.i18n import in_both_languages
from spean.supplies import actions, queries
from spean.supplies.models import Movement, Waiting

router = Router(tags=["supplies"])
READS = (Purpose.CARE, Purpose.OVERSIGHT)


class StockItemOut(Schema):
    """An item of the list; quantities are counted in its `measure`."""

    code: str
    name_km: str
    name_en: str
    kind: str
    measure: str
    pack: int
    band: str
    tracer: bool
    vaccine: str


class SuppliedOut(Schema):
    """How a facility is supplied with an item today, and the numbers that say so."""

    facility: str
    item: str
    status: str
    on_hand: int
    expired: int
    held_back: int
    on_the_way: int
    issued: int
    days: int
    days_in_stock: int
    monthly: Decimal | None
    months: Decimal | None
    least_months: Decimal
    most_months: Decimal
    first_expiry: date | None


class StockEntryIn(StrictSchema):
    """What came, went or was counted (`quantity` is then what was found), by the item's code.

    An issue may leave the batch out: then what expires first is taken.
    """

    kind: str
    item: str
    quantity: int
    day: date
    batch: str = Field(default="", max_length=30)
    expiry: date | None = None
    maker: str = Field(default="", max_length=120)
    to: str = ""
    reason: str = ""
    note: str = Field(default="", max_length=300)
    source_key: str = Field(default="", max_length=100)


class OfflineEntriesIn(StrictSchema):
    """Entries that were written offline, in any order, each under a key of its own."""

    facility: str
    entries: list[StockEntryIn] = Field(max_length=500)


class StockRecordIn(StrictSchema):
    """One entry at a facility."""

    facility: str
    entry: StockEntryIn


class StockUndoIn(StrictSchema):
    """Why."""

    reason: str = Field(max_length=300)


class StockMovementOut(Schema):
    """So much of one batch that came (above zero) or went (below)."""

    id: UUID
    facility: str
    item: str
    batch: str
    expiry: date
    kind: str
    quantity: int
    day: date
    to: str
    reason: str
    note: str
    reverses: UUID | None
    recorded_by: str
    recorded_at: datetime | None


class OfflineTakenOut(Schema):
    """What became of an offline entry: booked, or waiting with the reason in both languages."""

    source_key: str
    booked: bool
    why: dict[str, str] | None


class WaitingOut(Schema):
    """An entry that waits, as it was sent."""

    id: UUID
    facility: str | None
    day: date
    entry: dict[str, Any]
    why: dict[str, str]


def _movement(one: Movement) -> StockMovementOut:
    return StockMovementOut(
        id=one.pk, facility=one.facility.code, item=one.batch.item.code, batch=one.batch.number,
        expiry=one.batch.expiry, kind=one.kind, quantity=one.quantity, day=one.day, to=one.to,
        reason=one.reason, note=one.note, reverses=one.reverses_id, recorded_by=one.recorded_by,
        recorded_at=one.recorded_at if isinstance(one.recorded_at, datetime) else None,
    )  # fmt: skip


@router.get("/items", response={200: list[StockItemOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def items(request: WithActor) -> Any:
    """List the items."""
    return list(queries.items())


@router.get("/stock", response={200: list[SuppliedOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def stock(request: WithActor, facility: str) -> Any:
    """Say how a facility is supplied today, the worst supplied items first."""
    today = timezone.localdate()
    found = queries.facility_for(facility, by=request.actor, on=today)
    return [
        SuppliedOut(
            facility=one.facility.code, item=one.item.code, status=one.judged.status,
            on_hand=one.numbers.on_hand, expired=one.expired, held_back=one.held_back,
            on_the_way=one.numbers.on_the_way,
            issued=one.numbers.issued, days=one.numbers.days,
            days_in_stock=one.numbers.days_in_stock, monthly=one.judged.monthly,
            months=one.judged.months, least_months=one.bounds.least_months,
            most_months=one.bounds.most_months, first_expiry=one.first_expiry,
        )
        for one in queries.supplied(facilities=[found], on=today)
    ]  # fmt: skip


@router.get("/movements", response={200: Page[StockMovementOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def movements(
    request: WithActor, facility: str, item: str = "", cursor: str | None = None, limit: int = 25
) -> Any:
    """List what moved at a facility, the newest first."""
    found = queries.facility_for(facility, by=request.actor, on=timezone.localdate())
    rows = queries.movements(
        facility=found, by=request.actor, item=queries.item(item) if item else None
    ).select_related("facility", "batch__item")
    page, following = page_of(rows, cursor=cursor, limit=limit, key="-id")
    return Page[StockMovementOut](items=[_movement(one) for one in page], next=following)


@router.post("/movements", response={201: list[StockMovementOut], **PROBLEMS})
@idempotent
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def record(request: WithActor, told: StockRecordIn) -> Status[Any]:
    """Write down one entry; give the movements, one a batch."""
    made = actions.record_movement(
        facility=told.facility, entry=actions.Entry(**told.entry.model_dump()), by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, [_movement(one).model_dump(mode="json") for one in made])


@router.post("/entries", response={200: list[OfflineTakenOut], **PROBLEMS})
@idempotent
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def entries(request: WithActor, told: OfflineEntriesIn) -> Any:
    """Take in entries that were written offline; what can't be booked yet waits."""
    taken = actions.take_in(
        facility=told.facility, by=request.actor, on=timezone.localdate(),
        entries=[actions.Entry(**one.model_dump()) for one in told.entries],
    )  # fmt: skip
    return [
        {"source_key": one.source_key, "booked": one.booked,
         "why": in_both_languages(one.why) if one.why else None}
        for one in taken
    ]  # fmt: skip


@router.post("/movements/{movement_id}/undo", response={201: StockMovementOut, **PROBLEMS})
@idempotent
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def undo(request: WithActor, movement_id: UUID, told: StockUndoIn) -> Status[StockMovementOut]:
    """Undo a movement that was recorded in error."""
    made = actions.undo_movement(
        movement_id=movement_id, reason=told.reason, by=request.actor, on=timezone.localdate()
    )
    return Status(201, _movement(made))


@router.get("/waiting", response={200: Page[WaitingOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def waiting(request: WithActor, cursor: str | None = None, limit: int = 25) -> Any:
    """List the entries that wait."""
    page, following = page_of(queries.waiting(by=request.actor), cursor=cursor, limit=limit)
    return Page[WaitingOut](items=[_waiting(one) for one in page], next=following)


def _waiting(one: Waiting) -> WaitingOut:
    return WaitingOut(
        id=one.pk, facility=one.facility.code if one.facility else None, day=one.day,
        entry=one.entry, why=in_both_languages(one.why),
    )  # fmt: skip


@router.post("/waiting/{waiting_id}/set-aside", response={200: WaitingOut, **PROBLEMS})
@idempotent
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def set_aside(request: WithActor, waiting_id: UUID, told: StockUndoIn) -> WaitingOut:
    """Give up on an entry that waits."""
    return _waiting(actions.set_aside(waiting_id=waiting_id, reason=told.reason, by=request.actor))
