"""Facilities: where somebody may do something; which schemes pay them, which are suspended."""

from datetime import date

from spean.health_equity.models import Contract, Suspension
from spean.kernel import access
from spean.kernel.access import Actor
from spean.locations import queries as locations
from spean.locations.queries import Facility


def facilities_for(permission: str, *, by: Actor, on: date) -> list[tuple[str, str]]:
    """Give the code and name of each facility of a day where the actor has a permission."""
    return [(one.code, one.name) for one in facilities_of(permission, by=by, on=on)]


def facilities_of(permission: str, *, by: Actor, on: date) -> list[Facility]:
    """Give each facility of a day where the actor has a permission, by code."""
    found = [
        one for area in access.areas(by, permission) for one in locations.facilities(on, area=area)
    ]
    return sorted(found, key=lambda one: one.code)


def contracts(*, by: Actor, on: date) -> list[tuple[Facility, list[Contract], list[Suspension]]]:
    """Give every facility with its contracts and suspensions of a day. Raises NotAllowed."""
    access.require(by, "health_equity.manage_contracts", area="")
    held: dict[int, list[Contract]] = {}
    for one in Contract.objects.filter(locations.valid(on)).order_by("scheme"):
        held.setdefault(one.facility_id, []).append(one)
    stopped: dict[int, list[Suspension]] = {}
    for stop in Suspension.objects.filter(locations.valid(on)):
        stopped.setdefault(stop.facility_id, []).append(stop)
    return [
        (one, held.get(one.pk, []), stopped.get(one.pk, [])) for one in locations.facilities(on)
    ]
