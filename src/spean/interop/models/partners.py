"""The other systems, and the messages that they sent."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.access import Purpose
from spean.kernel.ids import new_id


class Basis(models.TextChoices):
    """What every request must show to be answered with personal data."""

    CONSENT = "consent", _("The person’s consent")
    AUTHORIZE = "authorize", _("An authorization by law")
    AGREEMENT = "agreement", _("Nothing more: the agreement is enough")


class Signing(models.TextChoices):
    """Whether a partner's messages must be signed."""

    REQUIRED = "required", _("Every message is signed")
    UNSIGNED = "unsigned", _("Unsigned messages are taken too (tests only)")


class Partner(models.Model):
    """Another system, and the one purpose for which we answer it.

    Where it may ask about is the area of its role; `fields` narrows what its purpose gives (empty:
    all of that). `address` and what follows are those of a registry that we ask ourselves.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.OneToOneField("kernel.User", on_delete=models.PROTECT, related_name="+")
    sender_id = models.CharField(_("Sender id"), max_length=99, unique=True)
    purpose = models.CharField(
        _("Purpose"), max_length=30, choices=[(str(one), str(one)) for one in Purpose]
    )
    registries = ArrayField(models.CharField(max_length=10), default=list)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    basis = models.CharField(_("Basis"), max_length=10, choices=Basis, default=Basis.AUTHORIZE)
    signing = models.CharField(
        _("Signatures"), max_length=10, choices=Signing, default=Signing.REQUIRED
    )
    keys = models.JSONField(_("Public keys (JWK set)"), default=dict, blank=True)
    callback_hosts = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    address = models.URLField(_("Address of its registry"), blank=True)
    token_address = models.URLField(_("Where it gives tokens"), blank=True)
    client_id = models.CharField(_("Our client id there"), max_length=120, blank=True)
    asks_registry = models.CharField(_("Registry"), max_length=10, blank=True)
    since = models.DateField(_("Since"))
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("Partner")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="interop_partner_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("since")),
            ),
            models.CheckConstraint(
                name="interop_partner_unsigned_or_with_keys",
                condition=Q(signing="unsigned") | ~Q(keys={}),
            ),
        ]

    def __str__(self) -> str:
        return self.sender_id


class Message(models.Model):
    """A message that came in. One id of one partner is taken once; a refused one keeps no id."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="messages")
    message_id = models.TextField(null=True)  # noqa: DJ001 - unique where it is given
    digest = models.CharField(max_length=64, blank=True)
    path = models.CharField(max_length=60)
    refused = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["partner", "at"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="interop_message_id_taken_once", fields=["partner", "message_id"]
            ),
            models.CheckConstraint(
                name="interop_message_taken_or_refused",
                condition=Q(message_id__isnull=False, refused="")
                | (Q(message_id__isnull=True) & ~Q(refused="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.message_id or self.refused}"
