"""Equipment with its history, the temperatures of what cools, and batches held back for them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.supplies.models.items import Band, Batch
from spean.supplies.models.units import Unit


class EquipmentKind(models.TextChoices):
    """What a piece of equipment is."""

    FRIDGE = "fridge", _("Refrigerator for vaccines")
    FREEZER = "freezer", _("Freezer")
    DELIVERY_BED = "delivery_bed", _("Delivery bed")
    RESUSCITATOR = "resuscitator", _("Newborn resuscitator")
    STERILISER = "steriliser", _("Steriliser")
    ULTRASOUND = "ultrasound", _("Ultrasound")
    OXYGEN = "oxygen", _("Oxygen concentrator")
    SCALE = "scale", _("Scale")
    MICROSCOPE = "microscope", _("Microscope")
    POWER = "power", _("Solar panel or generator")
    OTHER = "other", _("Other equipment")


COOLS = {EquipmentKind.FRIDGE: Band.COOL, EquipmentKind.FREEZER: Band.FROZEN}


class EquipmentState(models.TextChoices):
    """Whether it can be used."""

    WORKING = "working", _("Works")
    BROKEN = "broken", _("Broken")
    IN_REPAIR = "in_repair", _("In repair")
    RETIRED = "retired", _("Retired")


class Equipment(models.Model):
    """One piece of equipment: where it is, whether it works, when its service is due."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey("locations.Facility", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="equipment"
    )
    kind = models.CharField(_("Kind"), max_length=15, choices=EquipmentKind)
    model = models.CharField(_("Maker and model"), max_length=120, blank=True)
    serial = models.CharField(_("Serial number"), max_length=60)
    state = models.CharField(
        _("State"), max_length=10, choices=EquipmentState, default=EquipmentState.WORKING
    )
    service_due = models.DateField(_("Next service"), null=True, blank=True)

    class Meta:
        verbose_name = _("Equipment")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "serial"], name="supplies_equipment_once"),
            models.CheckConstraint(name="supplies_equipment_has_serial", condition=~Q(serial="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.serial}"


class EquipmentEvent(models.Model):
    """What happened to a piece of equipment on a day; only ever added."""

    class Kind(models.TextChoices):
        """What happened."""

        CAME = "came", _("Came here")
        SERVICED = "serviced", _("Serviced")
        BROKE = "broke", _("Broke down")
        SENT_OFF = "sent_off", _("Sent for repair")
        REPAIRED = "repaired", _("Repaired")
        MOVED = "moved", _("Moved")
        RETIRED = "retired", _("Retired")

    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("What happened"), max_length=10, choices=Kind)
    day = models.DateField(_("Day"))
    note = models.CharField(_("Note"), max_length=300, blank=True)
    cost = models.PositiveIntegerField(_("Cost in riel"), null=True, blank=True)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)


class Reading(models.Model):
    """A temperature, read by somebody or by a logger."""

    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="readings")
    at = models.DateTimeField(_("When"))
    celsius = models.DecimalField(_("°C"), max_digits=4, decimal_places=1)
    logged = models.BooleanField(_("By a logger"), default=False)
    recorded_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("Temperature")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["equipment", "at"], name="supplies_reading_once")
        ]


class Quarantine(models.Model):
    """A batch that nobody issues until somebody has decided: it was too warm or too cold."""

    class Decision(models.TextChoices):
        """What becomes of the batch."""

        RELEASED = "released", _("It can be used")
        DISCARDED = "discarded", _("It is discarded")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey("locations.Facility", on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="quarantines")
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="quarantines")
    since = models.DateField(_("Since"))
    decision = models.CharField(_("Decision"), max_length=10, choices=Decision, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Quarantine")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["facility", "batch"],
                condition=Q(decision=""),
                name="supplies_quarantine_one_open",
            ),
            models.CheckConstraint(
                name="supplies_quarantine_decided_by_whom_and_why",
                condition=Q(decision="", decided_on__isnull=True, decided_by="", reason="")
                | ~Q(decision="") & Q(decided_on__isnull=False) & ~Q(decided_by="")
                & ~Q(reason=""),
            ),
        ]  # fmt: skip
