"""Shocks, where they struck and whom, over the API."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.registry import queries as registry
from spean.shocks import actions, queries
from spean.shocks.models import Event, NamedFamily
from spean.shocks.rules import Kind

router = Router()
MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


class EventIn(StrictSchema):
    """A shock, and what was measured, by the names of its kind's triggers."""

    kind: Kind
    title: str = Field(min_length=3, max_length=120)
    since: date
    source: str = Field(min_length=3, max_length=200)
    measures: dict[str, Decimal] = Field({}, max_length=20)


class TriggerOut(Schema):
    """A trigger: what was measured (null: not known) and what is needed."""

    name: str
    held: bool
    fact: Decimal | None
    value: Decimal


class EventOut(Schema):
    """A shock, the places it strikes today, and its triggers."""

    id: UUID
    kind: Kind
    title: str
    since: date
    source: str
    places: list[str]
    triggers: list[TriggerOut]


class ShockPlaceOut(Schema):
    """A place that was struck, from a day until another (null: still)."""

    place: str
    start: date
    end: date | None
    source: str


class CountIn(StrictSchema):
    """An area as GeoJSON text, to be counted before it is kept."""

    drawn: str = Field(max_length=5_000_000)


class CountOut(Schema):
    """The villages whose known point lies in an area, and their families by poverty level."""

    villages: list[str]
    families: dict[str, int]


class FamilyIn(StrictSchema):
    """One family by its card: struck though its village was not, or left out, and why."""

    card: str = Field(max_length=30)
    left_out: bool
    since: date
    reason: str = Field(max_length=300)


class FamilyOut(Schema):
    """A family that is named."""

    id: UUID
    household: UUID
    village: str
    left_out: bool
    start: date
    reason: str
    noted_by: str


class ShockEndIn(StrictSchema):
    """Where the shock is over, as the places were written; empty: everywhere."""

    places: list[str] = Field([], max_length=15_000)


class PlacesIn(StrictSchema):
    """Places struck: codes, or an area as GeoJSON text."""

    places: list[str] = Field([], max_length=15_000)
    drawn: str = Field("", max_length=5_000_000)
    since: date
    source: str = Field(min_length=3, max_length=200)


@router.get("/events", response={200: Page[EventOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def events(request: WithActor, cursor: str | None = None, limit: int = 25) -> Any:
    """List the shocks, the newest first."""
    rows, following = page_of(
        queries.events(by=request.actor), cursor=cursor, limit=limit, key="-id"
    )
    return {"items": [_event(row) for row in rows], "next": following}


@router.post("/events", response={201: EventOut, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def note(request: WithActor, body: EventIn) -> Any:
    """Put a shock on record."""
    return Status(201, _event(actions.note_event(**dict(body), by=request.actor)))


@router.get("/events/{event_id}", response={200: EventOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def event(request: WithActor, event_id: UUID) -> Any:
    """Give one shock."""
    return _event(queries.event(event_id, by=request.actor))


@router.post("/events/{event_id}/places", response={200: EventOut, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def strike(request: WithActor, event_id: UUID, body: PlacesIn) -> Any:
    """Say which places a shock has struck."""
    said: dict[str, Any] = {"since": body.since, "source": body.source, "by": request.actor}
    if body.drawn:
        actions.strike_drawn(event_id=event_id, drawn=body.drawn, **said)
    else:
        actions.strike(event_id=event_id, places=body.places, **said)
    return _event(queries.event(event_id, by=request.actor))


@router.get("/events/{event_id}/places", response={200: Page[ShockPlaceOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def places(request: WithActor, event_id: UUID, cursor: str | None = None, limit: int = 25) -> Any:
    """List the places that a shock struck over time."""
    found = queries.event(event_id, by=request.actor)
    rows, following = page_of(found.places.all(), cursor=cursor, limit=limit, key="id")
    return {"items": list(rows), "next": following}


@router.post(
    "/events/{event_id}/count", response={200: CountOut, **PROBLEMS},
    openapi_extra={"x-reads-only": True},
)  # fmt: skip
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def count(request: WithActor, event_id: UUID, body: CountIn) -> Any:
    """Count who lies in a drawn area, before it is kept."""
    queries.event(event_id, by=request.actor)
    villages = queries.villages_drawn(body.drawn)
    return CountOut(villages=villages, families=queries.affected(villages))


@router.post("/events/{event_id}/end", response={200: EventOut, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def end(request: WithActor, event_id: UUID, body: ShockEndIn | None = None) -> Any:
    """Say that a shock is over from today on, everywhere or in some places."""
    over = actions.end_strike(
        event_id=event_id, on=timezone.localdate(), by=request.actor,
        places=body.places if body else (),
    )  # fmt: skip
    return _event(over)


@router.get("/events/{event_id}/families", response={200: list[FamilyOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def families(request: WithActor, event_id: UUID) -> Any:
    """List the families that are named today: struck besides the places, or left out."""
    found = queries.event(event_id, by=request.actor)
    return [_family(one) for one in queries.named(found, by=request.actor)]


@router.post("/events/{event_id}/families", response={201: FamilyOut, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def name_family(request: WithActor, event_id: UUID, body: FamilyIn) -> Any:
    """Say that one family was struck, or is left out, and why."""
    given = dict(body)
    home = registry.household_of_card(given.pop("card"))
    made = actions.name_family(event_id=event_id, household_id=home.pk, by=request.actor, **given)
    return Status(201, _family(made))


@router.post("/families/{named_id}/forget", response={204: None, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def forget_family(request: WithActor, named_id: UUID) -> Any:
    """Say that what was said of a family holds until today only."""
    actions.forget_family(named_id=named_id, on=timezone.localdate(), by=request.actor)
    return Status(204, None)


def _event(found: Event) -> EventOut:
    on = timezone.localdate()
    same = ("id", "kind", "title", "since", "source")
    return EventOut(
        **{name: getattr(found, name) for name in same},
        places=queries.places_of(found, on=on),
        triggers=[
            TriggerOut.model_validate(one, from_attributes=True)
            for one in queries.grounds(found, on=on)
        ],
    )


def _family(found: NamedFamily) -> FamilyOut:
    same = ("id", "village", "left_out", "start", "reason", "noted_by")
    return FamilyOut(**{name: getattr(found, name) for name in same}, household=found.household_id)
