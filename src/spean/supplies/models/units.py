"""The units of a facility, their beds and who works there."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spean.kernel.models import Dated, DateRange


class UnitKind(models.TextChoices):
    """What a unit is for."""

    MATERNITY = "maternity", _("Maternity")
    CHILD_CARE = "child_care", _("Care of children")
    INPATIENTS = "inpatients", _("In-patients")
    OUTPATIENTS = "outpatients", _("Out-patients")
    PHARMACY = "pharmacy", _("Pharmacy and store")
    LABORATORY = "laboratory", _("Laboratory")


class Cadre(models.TextChoices):
    """The cadres of health staff."""

    DOCTOR = "doctor", _("Doctor or medical assistant")
    MIDWIFE = "midwife", _("Midwife")
    NURSE = "nurse", _("Nurse")
    PHARMACIST = "pharmacist", _("Pharmacist")
    LABORATORY = "laboratory", _("Laboratory technician")
    OTHER = "other", _("Other staff")


class Shift(models.TextChoices):
    """A half of the day; the hours are policy (`supplies.shifts`)."""

    DAY = "day", _("By day")
    NIGHT = "night", _("By night")


class Unit(Dated):
    """A unit of a facility, while it is open; at most one of a kind at a time."""

    facility = models.ForeignKey("locations.Facility", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("Unit"), max_length=15, choices=UnitKind)

    class Meta(Dated.Meta):
        verbose_name = _("Unit")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="supplies_unit_once_at_a_time",
                expressions=[
                    ("facility", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Beds(Dated):
    """How many beds a unit has for a time."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="beds")
    number = models.PositiveSmallIntegerField(_("Beds"))

    class Meta(Dated.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="supplies_beds_once_at_a_time",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Census(models.Model):
    """How many patients lay in a unit at midnight: more than its beds where some have none."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="censuses")
    day = models.DateField(_("Day"))
    patients = models.PositiveSmallIntegerField(_("Patients at midnight"))
    recorded_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("Census of beds")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "day"], name="supplies_census_once_a_day")
        ]


class Staff(Dated):
    """Somebody who works at a facility for a time; not a person of the registry."""

    facility = models.ForeignKey("locations.Facility", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("Name"), max_length=120)
    cadre = models.CharField(_("Cadre"), max_length=15, choices=Cadre)
    phone = models.CharField(_("Telephone"), max_length=20, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("Staff")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(name="supplies_staff_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_cadre_display()})"


class Duty(models.Model):
    """Somebody on duty in a unit at one shift; nobody is in two units at once."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="duties")
    day = models.DateField(_("Day"))
    shift = models.CharField(_("Shift"), max_length=5, choices=Shift)
    planned_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("Duty")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["unit", "day"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["staff", "day", "shift"], name="supplies_duty_in_one_place"
            )
        ]
