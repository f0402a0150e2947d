"""A cycle of a programme, and what it owes each household: frozen when the cycle is opened."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.kernel.models import Dated, DateRange


class Cycle(Dated):
    """What a programme owes for the days from `start` until the day before `end`.

    No two cycles of a programme share a day, so that nobody is owed twice for one day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.CharField(_("Programme"), max_length=60)
    terms_on = models.DateField(_("By the rules of"))
    as_of = models.DateField(_("Registry as of"))
    policy_version = models.CharField(max_length=64)
    households = models.PositiveIntegerField(_("Households"), default=0)
    total = models.DecimalField(_("Total"), max_digits=18, decimal_places=0, default=0)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Dated.Meta):
        verbose_name = _("Payment cycle")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(name="programmes_cycle_ends", condition=Q(end__isnull=False)),
            ExclusionConstraint(
                name="programmes_cycle_no_day_twice",
                expressions=[
                    (F("programme"), RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.start}"


class Entitlement(models.Model):
    """What one household is owed in a cycle, with the criteria that held and what was counted."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="entitlements")
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="entitlements"
    )
    village = models.CharField(max_length=8)
    amount = models.DecimalField(_("Amount"), max_digits=12, decimal_places=0)
    decision = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="programmes_entitlement_once_a_cycle", fields=["cycle", "household"]
            ),
            models.CheckConstraint(
                name="programmes_entitlement_owes_something", condition=Q(amount__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.amount}"
