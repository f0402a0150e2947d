"""Deaths of mothers and children: notified, then reviewed (MPDSR)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id


class DeathKind(models.TextChoices):
    """Whose death it was, as the reviews count them."""

    MATERNAL = "maternal", _("Mother, pregnant or within 42 days after")
    NEWBORN = "newborn", _("Newborn, within 28 days")
    CHILD = "child", _("Child under five")


class DeathPlace(models.TextChoices):
    """Where somebody died."""

    HEALTH_CENTRE = "health_centre", _("Health centre")
    HOSPITAL = "hospital", _("Hospital")
    HOME = "home", _("At home")
    ON_THE_WAY = "on_the_way", _("On the way")


class Delay(models.TextChoices):
    """The three delays (Thaddeus and Maine 1994)."""

    SEEKING = "seeking", _("First delay: deciding to seek care")
    REACHING = "reaching", _("Second delay: reaching care")
    RECEIVING = "receiving", _("Third delay: receiving good care")


class Cause(models.TextChoices):
    """Groups of causes: WHO ICD-MM for mothers, ICD-PM for newborns, the main ones of children."""

    HAEMORRHAGE = "haemorrhage", _("Bleeding")
    HYPERTENSION = "hypertension", _("High blood pressure, eclampsia")
    INFECTION = "infection", _("Infection of the womb, sepsis")
    ABORTION = "abortion", _("After an abortion or miscarriage")
    OTHER_OBSTETRIC = "other_obstetric", _("Another cause of pregnancy or birth")
    INDIRECT = "indirect", _("An illness made worse by pregnancy")
    PREMATURE = "premature", _("Born too early")
    ASPHYXIA = "asphyxia", _("Lack of oxygen at birth")
    MALFORMATION = "malformation", _("Malformation")
    PNEUMONIA = "pneumonia", _("Pneumonia")
    DIARRHOEA = "diarrhoea", _("Diarrhoea")
    MALARIA = "malaria", _("Malaria")
    INJURY = "injury", _("Injury or drowning")
    OTHER = "other", _("Another cause")
    UNKNOWN = "unknown", _("Not known")


class Death(models.Model):
    """One death, with who told of it and, once reviewed, why it happened and what is to change.

    `change` is what was proposed to the registry; none where a new head comes first.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField(
        "registry.Person", on_delete=models.PROTECT, related_name="death_in_care"
    )
    village = models.ForeignKey("locations.Place", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=DeathKind)
    died_on = models.DateField(_("Died on"))
    place = models.CharField(_("Where"), max_length=15, choices=DeathPlace)
    account = models.CharField(_("What happened"), max_length=1000, blank=True)
    change = models.ForeignKey(
        "registry.ChangeRequest",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    notified_on = models.DateField(_("Notified on"))
    notified_by = models.CharField(max_length=150)
    reviewed_on = models.DateField(_("Day of the review"), null=True, blank=True)
    reviewed_by = models.CharField(max_length=150, blank=True)
    cause = models.CharField(_("Cause"), max_length=20, choices=Cause, blank=True)
    delays = ArrayField(models.CharField(max_length=10, choices=Delay), default=list, blank=True)
    avoidable = models.BooleanField(_("Could have been avoided"), null=True, blank=True)
    measures = models.CharField(_("What is to change"), max_length=1000, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Death")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["village", "reviewed_on"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="maternal_child_death_notified_after_it",
                condition=Q(notified_on__gte=F("died_on")),
            ),
            models.CheckConstraint(
                name="maternal_child_death_reviewed_whole_or_not",
                condition=Q(
                    reviewed_on__isnull=True, reviewed_by="", cause="", delays=[],
                    avoidable__isnull=True, measures="",
                )
                | Q(reviewed_on__gte=F("notified_on"), avoidable__isnull=False)
                & ~Q(reviewed_by="") & ~Q(cause="") & ~Q(measures=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.died_on}"
