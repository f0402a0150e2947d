"""Vaccines given, and treatment of malnutrition."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.maternal_child.models.contacts import Contact
from spean.maternal_child.models.withdrawals import (
    STANDING,
    Withdrawable,
    withdrawn_for_a_reason,
)


class Vaccine(models.TextChoices):
    """Vaccines by product, as the schedule names them."""

    BCG = "bcg", _("BCG")
    HEPB = "hepb", _("Hepatitis B")
    PENTA = "penta", _("Penta (DTP-HepB-Hib)")
    OPV = "opv", _("OPV")
    IPV = "ipv", _("IPV")
    PCV = "pcv", _("PCV")
    ROTA = "rota", _("Rotavirus")
    MR = "mr", _("Measles-rubella")
    MMR = "mmr", _("Measles-mumps-rubella")
    JE = "je", _("Japanese encephalitis")
    HPV = "hpv", _("HPV")


class Dose(Withdrawable):
    """A dose given, here or elsewhere (from a card, without `contact`); withdrawn if in error.

    The database refuses a dose before birth (migration 0003).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="doses")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="doses"
    )
    vaccine = models.CharField(_("Vaccine"), max_length=10, choices=Vaccine)
    day = models.DateField(_("Given on"))
    batch = models.CharField(_("Batch"), max_length=30, blank=True)
    recorded_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Dose")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "vaccine", "day"],
                condition=STANDING,
                name="maternal_child_dose_once_a_day",
            ),
            withdrawn_for_a_reason("dose"),
        ]

    def __str__(self) -> str:
        return f"{self.vaccine} {self.day}"


class NutritionTreatment(models.Model):
    """Treatment of acute malnutrition, from admission to discharge."""

    class Kind(models.TextChoices):
        """Where and how it is treated."""

        INPATIENT = "inpatient", _("Severe, with complications: in hospital")
        OUTPATIENT = "outpatient", _("Severe: therapeutic food at home")
        SUPPLEMENT = "supplement", _("Moderate: supplementary food")

    class Outcome(models.TextChoices):
        """How it ended."""

        CURED = "cured", _("Cured")
        DEFAULTED = "defaulted", _("Did not come back")
        NOT_RECOVERED = "not_recovered", _("Not recovered")
        TRANSFERRED = "transferred", _("Transferred")
        DIED = "died", _("Died")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="nutrition_treatments"
    )
    kind = models.CharField(_("Treatment"), max_length=10, choices=Kind)
    started_on = models.DateField(_("Admitted on"))
    started_by = models.CharField(max_length=150)
    ended_on = models.DateField(_("Discharged on"), null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=15, choices=Outcome, blank=True)

    class Meta:
        verbose_name = _("Nutrition treatment")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_on__isnull=True),
                name="maternal_child_nutrition_one_at_a_time",
            ),
            models.CheckConstraint(
                name="maternal_child_nutrition_ended_when_how_and_by_whom",
                condition=Q(ended_on__isnull=True, ended_by="", outcome="")
                | Q(ended_on__gte=F("started_on")) & ~Q(ended_by="") & ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_on}"
