"""Who is on the lists of the schemes, and who was found poor at a facility."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.health_equity.models.words import GroupName
from spean.health_equity.rules import LISTED
from spean.kernel.ids import new_id
from spean.kernel.models import Dated, DateRange


class Listing(Dated):
    """A person on the list of a group that a scheme covers, from `start` until before `end`.

    `number` is the scheme's own, `source` the list or act that names them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="scheme_listings"
    )
    group = models.CharField(_("Group"), max_length=25, choices=GroupName)
    number = models.CharField(_("Number in the scheme"), max_length=30, blank=True)
    source = models.CharField(_("List or act"), max_length=200)
    listed_by = models.CharField(max_length=150)
    listed_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("Listing")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["number"], condition=~Q(number=""), name="health_equity_listing_number"
            )
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="health_equity_listing_of_a_listed_group",
                condition=Q(group__in=[str(group) for group in LISTED]),
            ),
            ExclusionConstraint(
                name="health_equity_listing_once_at_a_time",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("group"), RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.number}"


class PostIdentification(Dated):
    """A household found poor by a short interview at a facility: covered from `start` until before
    `end`, while the commune looks at it as it does at any request.

    `answers` and `points` are the interview's; `assessment` is the case that follows.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="post_identifications"
    )
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="post_identifications"
    )
    answers = models.JSONField()
    points = models.PositiveSmallIntegerField(_("Points"))
    decision = models.ForeignKey(
        "kernel.StoredDecision", on_delete=models.PROTECT, related_name="+"
    )
    assessment = models.ForeignKey(
        "targeting.Assessment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="post_identifications",
    )
    found_by = models.CharField(max_length=150)
    found_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Dated.Meta):
        verbose_name = _("Post-identification")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="health_equity_postidentification_ends", condition=Q(end__isnull=False)
            ),
            ExclusionConstraint(
                name="health_equity_postidentification_once_at_a_time",
                expressions=[
                    (F("household"), RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.start}"
