"""The phones that may speak OpenRosa."""

from uuid import UUID

from django.db.models import F, QuerySet

from spean.fieldwork.models import Device
from spean.fieldwork.rules.device_keys import REALM, ha1
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound

__all__ = ["REALM", "device", "devices", "devices_called", "ha1"]
MOST_TRIED = 50


def devices(*, by: Actor) -> QuerySet[Device]:
    """Give the actor's own phones: those in use first, then those revoked, the newest first."""
    if by.user is None:
        raise NotFound
    return _in_order(Device.objects.filter(user=by.user))


def device(device_id: UUID, *, by: Actor) -> Device:
    """Give one of the actor's own phones. Raises NotFound."""
    found = devices(by=by).filter(pk=device_id).first()
    if found is None:
        raise NotFound
    return found


def devices_called(username: str) -> list[Device]:
    """Give the phones of a user name, revoked ones too, for a sign-in to try its key on."""
    if not username or "\x00" in username:
        return []
    found = Device.objects.filter(user__username=username).select_related("user")
    return list(_in_order(found)[:MOST_TRIED])


def _in_order(rows: QuerySet[Device]) -> QuerySet[Device]:
    return rows.order_by(F("revoked_at").desc(nulls_first=True), "-created_at", "-id")
