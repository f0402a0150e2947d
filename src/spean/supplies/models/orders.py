"""Orders of a facility, and shipments: stock that left one place and is not yet at another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.supplies.models.items import Batch, Item


class Order(models.Model):
    """What a facility asks for; one at a time waits for approval."""

    class State(models.TextChoices):
        """The life of an order."""

        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        SHIPPED = "shipped", _("On its way")
        RECEIVED = "received", _("Received")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey("locations.Facility", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("Number"))
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_on = models.DateField(_("Proposed on"))
    proposed_by = models.CharField(max_length=150)
    decided_on = models.DateField(_("Decided on"), null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Order")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["facility", "number"], name="supplies_order_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["facility"],
                condition=Q(state="proposed"),
                name="supplies_order_one_waits",
            ),
            models.CheckConstraint(
                name="supplies_order_decided_when_and_by_another",
                condition=Q(state="proposed", decided_on__isnull=True, decided_by="")
                | ~Q(state="proposed")
                & Q(decided_on__isnull=False)
                & ~Q(decided_by="")
                & ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="supplies_order_refused_for_a_reason",
                condition=~Q(state="refused") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility.code}/{self.number}"


class OrderLine(models.Model):
    """So much of one item: what was asked for, with the numbers that say why, and approved."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("Quantity"))
    approved = models.PositiveIntegerField(_("Approved"), null=True, blank=True)
    why = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "item"], name="supplies_orderline_once"),
            models.CheckConstraint(
                name="supplies_orderline_asks_for_some", condition=Q(quantity__gte=1)
            ),
        ]


class Shipment(models.Model):
    """Batches on their way to a facility: from another one, or (empty) from a central store."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(
        "locations.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to = models.ForeignKey("locations.Facility", on_delete=models.PROTECT, related_name="+")
    order = models.OneToOneField(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="shipment"
    )
    sent_on = models.DateField(_("Sent on"))
    sent_by = models.CharField(max_length=150)
    received_on = models.DateField(_("Received on"), null=True, blank=True)
    received_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Shipment")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="supplies_shipment_to_another",
                condition=Q(sender__isnull=True) | ~Q(sender=F("to")),
            ),
            models.CheckConstraint(
                name="supplies_shipment_received_when_and_by_whom",
                condition=Q(received_on__isnull=True, received_by="")
                | Q(received_on__gte=F("sent_on")) & ~Q(received_by=""),
            ),
        ]


class ShipmentLine(models.Model):
    """So much of one batch as it was sent, and as it came; what is missing has a reason."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lines")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    sent = models.PositiveIntegerField(_("Sent"))
    received = models.PositiveIntegerField(_("Received"), null=True, blank=True)
    reason = models.CharField(_("Why less came"), max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["shipment", "batch"], name="supplies_shipmentline_once"
            ),
            models.CheckConstraint(
                name="supplies_shipmentline_comes_as_sent_or_says_why",
                condition=Q(sent__gte=1)
                & (
                    Q(received__isnull=True)
                    | Q(received=F("sent"))
                    | Q(received__lt=F("sent")) & ~Q(reason="")
                ),
            ),
        ]
