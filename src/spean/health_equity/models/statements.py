"""What a facility is paid for a month: its claims, what was taken off, its grants."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.health_equity.models.claims import Claim
from spean.health_equity.models.words import SchemeName
from spean.kernel.ids import new_id


class Statement(models.Model):
    """A facility's statement for a scheme and month, in riel; frozen once it is made.

    `claimed` is what its claims add (also what earlier ones were corrected by), `given_back` what
    verification extrapolated beyond them, `carried` what an earlier statement left below nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("Invoice"), max_length=25, unique=True)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="statements"
    )
    area = models.CharField(max_length=8)
    scheme = models.CharField(_("Scheme"), max_length=25, choices=SchemeName)
    month = models.DateField(_("Month"))
    claims = models.PositiveIntegerField(_("Claims"))
    asked = models.DecimalField(_("Asked for"), max_digits=14, decimal_places=0)
    claimed = models.DecimalField(_("For claims"), max_digits=14, decimal_places=0)
    given_back = models.DecimalField(_("Given back"), max_digits=14, decimal_places=0)
    fixed_grant = models.DecimalField(_("Fixed grant"), max_digits=14, decimal_places=0)
    performance_grant = models.DecimalField(_("Grant for quality"), max_digits=14, decimal_places=0)
    carried = models.DecimalField(_("Carried over"), max_digits=14, decimal_places=0)
    total = models.DecimalField(_("Total"), max_digits=14, decimal_places=0)
    policies = models.JSONField(default=list)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Statement")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["facility", "scheme", "month"], name="health_equity_statement_once_a_month"
            ),
            models.CheckConstraint(
                name="health_equity_statement_adds_up",
                condition=Q(
                    total=F("claimed")
                    - F("given_back")
                    + F("fixed_grant")
                    + F("performance_grant")
                    + F("carried")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StatedClaim(models.Model):
    """What a statement adds for one claim: all of it at first, later the difference."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="stated")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="stated")
    amount = models.DecimalField(max_digits=14, decimal_places=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["statement", "claim"], name="health_equity_statedclaim_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.claim_id}"


class QualityScore(models.Model):
    """A facility's score of quality for a quarter, in percent: before, and after verification."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="quality_scores"
    )
    quarter = models.DateField(_("Quarter, by its first day"))
    before = models.DecimalField(_("First score (%)"), max_digits=5, decimal_places=2)
    after = models.DecimalField(
        _("Score after verification (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField(_("Why they differ"), max_length=300, blank=True)
    scored_by = models.CharField(max_length=150)
    scored_at = models.DateTimeField(db_default=Now(), editable=False)
    verified_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("Score of quality")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["facility", "quarter"], name="health_equity_qualityscore_once_a_quarter"
            ),
            models.CheckConstraint(
                name="health_equity_qualityscore_of_a_quarter",
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
            ),
            models.CheckConstraint(
                name="health_equity_qualityscore_in_percent",
                condition=Q(before__range=(0, 100))
                & (Q(after__isnull=True) | Q(after__range=(0, 100))),
            ),
            models.CheckConstraint(
                name="health_equity_qualityscore_verified_by_another",
                condition=Q(after__isnull=True, verified_by="")
                | (Q(after__isnull=False) & ~Q(verified_by="") & ~Q(verified_by=F("scored_by"))),
            ),
            models.CheckConstraint(
                name="health_equity_qualityscore_difference_has_a_reason",
                condition=Q(after__isnull=True) | Q(after=F("before")) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.quarter}"
