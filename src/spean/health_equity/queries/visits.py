"""Visits of an area's facilities, and one of them; what patients are asked for."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from spean.health_equity.models import Claim, Visit
from spean.health_equity.queries.cases import BY_PAYER
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.policy import policy
from spean.kernel.rows import only
from spean.locations import queries as locations
from spean.locations.queries import Facility

VIEW, RECORD = "health_equity.view_visits", "health_equity.record_visit"
USER_FEES = "health_equity.user_fees"


def visits(*, by: Actor, facility: str = "", open_only: bool = False) -> QuerySet[Visit]:
    """Give the visits to facilities of the actor's areas, the newest first."""
    rows = Visit.objects.select_related("facility", "person").order_by("-id")
    if facility:
        rows = rows.filter(facility__code=facility)
    if open_only:
        rows = rows.filter(left_on=None)
    return access.within(rows, by, VIEW, code="area")


def visit(visit_id: UUID, *, by: Actor) -> Visit:
    """Give one visit with its services and payers; reading it is audited.

    Raises NotFound, NotAllowed.
    """
    rows = Visit.objects.select_related(
        "facility", "person", "household__village", "cover", "referred_from", "referred_to"
    ).prefetch_related("services", payers())
    found = only(rows.filter(pk=visit_id))
    access.require(by, VIEW, area=found.area)
    audit.read(by=by, action="health_equity.visit_read", subject=found, area=found.area)
    return found


def payers() -> "Prefetch[str, QuerySet[Claim], str]":
    """Give each visit its claims as `payers`: who is asked to pay what of it, in their order."""
    rows = Claim.objects.exclude(state=Claim.State.WITHDRAWN).order_by(*BY_PAYER)
    return Prefetch("claims", rows, "payers")


def visit_for(visit_id: UUID, *, lock: bool = False) -> Visit:
    """Give a visit to an action that decides on access itself. Raises NotFound."""
    return only(Visit.objects.select_related("facility").filter(pk=visit_id), lock=lock)


def asked_of_patients(facility: Facility, services: Mapping[str, int], *, on: date) -> Decimal:
    """Give the riel that a patient without cover would be asked for. Raises NotInForce."""
    level = locations.level_of(facility)
    rows = policy.table(USER_FEES, on=on).rows
    fees = (rows.get(code, {}).get(level.kind if level else "", Decimal(0)) * quantity
            for code, quantity in services.items())  # fmt: skip
    return sum(fees, Decimal(0))
