"""Which referrals an actor sees: those that come from their areas, and those that come to them."""

from uuid import UUID

from django.db.models import QuerySet

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed
from spean.kernel.rows import only
from spean.referrals.models import Referral

VIEW, REQUEST = "referrals.view", "referrals.request"
RECEIVE, DISPATCH = "referrals.receive", "referrals.dispatch"
MANAGE, FIGURES = "referrals.manage_vehicles", "referrals.view_delays"
WITH = ("person", "household", "village", "from_facility", "to_facility__place")


def seen(rows: QuerySet[Referral], by: Actor, permission: str = VIEW) -> QuerySet[Referral]:
    """Keep the referrals from or to the actor's areas for a permission."""
    return access.within(rows, by, permission, code="from_area") | access.within(
        rows, by, permission, code="to_area"
    )


def require_either(referral: Referral, permission: str, *, by: Actor) -> None:
    """Refuse unless the actor has the permission where the referral is from, or goes to."""
    areas = (referral.from_area, referral.to_area)
    if not any(access.allows(by, permission, area=area) for area in areas):
        raise NotAllowed(permission=permission, area=referral.from_area)


def referral_for(referral_id: UUID, *, lock: bool = False) -> Referral:
    """Give a referral to who decides on access itself. Raises NotFound."""
    return only(Referral.objects.select_related(*WITH).filter(pk=referral_id), lock=lock)
