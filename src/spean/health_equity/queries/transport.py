"""Who pays for a trip."""

from uuid import UUID

from spean.health_equity.models import Transport
from spean.health_equity.queries.visits import VIEW
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.rows import only


def transport(trip_id: UUID, *, by: Actor) -> Transport:
    """Give what is kept of a trip; reading it is audited. Raises NotFound, NotAllowed."""
    rows = Transport.objects.select_related("person", "facility", "cover", "visit")
    found = only(rows.filter(trip=trip_id))
    access.require(by, VIEW, area=found.area)
    audit.read(by=by, action="health_equity.transport_read", subject=found, area=found.area)
    return found
