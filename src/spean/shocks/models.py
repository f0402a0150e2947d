"""A shock, the places that it struck over time, the plan against it, and who was missed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.kernel.models import Dated
from spean.shocks.rules import Kind

WORDS = {
    Kind.FLOOD: _("Flood"),
    Kind.DROUGHT: _("Drought"),
    Kind.EPIDEMIC: _("Epidemic"),
    Kind.PRICE: _("Rise of prices"),
}


class Event(models.Model):
    """Something that struck: what, since when, who says so, and what was measured."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("Kind"), max_length=10, choices=list(WORDS.items()))
    title = models.CharField(_("Title"), max_length=120)
    since = models.DateField(_("Since"))
    source = models.CharField(_("Who reported it"), max_length=200)
    measures = models.JSONField(default=dict)
    noted_by = models.CharField(max_length=150)
    noted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Shock")

    def __str__(self) -> str:
        return self.title


class StruckPlace(Dated):
    """A place that a shock struck, from a day until another, or until it is over."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="places")
    place = models.CharField(max_length=8)
    source = models.CharField(max_length=200)
    noted_by = models.CharField(max_length=150)

    class Meta(Dated.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                name="shocks_struckplace_once_open",
                fields=["event", "place"],
                condition=Q(end__isnull=True),
            ),
        ]


class NamedFamily(Dated):
    """A family that a shock struck though its place was not, or that is left out, and why.

    Whom it names besides is paid once a plan holds it; whom it leaves out is so at once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="families")
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="named_by_shocks"
    )
    village = models.CharField(max_length=8)
    left_out = models.BooleanField()
    reason = models.CharField(_("Reason"), max_length=300)
    noted_by = models.CharField(max_length=150)

    class Meta(Dated.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                name="shocks_namedfamily_once_open",
                fields=["event", "household"],
                condition=Q(end__isnull=True),
            ),
            models.CheckConstraint(name="shocks_namedfamily_says_why", condition=~Q(reason="")),
        ]


class Plan(Dated):
    """To whom which programmes pay, for which days: in force once two others have approved it.

    An addition holds only what another plan of the event did not, for that plan's days.
    """

    class State(models.TextChoices):
        """How far a plan is."""

        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="plans")
    adds_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="additions"
    )
    programmes = ArrayField(models.CharField(max_length=40))
    places = models.JSONField()
    families = models.JSONField(default=list)
    triggers = models.JSONField()
    scenario = models.ForeignKey("simulation.Scenario", on_delete=models.PROTECT)
    households = models.PositiveIntegerField(_("Households"))
    a_month = models.DecimalField(_("Riel a month"), max_digits=18, decimal_places=0)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.CharField(max_length=150)
    proposed_at = models.DateTimeField(db_default=Now(), editable=False)
    first_approved_by = models.CharField(max_length=150, blank=True)
    second_approved_by = models.CharField(max_length=150, blank=True)
    refused_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("Plan")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="shocks_plan_two_others_approve",
                condition=(Q(first_approved_by="") | ~Q(first_approved_by=F("proposed_by")))
                & (Q(second_approved_by="") | ~Q(second_approved_by=F("proposed_by")))
                & (Q(second_approved_by="") | ~Q(second_approved_by=F("first_approved_by"))),
            ),
            models.CheckConstraint(
                name="shocks_plan_approved_by_two",
                condition=~Q(state="approved")
                | (~Q(first_approved_by="") & ~Q(second_approved_by="")),
            ),
            models.CheckConstraint(name="shocks_plan_ends", condition=Q(end__isnull=False)),
            models.CheckConstraint(
                name="shocks_plan_pays_something", condition=~Q(programmes__len=0)
            ),
        ]


class Missed(models.Model):
    """A family that says the shock struck it, and that it was left out."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Waiting")
        TAKEN_IN = "taken_in", _("Its village was taken in")
        ALONE = "alone", _("It alone was taken in")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="missed")
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="missed_by_shocks"
    )
    village = models.CharField(max_length=8)
    says = models.CharField(_("What happened"), max_length=500)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    received_by = models.CharField(max_length=150)
    received_on = models.DateField()
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("Missed by a shock")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="shocks_missed_once_waiting",
                fields=["event", "household"],
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="shocks_missed_decided_by_someone",
                condition=Q(state="waiting") | (~Q(decided_by="") & ~Q(reason="")),
            ),
        ]
