"""A facility's monthly report, once its chief has closed it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id


class MonthlyReport(models.Model):
    """What a facility's month counted on the day it was closed; never changed afterwards.

    `counts` is by row of the report, `doubts` what the checks said then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="monthly_reports"
    )
    period = models.CharField(_("Month"), max_length=6)
    counts = models.JSONField()
    doubts = models.JSONField(default=list)
    policy_version = models.CharField(max_length=12)
    closed_on = models.DateField(_("Closed on"))
    closed_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Monthly report")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["facility", "period"], name="results_monthlyreport_closed_once"
            ),
            models.CheckConstraint(
                name="results_monthlyreport_of_a_month",
                condition=Q(period__regex=r"^20\d\d(0[1-9]|1[0-2])$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.period}"
