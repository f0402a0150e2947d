"""At which facilities an actor may do something."""

from datetime import date

from spean.kernel import access
from spean.kernel.access import Actor
from spean.locations import queries as locations
from spean.locations.queries import Facility

VIEW, RECORD = "supplies.view", "supplies.record"
MANAGE, APPROVE = "supplies.manage", "supplies.approve_order"


def facilities_for(*, by: Actor, on: date, permission: str = VIEW) -> list[Facility]:
    """Give the facilities where the actor may do something, by code."""
    found = [
        one for area in access.areas(by, permission) for one in locations.facilities(on, area=area)
    ]
    return sorted(found, key=lambda one: one.code)


def facility_for(code: str, *, by: Actor, on: date, permission: str = VIEW) -> Facility:
    """Give a facility at which the actor may do something. Raises UnknownFacility, NotAllowed."""
    found = locations.facility(code, on)
    access.require(by, permission, area=found.place.code)
    return found
