"""Phones are given a key of their own, and lose it when the phone is lost."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from spean.fieldwork.models import Device
from spean.fieldwork.rules import device_keys
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotAllowed, NotFound, SpeanError
from spean.kernel.models import User

MOST_IN_USE = 10
NOTED_AGAIN_AFTER = timedelta(hours=1)


class TooManyPhones(SpeanError):
    """Refuse one phone more than anybody carries."""

    code = "fieldwork.too_many_phones"
    message = N_("You have %(count)s phones in use. Revoke one that you no longer use first.")


class RevokedAlready(Conflict):
    """Refuse to revoke a phone twice."""

    code = "fieldwork.phone_revoked_already"
    message = N_("This phone was revoked before.")


@dataclass(frozen=True, slots=True)
class AddedDevice:
    """A new phone, and its key, which nobody can read again."""

    device: Device
    key: str


@transaction.atomic
def add_device(*, name: str, by: Actor) -> AddedDevice:
    """Give a phone of the actor's own a key. Raises NotAllowed, TooManyPhones."""
    if by.user is None or not access.areas(by, "fieldwork.submit"):
        raise NotAllowed(permission="fieldwork.submit", area="")
    user = User.objects.select_for_update().get(pk=by.user.pk)
    in_use = Device.objects.filter(user=user, revoked_at__isnull=True).count()
    if in_use >= MOST_IN_USE:
        raise TooManyPhones(count=in_use)
    length = device_keys.GROUPS * device_keys.OF_LETTERS
    key = device_keys.key_of("".join(secrets.choice(device_keys.LETTERS) for _ in range(length)))
    device = Device.objects.create(
        user=user, name=name[:60], ha1=device_keys.ha1(user.username, key)
    )
    audit.write(by=by, action="fieldwork.add_device", subject=device, name=device.name)
    return AddedDevice(device, key)


@transaction.atomic
def revoke_device(*, device_id: UUID, by: Actor, at: datetime) -> Device:
    """Close the way of a phone of the actor's own. Raises NotFound, RevokedAlready."""
    device = Device.objects.select_for_update().filter(pk=device_id, user=by.user).first()
    if device is None:
        raise NotFound
    if device.revoked_at is not None:
        raise RevokedAlready
    device.revoked_at, device.revoked_by = at, by.name
    device.save(update_fields=["revoked_at", "revoked_by"])
    audit.write(by=by, action="fieldwork.revoke_device", subject=device, name=device.name)
    return device


def note_seen(*, device: Device, at: datetime) -> None:
    """Note that a phone spoke, at most once an hour."""
    if device.last_seen_at is None or device.last_seen_at < at - NOTED_AGAIN_AFTER:
        Device.objects.filter(pk=device.pk).update(last_seen_at=at)
