"""What care recorded that may be a case of the schemes, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.health_equity.models.visits import Visit
from spean.health_equity.models.words import ServiceName
from spean.kernel.ids import new_id


class ReportedCase(models.Model):
    """A birth or a contact that the record of care reported; `source_key` names it, once.

    `area` is the code of the facility's place, or of the village where the facility isn't known.
    `cover` is what the first scheme said, where none pays; `withdrawn_on` when care took it back.
    """

    class Became(models.TextChoices):
        """What became of a report."""

        OPENED = "opened", _("A visit, to be completed")
        ON_RECORD = "on_record", _("Was on record already")
        NOBODY_PAYS = "nobody_pays", _("No claim: no scheme covers the patient on the day")
        NOT_PAID_HERE = "not_paid_here", _("No claim: the scheme doesn’t pay for it here")
        NO_FACILITY = "no_facility", _("No claim: it isn’t known at which facility it was")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source_key = models.CharField(max_length=100, unique=True)
    service = models.CharField(_("Service"), max_length=30, choices=ServiceName)
    day = models.DateField(_("Day"))
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey(
        "locations.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    area = models.CharField(max_length=8)
    became = models.CharField(_("What became of it"), max_length=15, choices=Became)
    visit = models.ForeignKey(
        Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    cover = models.ForeignKey(
        "kernel.StoredDecision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(null=True, blank=True)
    reported_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Case reported by care")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["area", "day"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="health_equity_reportedcase_visit_or_reason",
                condition=Q(became__in=["opened", "on_record"], visit__isnull=False)
                | (~Q(became__in=["opened", "on_record"]) & Q(visit__isnull=True)),
            ),
            models.CheckConstraint(
                name="health_equity_reportedcase_somewhere",
                condition=Q(became="no_facility") | Q(facility__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.source_key
