"""A referral, its steps, the trips made for it, and what the receiving facility says of it."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.referrals.models.vehicles import Vehicle
from spean.referrals.models.words import (
    Direction,
    FollowUpBy,
    Reason,
    StateName,
    StepName,
    UrgencyName,
    WayName,
)
from spean.referrals.rules import NEED_A_REASON, OPEN


class Referral(models.Model):
    """One patient sent from a place to a facility, or back home from one.

    `from_place` is where the patient is fetched: the village, or the facility's place. Going back,
    `from_facility` treated the patient, `to_facility` follows up, and the vehicle goes to the
    village. `follows` is the referral before on the same way. `source_key` names the record that
    asked (a contact, a phone's record), so that it asks once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("Number"), max_length=25, unique=True)
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="referrals"
    )
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="referrals"
    )
    village = models.ForeignKey("locations.Place", on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(_("Direction"), max_length=10, choices=Direction)
    from_facility = models.ForeignKey(
        "locations.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to_facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="referrals"
    )
    from_area = models.CharField(max_length=8)
    to_area = models.CharField(max_length=8)
    urgency = models.CharField(_("Urgency"), max_length=10, choices=UrgencyName)
    reasons = ArrayField(models.CharField(max_length=30, choices=Reason), default=list, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    transport = models.BooleanField(_("A vehicle is needed"))
    ways = ArrayField(models.CharField(max_length=10, choices=WayName), default=list, blank=True)
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    noticed_at = models.DateTimeField(_("Danger noticed"), null=True, blank=True)
    requested_at = models.DateTimeField(_("Requested"))
    requested_by = models.CharField(max_length=150)
    state = models.CharField(_("State"), max_length=15, choices=StateName)
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    source_key = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Referral")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["from_area", "requested_at"]),
            models.Index(fields=["to_area", "requested_at"]),
            models.Index(fields=["person", "requested_at"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=[str(one) for one in OPEN]),
                name="referrals_referral_one_open_a_person",
            ),
            models.UniqueConstraint(
                fields=["person", "source_key"],
                condition=~Q(source_key=""),
                name="referrals_referral_asked_once",
            ),
            models.CheckConstraint(
                name="referrals_referral_noticed_before_requested",
                condition=Q(noticed_at__isnull=True) | Q(noticed_at__lte=F("requested_at")),
            ),
            models.CheckConstraint(
                name="referrals_referral_to_elsewhere",
                condition=Q(from_facility__isnull=True) | ~Q(from_facility=F("to_facility")),
            ),
            models.CheckConstraint(
                name="referrals_referral_says_why",
                condition=~Q(reasons=[]) | ~Q(note="") | Q(direction="back"),
            ),
            models.CheckConstraint(
                name="referrals_referral_transport_by_some_way",
                condition=Q(transport=False) | ~Q(ways=[]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Trip(models.Model):
    """One vehicle sent for one referral, from setting out until it has brought the patient.

    `km` is measured by the crew, or worked out (`measured` False); empty where the places are not
    known. `cost` follows from it by the rates of the day of setting out (`decision`).
    """

    class Outcome(models.TextChoices):
        """How a trip ended."""

        ARRIVED = "arrived", _("Arrived")
        CALLED_BACK = "called_back", _("Vehicle called back")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="trips")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="trips")
    crew = models.CharField(_("Crew"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("Set out"))
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    outcome = models.CharField(max_length=15, choices=Outcome, blank=True)
    km = models.PositiveSmallIntegerField(_("Kilometres"), null=True, blank=True)
    measured = models.BooleanField(default=False)
    cost = models.DecimalField(_("Cost"), max_digits=12, decimal_places=0, null=True, blank=True)
    decision = models.ForeignKey(
        "kernel.StoredDecision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_by = models.CharField(max_length=150)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("Trip")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ExclusionConstraint(
                name="referrals_trip_a_vehicle_is_in_one_place",
                expressions=[
                    (F("vehicle"), RangeOperators.EQUAL),
                    (
                        Func(
                            "started_at",
                            "ended_at",
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.UniqueConstraint(
                fields=["vehicle"],
                condition=Q(ended_at__isnull=True),
                name="referrals_trip_one_open_a_vehicle",
            ),
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(ended_at__isnull=True),
                name="referrals_trip_one_open_a_referral",
            ),
            models.CheckConstraint(
                name="referrals_trip_ended_when_how_and_by_whom",
                condition=Q(ended_at__isnull=True, outcome="", ended_by="")
                | (
                    Q(ended_at__isnull=False, ended_at__gte=F("started_at"))
                    & ~Q(outcome="")
                    & ~Q(ended_by="")
                ),
            ),
            models.CheckConstraint(
                name="referrals_trip_cost_by_decision",
                condition=Q(km__isnull=True, cost__isnull=True, decision__isnull=True)
                | Q(km__isnull=False, cost__isnull=False, decision__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle} {self.started_at}"


class ReferralStep(models.Model):
    """One step of a referral, when it happened and who wrote it down.

    The database lets steps only be added, in the order of their times (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(_("Step"), max_length=15, choices=StepName)
    at = models.DateTimeField(_("When"))
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    trip = models.ForeignKey(
        Trip, null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    written_by = models.CharField(max_length=150)
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Step")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="referrals_referralstep_refused_for_a_reason",
                condition=~Q(kind__in=[str(one) for one in NEED_A_REASON]) | ~Q(reason=""),
            ),
            models.UniqueConstraint(
                fields=["referral", "kind"],
                condition=~Q(kind__in=["dispatched", "called_back", "picked_up"]),
                name="referrals_referralstep_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Feedback(models.Model):
    """What the receiving facility tells who sent the patient; the newest counts, none is changed.

    `read_by` and `read_at` say who of the senders read it first.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="feedback")
    diagnosis = models.CharField(_("Diagnosis"), max_length=200)
    done = models.CharField(_("What was done"), max_length=500)
    follow_up = models.CharField(_("What is to be done now"), max_length=500, blank=True)
    follow_up_by = models.CharField(_("By whom"), max_length=15, choices=FollowUpBy)
    follow_up_on = models.DateField(_("On the day"), null=True, blank=True)
    given_by = models.CharField(max_length=150)
    given_at = models.DateTimeField(_("Given"))
    read_by = models.CharField(max_length=150, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Feedback")
        ordering: ClassVar[list[str]] = ["-given_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="referrals_feedback_follow_up_by_somebody",
                condition=Q(follow_up_by="nobody", follow_up="", follow_up_on__isnull=True)
                | (~Q(follow_up_by="nobody") & ~Q(follow_up="")),
            ),
            models.CheckConstraint(
                name="referrals_feedback_read_when_and_by_whom",
                condition=Q(read_by="", read_at__isnull=True)
                | (~Q(read_by="") & Q(read_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.diagnosis
