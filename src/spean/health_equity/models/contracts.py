"""Which facilities a scheme pays, and when one is suspended."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.health_equity.models.words import SchemeName
from spean.kernel.ids import new_id
from spean.kernel.models import Dated, DateRange


class Contract(Dated):
    """A facility that a scheme pays, from `start` until before `end`, by an act."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="contracts"
    )
    scheme = models.CharField(_("Scheme"), max_length=25, choices=SchemeName)
    act = models.CharField(_("Legal act"), max_length=200)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Dated.Meta):
        verbose_name = _("Contract")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="health_equity_contract_once_at_a_time",
                expressions=[
                    (F("facility"), RangeOperators.EQUAL),
                    (F("scheme"), RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.scheme}"


class Suspension(Dated):
    """The days on which nothing that a facility does is paid, and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="suspensions"
    )
    reason = models.CharField(_("Reason"), max_length=300)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Dated.Meta):
        verbose_name = _("Suspension")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="health_equity_suspension_once_at_a_time",
                expressions=[
                    (F("facility"), RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.start}"


class FacilityAccount(Dated):
    """The bank account to which a facility is paid, from `start` until before `end`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="bank_accounts"
    )
    number = models.CharField(_("Account number"), max_length=34)
    holder = models.CharField(_("Name of the account"), max_length=140)
    set_by = models.CharField(max_length=150)
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Dated.Meta):
        verbose_name = _("Bank account")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="health_equity_facilityaccount_one_at_a_time",
                expressions=[
                    (F("facility"), RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.number
