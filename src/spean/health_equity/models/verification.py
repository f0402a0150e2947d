"""A sample of a month's claims, what verifiers found, and what a facility must mend."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.health_equity.models.claims import Claim
from spean.health_equity.models.words import SchemeName
from spean.kernel.ids import new_id


class FindingName(models.TextChoices):
    """What a verifier finds of a claim (`rules.verification.Finding`)."""

    RIGHT = "right", _("Nothing is wrong")
    NOT_ELIGIBLE = "not_eligible", _("The patient was not covered")
    NO_RECORD = "no_record", _("The register has no such visit")
    DUPLICATE = "duplicate", _("The same care was claimed twice")
    WRONG_LEVEL = "wrong_level", _("A dearer service was claimed than was given")
    OVER_CLAIM = "over_claim", _("More was claimed than was given")
    PATIENT_DENIES = "patient_denies", _("The patient says that it did not happen")


class CheckResult(models.TextChoices):
    """What one way of checking came to."""

    AGREES = "agrees", _("Agrees with the claim")
    DIFFERS = "differs", _("Differs from the claim")
    NOT_REACHED = "not_reached", _("Nobody was reached")
    NOT_DONE = "not_done", _("Not done")


class Sample(models.Model):
    """Claims of a scheme and month, drawn by stratum from a seed that anybody may repeat.

    `strata` lists {code, claims, amount, drawn}; `result` holds what came of it once it is closed:
    the estimate and, by the facility's code, what was found and what it gives back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scheme = models.CharField(_("Scheme"), max_length=25, choices=SchemeName)
    month = models.DateField(_("Month"))
    seed = models.CharField(_("Seed"), max_length=64)
    strata = models.JSONField()
    drawn_by = models.CharField(max_length=150)
    drawn_at = models.DateTimeField(db_default=Now(), editable=False)
    result = models.JSONField(null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Sample")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["scheme", "month"], name="health_equity_sample_once_a_month"
            ),
            models.CheckConstraint(
                name="health_equity_sample_closed_whole",
                condition=Q(closed_by="", closed_at__isnull=True, result__isnull=True)
                | (~Q(closed_by="") & Q(closed_at__isnull=False, result__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.month:%Y-%m}"


class SampledClaim(models.Model):
    """A claim that was drawn: who checks it, on paper and by telephone, and what was found."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="claims")
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="sampled")
    stratum = models.CharField(max_length=40)
    amount = models.DecimalField(_("Accepted for"), max_digits=14, decimal_places=0)
    taken_by = models.CharField(max_length=150, blank=True)
    on_paper = models.CharField(_("The register and the file"), max_length=12, choices=CheckResult,
                                blank=True)  # fmt: skip
    by_phone = models.CharField(
        _("The patient, by telephone"), max_length=12, choices=CheckResult, blank=True
    )
    finding = models.CharField(_("Finding"), max_length=15, choices=FindingName, blank=True)
    right_amount = models.DecimalField(
        _("What is right"), max_digits=14, decimal_places=0, null=True, blank=True
    )
    note = models.CharField(_("Note"), max_length=300, blank=True)
    checked_by = models.CharField(max_length=150, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="health_equity_sampledclaim_checked_whole",
                condition=Q(checked_by="", checked_at__isnull=True, finding="",
                            right_amount__isnull=True)
                | (~Q(checked_by="") & ~Q(finding="") & ~Q(on_paper="") & ~Q(by_phone="")
                   & Q(checked_at__isnull=False, right_amount__isnull=False)),
            ),
            models.CheckConstraint(
                name="health_equity_sampledclaim_right_amount",
                condition=Q(right_amount__isnull=True)
                | Q(finding="right", right_amount=F("amount"))
                | (~Q(finding="right") & Q(right_amount__gte=0, right_amount__lt=F("amount"))),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.sample_id} {self.claim_id}"


class FacilityAction(models.Model):
    """What a facility must mend after a sample, until when, and when it said it was done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="actions")
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="fund_actions"
    )
    area = models.CharField(max_length=8)
    finding = models.CharField(max_length=15, choices=FindingName)
    claims = models.PositiveIntegerField(_("Claims"))
    due_on = models.DateField(_("Until"))
    answer = models.CharField(_("What was done"), max_length=500, blank=True)
    done_by = models.CharField(max_length=150, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("To mend")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["sample", "facility", "finding"], name="health_equity_facilityaction_once"
            ),
            models.CheckConstraint(
                name="health_equity_facilityaction_done_whole",
                condition=Q(answer="", done_by="", done_on__isnull=True)
                | (~Q(answer="") & ~Q(done_by="") & Q(done_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.finding}"
