"""What a facility asks a scheme to pay, and each judgement of it: nothing is overwritten."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.health_equity.models.visits import Visit
from spean.health_equity.models.words import Document, SchemeName, ServiceName
from spean.kernel.ids import new_id


class Claim(models.Model):
    """One case of one patient that a facility claims from a scheme.

    What one payer leaves is claimed from the next by a claim of its own: `remainder_of` is the
    first payer's, and `whole` what all of them together may then pay.

    It keeps what was claimed, right or not: `person` is empty where the patient wasn't found, and
    `patient`, `sex` and `birth_date` are as the claimant gave them. `external` is the claimant's
    own number, once per facility. `state` and `amount` repeat the last adjudication.
    """

    class Source(models.TextChoices):
        """Where a claim comes from."""

        VISIT = "visit", _("Built from a visit")
        FHIR = "fhir", _("Sent by another system")
        FILE = "file", _("From a file")

    class State(models.TextChoices):
        """How far a claim is."""

        SUBMITTED = "submitted", _("To be judged")
        ACCEPTED = "accepted", _("Accepted")
        REDUCED = "reduced", _("Reduced")
        REJECTED = "rejected", _("Rejected")
        HELD = "held", _("Held back")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("Claim number"), max_length=30)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="claims", db_index=False
    )
    area = models.CharField(max_length=8)
    scheme = models.CharField(_("Scheme"), max_length=25, choices=SchemeName)
    month = models.DateField(_("Month"))
    source = models.CharField(max_length=5, choices=Source)
    external = models.CharField(_("Number of the claimant"), max_length=60)
    visit = models.ForeignKey(
        Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    remainder_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="remainders"
    )
    whole = models.DecimalField(max_digits=14, decimal_places=0, null=True, blank=True)
    person = models.ForeignKey(
        "registry.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="claims",
        db_index=False,
    )  # fmt: skip
    patient = models.CharField(_("Patient, as claimed"), max_length=60, blank=True)
    sex = models.CharField(max_length=6, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    came_on = models.DateField(_("Came on"))
    left_on = models.DateField(_("Left on"))
    diagnoses = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    referred = models.BooleanField(_("Referred by another facility"), default=False)
    documents = ArrayField(
        models.CharField(max_length=20, choices=Document), default=list, blank=True
    )
    asked = models.DecimalField(_("Asked for"), max_digits=14, decimal_places=0)
    submitted_on = models.DateField(_("Submitted on"))
    submitted_by = models.CharField(max_length=150)
    submitted_at = models.DateTimeField(db_default=Now(), editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    amount = models.DecimalField(
        _("To be paid"), max_digits=14, decimal_places=0, null=True, blank=True
    )

    in_order: "list[ClaimLine]"
    judged: "list[Adjudication]"
    later: "list[Claim]"  # the remainders of a case's first claim that stand

    class Meta:
        verbose_name = _("Claim")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["facility", "scheme", "month", "state"]),
            models.Index(fields=["scheme", "month", "state"]),
            models.Index(fields=["person", "came_on"]),
            models.Index(fields=["area", "month"]),
            models.Index(
                fields=["number"],
                condition=Q(state="submitted"),
                name="health_equity_claim_waiting",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["number"], name="health_equity_claim_number_once"),
            models.UniqueConstraint(
                fields=["facility", "external"], name="health_equity_claim_sent_once"
            ),
            models.UniqueConstraint(
                fields=["visit", "scheme"],
                condition=~Q(state="withdrawn"),
                name="health_equity_claim_once_a_visit",
            ),
            models.UniqueConstraint(
                fields=["remainder_of", "scheme"],
                condition=~Q(state="withdrawn"),
                name="health_equity_claim_remainder_once_a_scheme",
            ),
            models.CheckConstraint(
                name="health_equity_claim_remainder_is_part",
                condition=Q(remainder_of__isnull=True, whole__isnull=True)
                | Q(remainder_of__isnull=False, whole__gte=0),
            ),
            models.CheckConstraint(
                name="health_equity_claim_of_a_month", condition=Q(month__day=1)
            ),
            models.CheckConstraint(
                name="health_equity_claim_judged_has_amount",
                condition=Q(state__in=["submitted", "held", "withdrawn"], amount__isnull=True)
                | Q(state="rejected", amount=0)
                | Q(state__in=["accepted", "reduced"], amount__gt=0, amount__lte=models.F("asked")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ClaimLine(models.Model):
    """One service of a claim, in the order in which it was claimed, with the riel asked for."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="lines", db_index=False)
    place = models.PositiveIntegerField()
    service = models.CharField(_("Service"), max_length=30)
    on = models.DateField(_("Day"))
    quantity = models.PositiveIntegerField(_("Quantity"))
    asked = models.DecimalField(_("Asked for"), max_digits=14, decimal_places=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["claim", "place"], name="health_equity_claimline_place")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.service}"

    @property
    def service_name(self) -> str:
        """The service's name, or its code where there is no such service."""
        known = self.service in ServiceName.values
        return str(ServiceName(self.service).label) if known else self.service


class Adjudication(models.Model):
    """One judgement of a claim; the latest counts. Rows are never changed (migration 0002).

    `lines` holds one object for each line of the claim: {place, codes, quantity, amount}; `codes`
    are those of the rules that fired. A person's judgement has a reason.
    """

    class Kind(models.TextChoices):
        """Who judged."""

        RULES = "rules", _("By the rules")
        OVERRIDE = "override", _("By a reviewer")
        APPEAL = "appeal", _("On appeal")
        VERIFICATION = "verification", _("After verification")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="adjudications", db_index=False
    )
    sequence = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=15, choices=Kind)
    outcome = models.CharField(max_length=10, choices=Claim.State)
    amount = models.DecimalField(max_digits=14, decimal_places=0, null=True, blank=True)
    codes = ArrayField(models.CharField(max_length=40), default=list)
    lines = models.JSONField()
    policy_version = models.CharField(max_length=64)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    judged_on = models.DateField(_("Judged on"))
    judged_by = models.CharField(max_length=150)
    judged_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Judgement")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["claim", "sequence"], name="health_equity_adjudication_one_after_another"
            ),
            models.CheckConstraint(
                name="health_equity_adjudication_person_says_why",
                condition=Q(kind="rules") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.sequence}"


class Appeal(models.Model):
    """A facility's objection to a judgement, and the answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="appeals")
    against = models.OneToOneField(Adjudication, on_delete=models.PROTECT, related_name="appeal")
    text = models.CharField(_("Why the judgement is wrong"), max_length=1000)
    made_on = models.DateField(_("Made on"))
    made_by = models.CharField(max_length=150)
    answer = models.CharField(_("Answer"), max_length=1000, blank=True)
    upheld = models.BooleanField(_("Upheld"), null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("Appeal")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="health_equity_appeal_answered_whole",
                condition=Q(
                    answer="", answered_by="", answered_on__isnull=True, upheld__isnull=True
                )
                | (
                    ~Q(answer="")
                    & ~Q(answered_by="")
                    & Q(answered_on__isnull=False, upheld__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="health_equity_appeal_answered_by_another",
                condition=~Q(answered_by=models.F("made_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.text[:40]}"
