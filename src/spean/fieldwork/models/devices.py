"""A phone that may speak OpenRosa in its user's name."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id


class Device(models.Model):
    """A phone with a key of its own, made by the server and shown once.

    `ha1` is MD5(user name:realm:key), which Digest needs. The key is random and opens only
    OpenRosa, so that it stands for no password that anybody chose.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="devices"
    )
    name = models.CharField(_("Name of the phone"), max_length=60)
    ha1 = models.CharField(max_length=32)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_seen_at = models.DateTimeField(_("Last seen"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("Revoked"), null=True, blank=True)
    revoked_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("Phone")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="fieldwork_device_revoked_when_and_by_whom",
                condition=Q(revoked_at__isnull=True, revoked_by="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by="")),
            )
        ]

    def __str__(self) -> str:
        return self.name
