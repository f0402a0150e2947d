"""A pregnancy from its first day to its end, and the babies born of it."""

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.kernel.models import DateRange
from spean.maternal_child.models.withdrawals import Changing
from spean.maternal_child.rules import TERM_DAYS


class Risk(models.TextChoices):
    """What makes a pregnancy one to watch (WHO PCPNC, birth and emergency plan)."""

    YOUNG = "young", _("Younger than 18")
    OLDER = "older", _("35 or older")
    MANY_BIRTHS = "many_births", _("Five births or more before")
    CAESAREAN = "caesarean", _("Caesarean before")
    STILLBIRTH = "stillbirth", _("Stillbirth or newborn death before")
    BLEEDING_BEFORE = "bleeding_before", _("Heavy bleeding at a birth before")
    SHORT_INTERVAL = "short_interval", _("Less than two years since the last birth")
    TWINS = "twins", _("More than one baby")
    CHRONIC_ILLNESS = "chronic_illness", _("Chronic illness")


class Ending(models.TextChoices):
    """How a pregnancy ended."""

    BIRTH = "birth", _("Birth")
    MISCARRIAGE = "miscarriage", _("Miscarriage")
    TERMINATION = "termination", _("Termination")
    DEATH = "death", _("The mother died before the birth")


class BirthPlace(models.TextChoices):
    """Where a birth took place."""

    HEALTH_CENTRE = "health_centre", _("Health centre")
    HOSPITAL = "hospital", _("Hospital")
    HOME = "home", _("At home")
    ON_THE_WAY = "on_the_way", _("On the way")


class Attendant(models.TextChoices):
    """Who attended a birth; the first three are skilled."""

    MIDWIFE = "midwife", _("Midwife")
    DOCTOR = "doctor", _("Doctor")
    NURSE = "nurse", _("Nurse")
    TRADITIONAL = "traditional", _("Traditional birth attendant")
    NOBODY = "nobody", _("A relative, or nobody")


class Mode(models.TextChoices):
    """How a birth went."""

    NORMAL = "normal", _("Normal")
    ASSISTED = "assisted", _("Vacuum or forceps")
    CAESAREAN = "caesarean", _("Caesarean")


class Complication(models.TextChoices):
    """What went wrong at a birth."""

    BLEEDING = "bleeding", _("Heavy bleeding")
    ECLAMPSIA = "eclampsia", _("Fits or severe pre-eclampsia")
    OBSTRUCTED = "obstructed", _("Obstructed labour")
    INFECTION = "infection", _("Infection")
    RETAINED_PLACENTA = "retained_placenta", _("Retained placenta")
    TEAR = "tear", _("Severe tear")


class Outcome(models.TextChoices):
    """What became of a baby at birth."""

    LIVE = "live", _("Born alive")
    FRESH = "fresh_stillbirth", _("Stillborn, fresh")
    MACERATED = "macerated_stillbirth", _("Stillborn, macerated")


class Pregnancy(Changing):
    """A pregnancy of one woman; `started_on` is its first day, 280 days before the expected birth.

    `dating` keeps by what it was dated and why.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="pregnancies_in_care"
    )
    recorded_on = models.DateField(_("Recorded on"))
    recorded_by = models.CharField(max_length=150)
    last_period_on = models.DateField(_("First day of the last period"), null=True, blank=True)
    scan_on = models.DateField(_("Day of the scan"), null=True, blank=True)
    scan_days = models.PositiveSmallIntegerField(null=True, blank=True)
    started_on = models.DateField()
    dating = models.ForeignKey("kernel.StoredDecision", on_delete=models.PROTECT, related_name="+")
    previous_births = models.PositiveSmallIntegerField(_("Births before"), null=True, blank=True)
    risks = ArrayField(models.CharField(max_length=20, choices=Risk), default=list, blank=True)
    ended_on = models.DateField(_("Ended on"), null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ending = models.CharField(_("How it ended"), max_length=12, choices=Ending, blank=True)
    place = models.CharField(_("Place of birth"), max_length=15, choices=BirthPlace, blank=True)
    facility = models.ForeignKey(
        "locations.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    attendant = models.CharField(
        _("Who attended the birth"), max_length=12, choices=Attendant, blank=True
    )
    mode = models.CharField(_("How the birth went"), max_length=10, choices=Mode, blank=True)
    complications = ArrayField(
        models.CharField(max_length=20, choices=Complication), default=list, blank=True
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Pregnancy")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "ended_on"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ExclusionConstraint(
                name="maternal_child_pregnancy_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRange("started_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="maternal_child_pregnancy_ends_after_it_began",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("started_on")),
            ),
            models.CheckConstraint(
                name="maternal_child_pregnancy_ended_when_how_and_by_whom",
                condition=Q(ended_on__isnull=True, ending="", ended_by="")
                | Q(ended_on__isnull=False) & ~Q(ending="") & ~Q(ended_by=""),
            ),
            models.CheckConstraint(
                name="maternal_child_pregnancy_birth_has_its_place",
                condition=Q(ending="birth") & ~Q(place="") & ~Q(attendant="") & ~Q(mode="")
                | ~Q(ending="birth") & Q(place="", attendant="", mode="", complications=[]),
            ),
            models.CheckConstraint(
                name="maternal_child_pregnancy_facility_only_of_one",
                condition=Q(facility__isnull=True) | Q(place__in=["health_centre", "hospital"]),
            ),
            models.CheckConstraint(
                name="maternal_child_pregnancy_scan_has_its_weeks",
                condition=Q(scan_on__isnull=True, scan_days__isnull=True)
                | Q(scan_on__isnull=False, scan_days__isnull=False),
            ),
            models.CheckConstraint(
                name="maternal_child_pregnancy_dated_by_something",
                condition=Q(last_period_on__isnull=False) | Q(scan_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.started_on}"

    @property
    def expected_on(self) -> date:
        """The expected day of birth."""
        return self.started_on + timedelta(days=TERM_DAYS)


class Baby(models.Model):
    """A baby of a birth, in order; one born alive is a person of the registry."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pregnancy = models.ForeignKey(Pregnancy, on_delete=models.PROTECT, related_name="babies")
    birth_order = models.PositiveSmallIntegerField(_("Order of birth"))
    outcome = models.CharField(_("Outcome"), max_length=20, choices=Outcome)
    sex = models.CharField(_("Sex"), max_length=6)
    weight_g = models.PositiveSmallIntegerField(_("Weight at birth (g)"), null=True, blank=True)
    person = models.OneToOneField(
        "registry.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="birth"
    )

    class Meta:
        verbose_name = _("Baby")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["pregnancy", "birth_order"], name="maternal_child_baby_one_a_place"
            ),
            models.CheckConstraint(
                name="maternal_child_baby_place_can_be", condition=Q(birth_order__range=(1, 5))
            ),
            models.CheckConstraint(
                name="maternal_child_baby_alive_is_a_person",
                condition=Q(outcome="live", person__isnull=False)
                | ~Q(outcome="live") & Q(person__isnull=True),
            ),
            models.CheckConstraint(
                name="maternal_child_baby_weight_can_be",
                condition=Q(weight_g__isnull=True) | Q(weight_g__range=(300, 7000)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pregnancy_id} {self.birth_order}"
