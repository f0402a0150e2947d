"""The poverty status of a household: dated, one at a time, from one confirmed assessment."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.kernel.models import Dated, DateRange
from spean.targeting.models.assessments import Assessment
from spean.targeting.models.choices import Level


class PovertyStatus(Dated):
    """A household's level from `start` until the day before `end`. "Not poor" is no status."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="poverty_statuses"
    )
    level = models.CharField(_("Poverty level"), max_length=10, choices=Level)
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="status")
    ended_because = models.CharField(_("Ended because"), max_length=40, blank=True)
    expiry_announced_on = models.DateField(null=True, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("Poverty status")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["end"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="targeting_povertystatus_is_a_status", condition=~Q(level=Level.NOT_POOR)
            ),
            models.CheckConstraint(
                name="targeting_povertystatus_expires", condition=Q(end__isnull=False)
            ),
            ExclusionConstraint(
                name="targeting_povertystatus_one_at_a_time",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]
