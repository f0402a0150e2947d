"""The equity card: what a household shows to be treated, paid and believed."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.kernel.models import Dated, DateRange
from spean.registry.models.households import Household


class EquityCard(Dated):
    """One card of one household, valid from `start` until the day before `end`, unless revoked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("Card number"), max_length=20, unique=True)
    serial = models.BigIntegerField(unique=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="cards")
    category = models.CharField(_("Poverty level"), max_length=20)
    token = models.TextField(editable=False)
    issued_by = models.CharField(max_length=150)
    issued_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_on = models.DateField(_("Revoked on"), null=True, blank=True)
    revoked_by = models.CharField(max_length=150, blank=True)
    revoked_because = models.CharField(_("Reason"), max_length=200, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("Equity card")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="registry_equitycard_expires", condition=Q(end__isnull=False)
            ),
            models.CheckConstraint(
                name="registry_equitycard_revoked_by_someone",
                condition=Q(revoked_on__isnull=True, revoked_by="", revoked_because="")
                | (Q(revoked_on__isnull=False) & ~Q(revoked_by="") & ~Q(revoked_because="")),
            ),
            ExclusionConstraint(
                name="registry_equitycard_one_at_a_time",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number
