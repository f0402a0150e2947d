"""Pairs of records that may be one person, and what a clerk said of them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.registry.models.people import Person
from spean.registry.rules.evidence import Finding, findings


class DuplicatePair(models.Model):
    """Two records with their likeness (0 to 1), the smaller id first, so that a pair is one row.

    `evidence` lists {comparison, level} as the search of the whole registry found them; it is empty
    for a pair that was found otherwise.
    """

    class State(models.TextChoices):
        """What a clerk has said of the pair."""

        OPEN = "open", _("To be looked at")
        DIFFERENT = "different", _("Two different people")
        MERGED = "merged", _("One person, merged")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    likeness = models.DecimalField(max_digits=4, decimal_places=3)
    evidence = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Likely duplicate")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["-likeness", "-id"], condition=Q(state="open"), name="registry_pair_queue"
            )
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["first", "second"], name="registry_duplicatepair_once"),
            models.CheckConstraint(
                name="registry_duplicatepair_in_order", condition=Q(first__lt=F("second"))
            ),
            models.CheckConstraint(
                name="registry_duplicatepair_decided_when_and_by_whom",
                condition=Q(state="open", decided_by="", decided_at__isnull=True)
                | (~Q(state="open") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
            ),
        ]

    @property
    def findings(self) -> list[Finding]:
        """The evidence in words, what agrees first."""
        return findings(self.evidence)

    @property
    def percent(self) -> int:
        """The likeness in hundredths."""
        return int(self.likeness * 100)
