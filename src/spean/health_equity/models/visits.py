"""A patient's visit to a facility: what was found and done, and who pays for it."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.health_equity.models.words import (
    Document,
    GroupName,
    SchemeName,
    ServiceName,
    VisitOutcome,
)
from spean.kernel.ids import new_id

if TYPE_CHECKING:
    from spean.health_equity.models.claims import Claim

DIAGNOSIS = r"^[A-Z][0-9][0-9AB](\.[0-9A-Z]{1,4})?$"  # a code of ICD-10


class Visit(models.Model):
    """One visit, or stay, from `came_on` to `left_on` (empty while the patient is there).

    `scheme` and `group` say who pays, as it was decided at the counter (`cover`); empty where
    nobody is found to. `fee` is what the patient would have been asked for in riel. `area` is the
    code of the facility's place. `source_key` names the event that made the visit, if no person
    did.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("Visit number"), max_length=25, unique=True)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="visits"
    )
    area = models.CharField(max_length=8)
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="visits")
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="visits"
    )
    card = models.CharField(_("Card or number shown"), max_length=30, blank=True)
    came_on = models.DateField(_("Came on"))
    left_on = models.DateField(_("Left on"), null=True, blank=True)
    diagnoses = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    referred_from = models.ForeignKey(
        "locations.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    referred_to = models.ForeignKey(
        "locations.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    documents = ArrayField(
        models.CharField(max_length=20, choices=Document), default=list, blank=True
    )
    outcome = models.CharField(_("Outcome"), max_length=10, choices=VisitOutcome, blank=True)
    scheme = models.CharField(_("Who pays"), max_length=25, choices=SchemeName, blank=True)
    group = models.CharField(_("Group"), max_length=25, choices=GroupName, blank=True)
    cover = models.ForeignKey(
        "kernel.StoredDecision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fee = models.DecimalField(_("Fee"), max_digits=12, decimal_places=0, default=0)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    source_key = models.CharField(max_length=100, null=True, blank=True, unique=True)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    payers: "list[Claim]"

    class Meta:
        verbose_name = _("Visit")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["facility", "came_on"]),
            models.Index(fields=["person", "came_on"]),
            models.Index(fields=["area", "came_on"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="health_equity_visit_leaves_after_coming",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("came_on")),
            ),
            models.CheckConstraint(
                name="health_equity_visit_closed_when_and_by_whom",
                condition=Q(closed_by="", closed_at__isnull=True, left_on__isnull=True, outcome="")
                | (~Q(closed_by="") & Q(closed_at__isnull=False, left_on__isnull=False)
                   & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="health_equity_visit_referred_somewhere",
                condition=~Q(outcome="referred") | Q(referred_to__isnull=False),
            ),
            models.CheckConstraint(
                name="health_equity_visit_paid_by_decision",
                condition=Q(scheme="", group="") | (~Q(group="") & Q(cover__isnull=False)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class VisitService(models.Model):
    """What was done at a visit, on a day, how often (days of a stay, km of transport)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="services")
    service = models.CharField(_("Service"), max_length=30, choices=ServiceName)
    on = models.DateField(_("Day"))
    quantity = models.PositiveIntegerField(_("Quantity"), default=1)
    given_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("Service")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["visit", "service", "on"], name="health_equity_visitservice_once_a_day"
            ),
            models.CheckConstraint(
                name="health_equity_visitservice_some", condition=Q(quantity__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.on}"
