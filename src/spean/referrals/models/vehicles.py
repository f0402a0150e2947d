"""Ambulances, boats and motorcycles: where they stand, how they are, who is on them."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.kernel.models import Dated, DateRange
from spean.referrals.models.words import Job, VehicleKindName, VehicleStateName


class Vehicle(models.Model):
    """One vehicle, by the number painted on it. `facility`, `area` and `state` are of its last
    standing; whether it is out is said by its open trip.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("Number or name"), max_length=30, unique=True)
    kind = models.CharField(_("Kind of vehicle"), max_length=20, choices=VehicleKindName)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="vehicles"
    )
    area = models.CharField(max_length=8)
    state = models.CharField(_("State"), max_length=15, choices=VehicleStateName, default="ready")
    lying = models.PositiveSmallIntegerField(_("Patients lying down"))
    seats = models.PositiveSmallIntegerField(_("Seats besides"))
    registered_by = models.CharField(max_length=150)
    registered_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Vehicle")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["area", "state"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="referrals_vehicle_carries_somebody",
                condition=(Q(lying__gte=1) | Q(seats__gte=1)) & Q(lying__lte=10, seats__lte=60),
            ),
            models.CheckConstraint(
                name="referrals_vehicle_has_a_number", condition=~Q(number="")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Standing(models.Model):
    """Where a vehicle stands from a moment on, and how it is; only ever added to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="standings")
    facility = models.ForeignKey("locations.Facility", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("State"), max_length=15, choices=VehicleStateName)
    at = models.DateTimeField(_("Since"))
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    said_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("Standing")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["vehicle", "at"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="referrals_standing_out_of_use_for_a_reason",
                condition=Q(state="ready") | ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.at}"


class CrewMember(Dated):
    """Who is on a vehicle, and as what, from `start` until before `end`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="crew")
    name = models.CharField(_("Name"), max_length=120)
    job = models.CharField(_("Job"), max_length=15, choices=Job)
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    added_by = models.CharField(max_length=150)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("Crew")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="referrals_crewmember_ended_by_somebody",
                condition=Q(end__isnull=True, ended_by="")
                | (Q(end__isnull=False) & ~Q(ended_by="")),
            ),
            ExclusionConstraint(
                name="referrals_crewmember_once_at_a_time",
                expressions=[
                    (F("vehicle"), RangeOperators.EQUAL),
                    (F("name"), RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name
