"""Complaints about who is in, who is out, a card or conduct."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.targeting.models.assessments import Assessment
from spean.targeting.models.choices import (
    ComplaintChannel,
    ComplaintKind,
    ComplaintState,
    Remedy,
)


class Complaint(models.Model):
    """One complaint by anybody, about a household or (staff, other) about none.

    The complainant may stay unnamed; `on_behalf` says that they speak for the household.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    village = models.ForeignKey(
        "locations.Place", on_delete=models.PROTECT, related_name="+", verbose_name=_("Village")
    )
    household = models.ForeignKey(
        "registry.Household",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="complaints",
    )
    assessment = models.ForeignKey(
        Assessment, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )
    kind = models.CharField(_("About"), max_length=10, choices=ComplaintKind)
    channel = models.CharField(_("How it came"), max_length=20, choices=ComplaintChannel)
    text = models.TextField(_("Complaint"), max_length=2000)
    complainant = models.CharField(_("Who complains"), max_length=120, blank=True)
    phone = models.CharField(_("Phone"), max_length=16, blank=True)
    on_behalf = models.BooleanField(_("On behalf of the household"), default=False)
    received_on = models.DateField(_("Received on"))
    received_by = models.CharField(max_length=150)
    due_on = models.DateField(_("Answer due on"))
    state = models.CharField(max_length=10, choices=ComplaintState, default=ComplaintState.OPEN)
    remedy = models.CharField(_("Remedy"), max_length=10, choices=Remedy, blank=True)
    answer = models.TextField(_("Answer"), max_length=2000, blank=True)
    resolved_on = models.DateField(_("Answered on"), null=True, blank=True)
    resolved_by = models.CharField(max_length=150, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("Complaint")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "due_on"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="targeting_complaint_names_a_household",
                condition=Q(kind__in=["staff", "other"]) | Q(household__isnull=False),
            ),
            models.CheckConstraint(
                name="targeting_complaint_answered_when_how_and_by_whom",
                condition=Q(
                    state="open", resolved_on__isnull=True, resolved_by="", answer="", remedy=""
                )
                | (
                    Q(state__in=["upheld", "rejected"], resolved_on__isnull=False)
                    & ~Q(resolved_by="")
                    & ~Q(answer="")
                    & ~Q(remedy="")
                ),
            ),
            models.CheckConstraint(
                name="targeting_complaint_answered_by_another",
                condition=~Q(resolved_by=F("received_by")),
            ),
            models.CheckConstraint(
                name="targeting_complaint_answered_after_it_came",
                condition=Q(resolved_on__isnull=True) | Q(resolved_on__gte=F("received_on")),
            ),
        ]
