"""What stands against giving a vaccine to somebody."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.maternal_child.models.doses import Vaccine
from spean.maternal_child.models.withdrawals import (
    STANDING,
    Withdrawable,
    withdrawn_for_a_reason,
)


class Condition(models.TextChoices):
    """Conditions that the schedules name, and a severe reaction to a vaccine."""

    REACTION = "severe_reaction", _("Severe allergic reaction to an earlier dose")
    IMMUNODEFICIENCY = "immunodeficiency", _("Severely weakened immune system")
    HIV = "hiv", _("HIV infection, not stable under treatment")
    ENCEPHALOPATHY = "encephalopathy", _("Brain illness within seven days of a dose")
    ACUTE_ILLNESS = "acute_illness", _("Severe illness with fever")


class Contraindication(Withdrawable):
    """One condition of a person, from a day on and, where it passes, until another.

    A reaction names its vaccine; what follows from the others stands in the schedule.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="contraindications"
    )
    condition = models.CharField(_("Condition"), max_length=20, choices=Condition)
    vaccine = models.CharField(_("Vaccine"), max_length=10, choices=Vaccine, blank=True)
    since = models.DateField(_("Since"))
    until = models.DateField(_("Until"), null=True, blank=True)
    recorded_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Contraindication")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "condition", "vaccine"],
                condition=STANDING & Q(until__isnull=True),
                name="maternal_child_contraindication_once",
            ),
            models.CheckConstraint(
                name="maternal_child_contraindication_reaction_to_a_vaccine",
                condition=Q(condition="severe_reaction") & ~Q(vaccine="")
                | ~Q(condition="severe_reaction") & Q(vaccine=""),
            ),
            models.CheckConstraint(
                name="maternal_child_contraindication_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
            ),
            withdrawn_for_a_reason("contraindication"),
        ]

    def __str__(self) -> str:
        return f"{self.condition} {self.vaccine}".strip()
