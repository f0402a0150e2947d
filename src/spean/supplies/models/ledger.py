"""The ledger of stock: movements are only ever added, and no day ends with less than nothing."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.supplies.models.items import Batch, Item


class MovementKind(models.TextChoices):
    """Why stock moves. Only what is issued is consumption."""

    RECEIPT = "receipt", _("Received")
    ISSUE = "issue", _("Issued")
    SENT = "sent", _("Sent to another facility")
    ARRIVED = "arrived", _("Arrived from another facility")
    LOSS = "loss", _("Lost")
    EXPIRED = "expired", _("Discarded, expired")
    COUNT = "count", _("Put right by a count")


GAINS = (MovementKind.RECEIPT, MovementKind.ARRIVED)
TAKES = (MovementKind.ISSUE, MovementKind.SENT, MovementKind.LOSS, MovementKind.EXPIRED)


class Destination(models.TextChoices):
    """For whom something is issued."""

    PATIENT = "patient", _("A patient")
    WARD = "ward", _("A ward or unit")
    OUTREACH = "outreach", _("Outreach in a village")
    DOSE = "dose", _("A dose of vaccine on record")


class LossReason(models.TextChoices):
    """Why something is lost."""

    OPENED = "opened", _("Left in an opened vial")
    BROKEN = "broken", _("Broken")
    SPOILED = "spoiled", _("Spoiled by heat, frost or water")
    COLD_CHAIN = "cold_chain", _("Discarded after a break of the cold chain")
    MISSING = "missing", _("Missing or stolen")
    ON_THE_WAY = "on_the_way", _("Lost on the way")


class Movement(models.Model):
    """So much of one batch that came to a facility (above zero) or left it (below).

    A mistake is undone by a movement of the same kind that `reverses` it. `source_key` names what
    sent it, so that a repeat does nothing. The database refuses a change, and any movement after
    which some day would end below zero (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey("locations.Facility", on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(_("What happened"), max_length=10, choices=MovementKind)
    quantity = models.IntegerField(_("Quantity"))
    day = models.DateField(_("Day"))
    to = models.CharField(_("For whom"), max_length=10, choices=Destination, blank=True)
    reason = models.CharField(_("Reason"), max_length=15, choices=LossReason, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    source_key = models.CharField(max_length=100, blank=True)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Movement of stock")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["facility", "day"]),
            models.Index(fields=["facility", "batch", "day"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source_key", "batch"],
                condition=~Q(source_key=""),
                name="supplies_movement_one_source_once",
            ),
            models.CheckConstraint(
                name="supplies_movement_goes_its_way",
                condition=Q(kind__in=GAINS, quantity__gt=0, reverses__isnull=True)
                | Q(kind__in=TAKES, quantity__lt=0, reverses__isnull=True)
                | Q(kind__in=GAINS, quantity__lt=0, reverses__isnull=False)
                | Q(kind__in=TAKES, quantity__gt=0, reverses__isnull=False)
                | Q(kind=MovementKind.COUNT) & ~Q(quantity=0),
            ),
            models.CheckConstraint(
                name="supplies_movement_lost_for_a_reason",
                condition=Q(kind=MovementKind.LOSS) & ~Q(reason="")
                | ~Q(kind=MovementKind.LOSS) & Q(reason=""),
            ),
            models.CheckConstraint(
                name="supplies_movement_issued_to_somebody",
                condition=Q(kind=MovementKind.ISSUE) & ~Q(to="")
                | ~Q(kind=MovementKind.ISSUE) & Q(to=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.quantity}"


class Balance(models.Model):
    """What a facility holds of a batch: written by the database with each movement."""

    facility = models.ForeignKey("locations.Facility", on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="balances")
    quantity = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["facility", "batch"], name="supplies_balance_once"),
            models.CheckConstraint(
                name="supplies_balance_not_below_zero", condition=Q(quantity__gte=0)
            ),
        ]


class Count(models.Model):
    """What was found of a batch at the end of a day, and what the ledger said then.

    It stands: what is entered late for a day until then is put against what the count put right.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey("locations.Facility", on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="counts")
    day = models.DateField(_("Day"))
    expected = models.IntegerField(_("In the ledger"))
    found = models.PositiveIntegerField(_("How many you counted"))
    note = models.CharField(_("Why they differ"), max_length=300, blank=True)
    counted_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Count of stock")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["facility", "batch", "day"], name="supplies_count_once_a_day"
            ),
            models.CheckConstraint(
                name="supplies_count_differences_explained",
                condition=Q(expected=F("found")) | ~Q(note=""),
            ),
        ]


class Waiting(models.Model):
    """What could not be booked yet: why, and what it asks for (`entry`); nothing of it is lost.

    It is tried again whenever stock of its item comes; or a person sets it aside with a reason.
    """

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Waiting")
        BOOKED = "booked", _("Booked")
        SET_ASIDE = "set_aside", _("Set aside")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(
        "locations.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    area = models.CharField(max_length=8)
    item = models.ForeignKey(
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="waiting"
    )
    entry = models.JSONField()
    day = models.DateField(_("Day"))
    why = models.JSONField()
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.WAITING)
    source_key = models.CharField(max_length=100, unique=True)
    entered_by = models.CharField(max_length=150)
    entered_at = models.DateTimeField(db_default=Now(), editable=False)
    set_aside_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Entry that waits")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "area"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="supplies_waiting_set_aside_for_a_reason",
                condition=Q(state="set_aside") & ~Q(set_aside_by="") & ~Q(reason="")
                | ~Q(state="set_aside") & Q(set_aside_by="", reason=""),
            )
        ]
