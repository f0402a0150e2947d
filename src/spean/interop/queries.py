"""What the exchange shows at the desk: our partners, and who was given a household's data."""

from uuid import UUID

from django.db.models import QuerySet

from spean.interop.actions import MANAGE
from spean.interop.models import Partner, Release
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.registry import queries as registry

RELEASES = "interop.view_releases"


def partners(*, by: Actor) -> QuerySet[Partner]:
    """List our partners, the open ones first."""
    access.require(by, MANAGE, area="")
    return Partner.objects.select_related("user").order_by("-closed_on", "sender_id")


def releases_of(household_id: UUID, *, by: Actor) -> QuerySet[Release]:
    """List to whom a household's records, or a member's, were given, newest first.

    Raises NotFound; NotAllowed outside the actor's area.
    """
    area = registry.household_for(household_id).village.code
    access.require(by, RELEASES, area=area)
    audit.read(by=by, action=RELEASES, subject=("registry.household", str(household_id)), area=area)
    return (
        Release.objects.filter(household=household_id)
        .select_related("partner", "person")
        .order_by("-id")
    )
