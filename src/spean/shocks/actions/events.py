"""A shock is noted, measured, and the places that it struck are drawn."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.locations import queries as locations
from spean.shocks import queries
from spean.shocks.models import Event, StruckPlace
from spean.shocks.queries import MANAGE
from spean.shocks.rules import Kind


class SourceMissing(SpeanError):
    """Ask who says so."""

    code = "shocks.source_missing"
    message = N_("Say who reported it, with the day.")
    field = "source"


class PlaceUnknown(SpeanError):
    """Refuse a place that is none; nothing of the list is kept."""

    code = "shocks.place_unknown"
    message = N_(
        "“%(text)s” is no place. Write codes of provinces, districts, communes or villages, with "
        "spaces between them. Nothing was added."
    )
    field = "places"


class PlaceNotStruck(SpeanError):
    """Refuse to end what did not begin."""

    code = "shocks.place_not_struck"
    message = N_("“%(text)s” is not among the places struck, as they were written. See the list.")
    field = "places"


class NobodyThere(SpeanError):
    """Say that no village lies in what was drawn."""

    code = "shocks.nobody_there"
    message = N_(
        "No village with a known point lies in this area. Check the area, or write the codes of "
        "the places; the operator can load the points of villages."
    )
    field = "file"


@transaction.atomic
def note_event(
    *, kind: str, title: str, since: date, source: str, measures: Mapping[str, Decimal], by: Actor
) -> Event:
    """Put a shock on record, with what was measured (trigger: number). Raises SourceMissing."""
    access.require(by, MANAGE, area="")
    if not source.strip():
        raise SourceMissing
    made = Event.objects.create(
        kind=Kind(kind), title=title.strip()[:120], since=since, source=source.strip()[:200],
        measures=_kept(measures), noted_by=by.name,
    )  # fmt: skip
    audit.write(by=by, action="shocks.note_event", subject=made, kind=made.kind)
    return made


@transaction.atomic
def measure(*, event_id: UUID, measures: Mapping[str, Decimal], by: Actor) -> Event:
    """Note what was measured since; the audit trail keeps what stood before."""
    access.require(by, MANAGE, area="")
    event = queries.event_for(event_id)
    before, event.measures = event.measures, _kept(measures)
    event.save(update_fields=["measures"])
    audit.write(by=by, action="shocks.measure", subject=event, before=before, after=event.measures)
    return event


@transaction.atomic
def strike(
    *, event_id: UUID, places: Sequence[str], since: date, source: str, by: Actor
) -> list[StruckPlace]:
    """Say which places a shock has struck since a day; those on record are left alone.

    Raises NotFound, NotAllowed, PlaceUnknown, SourceMissing.
    """
    access.require(by, MANAGE, area="")
    event = queries.event_for(event_id)
    if not source.strip():
        raise SourceMissing
    if wrong := locations.unknown(places, on=since):
        raise PlaceUnknown(text=wrong[0][:20])
    known = set(queries.places_of(event, on=since))
    new = [code for code in dict.fromkeys(places) if not access.lies_in(code, known)]
    made = StruckPlace.objects.bulk_create(
        StruckPlace(event=event, place=code, start=since, source=source.strip()[:200],
                    noted_by=by.name)
        for code in new
    )  # fmt: skip
    audit.write(by=by, action="shocks.strike", subject=event, places=new, since=since.isoformat())
    return made


def strike_drawn(
    *, event_id: UUID, drawn: str, since: date, source: str, by: Actor
) -> list[StruckPlace]:
    """Say that a shock struck the villages of a drawn area (GeoJSON text).

    Raises NotGeoJSON, NobodyThere and what `strike` raises.
    """
    villages = queries.villages_drawn(drawn)
    if not villages:
        raise NobodyThere
    return strike(event_id=event_id, places=villages, since=since, source=source, by=by)


@transaction.atomic
def end_strike(*, event_id: UUID, on: date, by: Actor, places: Sequence[str] = ()) -> Event:
    """Say that a shock is over from a day on, in some of the places that it struck or everywhere.

    Raises NotFound, NotAllowed, PlaceNotStruck.
    """
    access.require(by, MANAGE, area="")
    event = queries.event_for(event_id)
    still = event.places.filter(end__isnull=True)
    if places:
        known = set(still.values_list("place", flat=True))
        if wrong := [code for code in places if code not in known]:
            raise PlaceNotStruck(text=wrong[0][:20])
        still = still.filter(place__in=places)
    still.filter(start__lt=on).update(end=on)
    still.delete()  # struck and over on one day: a mistake
    audit.write(by=by, action="shocks.end_strike", subject=event, on=on.isoformat(),
                places=list(places))  # fmt: skip
    return event


def _kept(measures: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: f"{value:f}" for name, value in measures.items()}
