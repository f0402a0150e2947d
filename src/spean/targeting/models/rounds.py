"""A round: whole villages interviewed at once, instead of waiting for requests."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.targeting.models.choices import RoundState


class InterviewRound(models.Model):
    """A round of interviews in some villages, from `starts_on` to `ends_on` (that day included)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("Name of the round"), max_length=120)
    area = models.CharField(_("Area code"), max_length=8, blank=True)
    villages = models.ManyToManyField("locations.Place", related_name="+")
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"))
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.OPEN)
    planned_on = models.DateField(_("Planned on"))
    planned_by = models.CharField(max_length=150)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("Round of interviews")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="targeting_interviewround_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="targeting_interviewround_closed_when_and_by_whom",
                condition=Q(state="open", closed_on__isnull=True, closed_by="")
                | (Q(state="closed", closed_on__isnull=False) & ~Q(closed_by="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
