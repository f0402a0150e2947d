"""Home visits, as they were made."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.maternal_child.models.withdrawals import Withdrawable, withdrawn_for_a_reason


class Kind(models.TextChoices):
    """Whom a visit is about."""

    PREGNANCY = "pregnancy", _("Pregnant woman")
    AFTER_BIRTH = "after_birth", _("Mother after birth")
    NEWBORN = "newborn", _("Newborn")
    CHILD = "child", _("Child")


class Sign(models.TextChoices):
    """Danger signs: WHO PCPNC, WHO–UNICEF newborn home visits 2009, IMCI."""

    BLEEDING = "bleeding", _("Bleeding")
    CONVULSIONS = "convulsions", _("Convulsions")
    SEVERE_HEADACHE = "severe_headache", _("Severe headache with blurred vision")
    FEVER = "fever", _("Fever")
    SEVERE_ABDOMINAL_PAIN = "severe_abdominal_pain", _("Severe abdominal pain")
    DIFFICULT_BREATHING = "difficult_breathing", _("Difficult breathing")
    REDUCED_MOVEMENTS = "reduced_movements", _("The baby moves less")
    SWELLING = "swelling", _("Swollen face or hands")
    NOT_FEEDING = "not_feeding", _("Does not feed well")
    FAST_BREATHING = "fast_breathing", _("Fast breathing")
    CHEST_INDRAWING = "chest_indrawing", _("Chest drawn in")
    LOW_TEMPERATURE = "low_temperature", _("Feels cold")
    NO_MOVEMENT = "no_movement", _("Moves only when touched, or not")
    YELLOW_SKIN = "yellow_skin", _("Yellow palms or soles")
    RED_UMBILICUS = "red_umbilicus", _("Red or oozing navel")
    CANNOT_DRINK = "cannot_drink", _("Cannot drink or breastfeed")
    VOMITS_EVERYTHING = "vomits_everything", _("Vomits everything")
    LETHARGIC = "lethargic", _("Very sleepy or unconscious")
    BLOOD_IN_STOOL = "blood_in_stool", _("Blood in the stool")


class Topic(models.TextChoices):
    """What was talked about."""

    ANTENATAL_VISIT = "antenatal_visit", _("Going to antenatal care")
    BIRTH_AT_FACILITY = "birth_at_facility", _("Giving birth at a facility")
    BREASTFEEDING = "breastfeeding", _("Breastfeeding")
    FEEDING = "feeding", _("Feeding")
    VACCINATION = "vaccination", _("Vaccination")
    HYGIENE = "hygiene", _("Hygiene")
    FAMILY_PLANNING = "family_planning", _("Family planning")
    DANGER_SIGNS = "danger_signs", _("Danger signs")


class Place(models.TextChoices):
    """Where somebody was referred to."""

    HEALTH_CENTRE = "health_centre", _("Health centre")
    HOSPITAL = "hospital", _("Hospital")


class HomeVisit(Withdrawable):
    """A visit at somebody's home. Where nobody was met there are no findings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="home_visits"
    )
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="home_visits"
    )
    village = models.ForeignKey("locations.Place", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("Kind of visit"), max_length=12, choices=Kind)
    visited_on = models.DateField(_("Day of the visit"))
    met = models.BooleanField(_("Met"))
    danger_signs = ArrayField(
        models.CharField(max_length=30, choices=Sign), default=list, blank=True
    )
    muac_mm = models.PositiveSmallIntegerField(
        _("Mid-upper arm circumference (mm)"), null=True, blank=True
    )
    oedema = models.BooleanField(_("Both feet swollen"), null=True, blank=True)
    breastfed = models.BooleanField(_("Breastfed"), null=True, blank=True)
    topics = ArrayField(models.CharField(max_length=30, choices=Topic), default=list, blank=True)
    referred = models.BooleanField(_("Referred"), null=True, blank=True)
    referred_to = models.CharField(_("Referred to"), max_length=15, choices=Place, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    decision = models.ForeignKey(
        "kernel.StoredDecision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    visited_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Home visit")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "visited_on"]),
            models.Index(fields=["village", "visited_on"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            withdrawn_for_a_reason("homevisit"),
            models.CheckConstraint(
                name="maternal_child_homevisit_arm_can_be",
                condition=Q(muac_mm__isnull=True) | Q(muac_mm__range=(60, 250)),
            ),
            models.CheckConstraint(
                name="maternal_child_homevisit_referred_somewhere",
                condition=Q(referred__isnull=False, referred=True) & ~Q(referred_to="")
                | Q(referred_to="") & (Q(referred=False) | Q(referred__isnull=True)),
            ),
            models.CheckConstraint(
                name="maternal_child_homevisit_nobody_met_nothing_found",
                condition=Q(met=True, decision__isnull=False)
                | Q(
                    met=False,
                    danger_signs=[],
                    muac_mm__isnull=True,
                    oedema__isnull=True,
                    referred__isnull=True,
                    decision__isnull=True,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.visited_on}"
