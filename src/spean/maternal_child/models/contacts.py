"""A contact of a mother or child with care: what was measured, tested, treated and talked about."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.maternal_child.models.pregnancies import Pregnancy
from spean.maternal_child.models.visits import Sign, Topic
from spean.maternal_child.models.withdrawals import (
    STANDING,
    Withdrawable,
    withdrawn_for_a_reason,
)


class ContactKind(models.TextChoices):
    """What a contact is about."""

    ANTENATAL = "antenatal", _("Antenatal contact")
    POSTNATAL = "postnatal", _("Postnatal contact of the mother")
    NEWBORN = "newborn", _("Postnatal contact of the newborn")
    CHILD = "child", _("Contact of the child")


class ContactPlace(models.TextChoices):
    """Where a contact took place."""

    FACILITY = "facility", _("Health facility")
    OUTREACH = "outreach", _("Outreach session")
    HOME = "home", _("At home")


class Treatment(models.TextChoices):
    """What was given."""

    IRON = "iron", _("Iron and folic acid")
    TETANUS = "tetanus", _("Tetanus vaccine")
    ANTIRETROVIRAL = "antiretroviral", _("Antiretroviral medicine")
    ANTIBIOTIC = "antibiotic", _("Antibiotic")
    ANTIMALARIAL = "antimalarial", _("Antimalarial")
    ANTIHYPERTENSIVE = "antihypertensive", _("Medicine for high blood pressure")
    VITAMIN_A = "vitamin_a", _("Vitamin A")
    DEWORMING = "deworming", _("Deworming")
    ZINC = "zinc", _("Zinc and oral rehydration salts")
    CONTRACEPTIVE = "contraceptive", _("Contraceptive method")


class Protein(models.IntegerChoices):
    """Protein in the urine, in crosses."""

    NONE = 0, _("None")
    ONE = 1, _("+")
    TWO = 2, _("++")
    THREE = 3, _("+++")


class Result(models.TextChoices):
    """What a test found."""

    NEGATIVE = "negative", _("Negative")
    POSITIVE = "positive", _("Positive")


def _within(name: str, least: int, most: int) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"maternal_child_contact_{name}_can_be",
        condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (least, most)}),
    )


BOUNDS = {
    "weight_g": (300, 250_000),
    "length_mm": (200, 2_200),
    "muac_mm": (60, 500),
    "head_mm": (200, 650),
    "systolic": (50, 280),
    "diastolic": (20, 200),
    "temperature_dc": (300, 440),
    "haemoglobin": (20, 220),
    "fundal_height_cm": (5, 60),
    "fetal_heart": (60, 240),
    "breaths": (5, 150),
}


class Contact(Withdrawable):
    """One contact: one person, one day, one kind. What was not asked or measured is empty.

    Weight in grams, lengths in millimetres, temperature in tenths of a degree, haemoglobin in g/l.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="contacts")
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="contacts"
    )
    village = models.ForeignKey("locations.Place", on_delete=models.PROTECT, related_name="+")
    pregnancy = models.ForeignKey(
        Pregnancy, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts"
    )
    kind = models.CharField(_("Kind of contact"), max_length=10, choices=ContactKind)
    day = models.DateField(_("Day of the contact"))
    place = models.CharField(_("Place"), max_length=10, choices=ContactPlace)
    facility = models.ForeignKey(
        "locations.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    weight_g = models.PositiveIntegerField(_("Weight"), null=True, blank=True)
    length_mm = models.PositiveSmallIntegerField(_("Length or height"), null=True, blank=True)
    lying = models.BooleanField(_("Measured lying"), null=True, blank=True)
    muac_mm = models.PositiveSmallIntegerField(
        _("Mid-upper arm circumference (mm)"), null=True, blank=True
    )
    head_mm = models.PositiveSmallIntegerField(_("Head circumference"), null=True, blank=True)
    oedema = models.BooleanField(_("Both feet swollen"), null=True, blank=True)
    systolic = models.PositiveSmallIntegerField(_("Blood pressure, upper"), null=True, blank=True)
    diastolic = models.PositiveSmallIntegerField(_("Blood pressure, lower"), null=True, blank=True)
    temperature_dc = models.PositiveSmallIntegerField(_("Temperature"), null=True, blank=True)
    breaths = models.PositiveSmallIntegerField(_("Breaths in a minute"), null=True, blank=True)
    haemoglobin = models.PositiveSmallIntegerField(_("Haemoglobin (g/l)"), null=True, blank=True)
    fundal_height_cm = models.PositiveSmallIntegerField(
        _("Height of the womb (cm)"), null=True, blank=True
    )
    fetal_heart = models.PositiveSmallIntegerField(
        _("Baby’s heartbeats in a minute"), null=True, blank=True
    )
    protein = models.PositiveSmallIntegerField(
        _("Protein in the urine"), choices=Protein, null=True, blank=True
    )
    hiv = models.CharField(_("HIV test"), max_length=10, choices=Result, blank=True)
    syphilis = models.CharField(_("Syphilis test"), max_length=10, choices=Result, blank=True)
    hepatitis_b = models.CharField(_("Hepatitis B test"), max_length=10, choices=Result, blank=True)
    malaria = models.CharField(_("Malaria test"), max_length=10, choices=Result, blank=True)
    danger_signs = ArrayField(
        models.CharField(max_length=30, choices=Sign), default=list, blank=True
    )
    treatments = ArrayField(
        models.CharField(max_length=20, choices=Treatment), default=list, blank=True
    )
    topics = ArrayField(models.CharField(max_length=30, choices=Topic), default=list, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    decision = models.ForeignKey(
        "kernel.StoredDecision", on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Contact")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["village", "day"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "kind", "day"],
                condition=STANDING,
                name="maternal_child_contact_once_a_day",
            ),
            withdrawn_for_a_reason("contact"),
            models.CheckConstraint(
                name="maternal_child_contact_of_a_pregnancy",
                condition=Q(kind__in=["antenatal", "postnatal"], pregnancy__isnull=False)
                | Q(kind__in=["newborn", "child"], pregnancy__isnull=True),
            ),
            models.CheckConstraint(
                name="maternal_child_contact_facility_only_of_one",
                condition=Q(facility__isnull=True) | ~Q(place="home"),
            ),
            *(_within(name, least, most) for name, (least, most) in BOUNDS.items()),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"

    @property
    def weight_kg(self) -> float | None:
        """The weight in kilograms."""
        return None if self.weight_g is None else self.weight_g / 1000

    @property
    def length_cm(self) -> float | None:
        """The length or height in centimetres."""
        return None if self.length_mm is None else self.length_mm / 10
