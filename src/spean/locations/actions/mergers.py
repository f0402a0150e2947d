"""Places that cease, and pass their people and duties to another."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NN_, Conflict, SpeanError
from spean.kernel.outbox import announce
from spean.locations import queries
from spean.locations.events import PlacesMerged
from spean.locations.models import AreaClass, Catchment, Place, Succession


class BadMerger(SpeanError):
    """Refuse a merger of places that don't all stand at one level on the day."""

    code = "locations.bad_merger"
    message = N_(
        "%(place)s can't take part in this merger. Choose places of one level that exist on the "
        "day, and a successor that is not one of those that cease."
    )
    field = "predecessors"


class ChildrenStillOpen(Conflict):
    """Refuse to end a place while places under it go on."""

    code = "locations.children_still_open"
    message, many = NN_(
        "%(count)s place under %(place)s still exists. Merge or close it first.",
        "%(count)s places under %(place)s still exist. Merge or close them first.",
    )
    field = "predecessors"


@transaction.atomic
def merge_places(
    *, predecessors: Sequence[Place], successor: Place, act: str, by: Actor, on: date
) -> list[Succession]:
    """End places on a day in favour of another, by a legal act.

    The successor may be a new place or one that goes on. The ended places' area classes and
    catchments end with them; the successor keeps its own. Announces PlacesMerged.
    Raises NotAllowed, BadMerger, ChildrenStillOpen.
    """
    for place in (*predecessors, successor):
        access.require(by, "locations.amend", area=place.code)
    locked = list(
        Place.objects.select_for_update().filter(pk__in=[p.pk for p in predecessors]).order_by("pk")
    )
    _check(locked, successor, on)
    for place in locked:
        _end(place, on)
    made = Succession.objects.bulk_create(
        Succession(predecessor=place, successor=successor, day=on, act=act) for place in locked
    )
    codes = tuple(place.code for place in locked)
    audit.write(
        by=by, action="locations.merge_places", subject=successor, area=successor.code,
        predecessors=codes, act=act, on=on.isoformat(),
    )  # fmt: skip
    announce(PlacesMerged(predecessors=codes, successor=successor.code, day=on))
    return made


def _check(predecessors: Sequence[Place], successor: Place, on: date) -> None:
    for place in (*predecessors, successor):
        open_then = place.start < on and (place.end is None or place.end > on)
        if place is successor:
            open_then = place.start <= on and place.end is None
        if not open_then or place.level != successor.level:
            raise BadMerger(place=queries.in_both_languages(place))
    if not predecessors or successor.pk in {place.pk for place in predecessors}:
        raise BadMerger(place=queries.in_both_languages(successor))
    for place in predecessors:
        if count := queries.children(place.code, on).count():
            raise ChildrenStillOpen(place=queries.in_both_languages(place), count=count)


def _end(place: Place, on: date) -> None:
    place.end = on
    place.save(update_fields=["end"])
    still = Q(end__isnull=True) | Q(end__gt=on)
    AreaClass.objects.filter(still, place=place, start__lt=on).update(end=on)
    Catchment.objects.filter(still, place=place, start__lt=on).update(end=on)
