"""An assessment: one case of finding out whether a household is poor, from request to check."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.targeting.models.choices import (
    Attention,
    CheckOutcome,
    Circumstance,
    ClosingReason,
    Level,
    Opinion,
    Origin,
    RefusalReason,
    RequestChannel,
)
from spean.targeting.models.rounds import InterviewRound
from spean.targeting.models.states import OPEN, State, Step

OVER = ("confirmed", "refused", "withdrawn", "cancelled")


def together(name: str, when: str, who: str) -> models.CheckConstraint:
    """Hold that a step's day and its actor are both recorded or both absent."""
    return models.CheckConstraint(
        name=f"targeting_assessment_{name}_when_and_by_whom",
        condition=Q(**{f"{when}__isnull": True, who: ""})
        | (Q(**{f"{when}__isnull": False}) & ~Q(**{who: ""})),
    )


def by_another(name: str, who: str, before: str) -> models.CheckConstraint:
    """Hold that a step is taken by someone else than an earlier one."""
    return models.CheckConstraint(
        name=f"targeting_assessment_{name}", condition=Q(**{who: ""}) | ~Q(**{who: F(before)})
    )


class Requested(models.Model):
    """Why, when and how the assessment was opened."""

    origin = models.CharField(_("Origin"), max_length=12, choices=Origin)
    round = models.ForeignKey(
        InterviewRound,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assessments",
    )
    channel = models.CharField(_("How it was asked"), max_length=20, choices=RequestChannel)
    requested_on = models.DateField(_("Requested on"))
    requested_by = models.CharField(max_length=150)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        abstract = True


class Interviewed(models.Model):
    """The answers, and the points and level that the scorecard gives them."""

    answers = models.JSONField(_("Answers"), default=dict, blank=True)
    interviewed_on = models.DateField(_("Interviewed on"), null=True, blank=True)
    interviewed_by = models.CharField(max_length=150, blank=True)
    decision = models.ForeignKey(
        "kernel.StoredDecision",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    points = models.DecimalField(_("Points"), max_digits=7, decimal_places=2, null=True, blank=True)
    scored_level = models.CharField(_("Scored level"), max_length=10, choices=Level, blank=True)

    class Meta:
        abstract = True


class Reviewed(models.Model):
    """What the village representatives said, and the time on display."""

    reviewed_on = models.DateField(_("Reviewed on"), null=True, blank=True)
    reviewed_by = models.CharField(max_length=150, blank=True)
    opinion = models.CharField(_("Opinion"), max_length=20, choices=Opinion, blank=True)
    proposed_level = models.CharField(_("Proposed level"), max_length=10, choices=Level, blank=True)
    circumstance = models.CharField(
        _("Special circumstance"), max_length=20, choices=Circumstance, blank=True
    )
    review_note = models.CharField(_("Note"), max_length=500, blank=True)
    display_from = models.DateField(_("On display from"), null=True, blank=True)
    display_until = models.DateField(_("On display until the day before"), null=True, blank=True)
    displayed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        abstract = True


class Decided(models.Model):
    """What the commune council decided and what the district said of it."""

    council_on = models.DateField(_("Decided on"), null=True, blank=True)
    council_by = models.CharField(max_length=150, blank=True)
    council_level = models.CharField(_("Council's level"), max_length=10, choices=Level, blank=True)
    council_reason = models.CharField(
        _("Reason for another level"), max_length=20, choices=Circumstance, blank=True
    )
    council_note = models.CharField(_("Note"), max_length=500, blank=True)
    checked_on = models.DateField(_("Checked on"), null=True, blank=True)
    checked_by = models.CharField(max_length=150, blank=True)
    check_outcome = models.CharField(
        _("District's check"), max_length=20, choices=CheckOutcome, blank=True
    )
    check_note = models.CharField(_("Note"), max_length=500, blank=True)

    class Meta:
        abstract = True


class Assessment(Requested, Interviewed, Reviewed, Decided):
    """One case of one household. `village` is where it is handled; `version` guards each step.

    `due_on` is the deadline of the step it waits for. When a case is sent back, the fields of the
    later steps are emptied; what they held stays in `AssessmentStep`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="assessments"
    )
    village = models.ForeignKey(
        "locations.Place", on_delete=models.PROTECT, related_name="+", verbose_name=_("Village")
    )
    state = models.CharField(_("State"), max_length=12, choices=State, default=State.REQUESTED)
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    attention = models.CharField(max_length=20, choices=Attention, blank=True)
    final_level = models.CharField(_("Poverty level"), max_length=10, choices=Level, blank=True)
    refusal = models.CharField(
        _("Refused because"), max_length=20, choices=RefusalReason, blank=True
    )
    closing = models.CharField(
        _("Closed because"), max_length=20, choices=ClosingReason, blank=True
    )
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Assessment")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["household", "requested_on"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state__in=[str(state) for state in OPEN]),
                name="targeting_assessment_one_open_per_household",
            ),
            together("interviewed", "interviewed_on", "interviewed_by"),
            together("reviewed", "reviewed_on", "reviewed_by"),
            together("displayed", "display_from", "displayed_by"),
            together("decided", "council_on", "council_by"),
            together("checked", "checked_on", "checked_by"),
            together("closed", "closed_on", "closed_by"),
            by_another("council_is_not_the_interviewer", "council_by", "interviewed_by"),
            by_another("district_is_not_the_council", "checked_by", "council_by"),
            models.CheckConstraint(
                name="targeting_assessment_closed_when_over",
                condition=Q(state__in=OVER, closed_on__isnull=False, due_on__isnull=True)
                | (~Q(state__in=OVER) & Q(closed_on__isnull=True, due_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="targeting_assessment_confirmed_with_a_level",
                condition=(Q(state="confirmed") & ~Q(final_level=""))
                | (~Q(state="confirmed") & Q(final_level="")),
            ),
            models.CheckConstraint(
                name="targeting_assessment_refused_with_a_reason",
                condition=(Q(state="refused") & ~Q(refusal=""))
                | (~Q(state="refused") & Q(refusal="")),
            ),
            models.CheckConstraint(
                name="targeting_assessment_scored_when_interviewed",
                condition=Q(interviewed_on__isnull=True, decision__isnull=True, scored_level="")
                | (
                    Q(interviewed_on__isnull=False, decision__isnull=False, points__isnull=False)
                    & ~Q(scored_level="")
                ),
            ),
            models.CheckConstraint(
                name="targeting_assessment_displayed_for_a_time",
                condition=Q(display_from__isnull=True, display_until__isnull=True)
                | Q(display_until__gt=F("display_from")),
            ),
            models.CheckConstraint(
                name="targeting_assessment_round_origin",
                condition=Q(origin="round", round__isnull=False)
                | (~Q(origin="round") & Q(round__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        """Whether the case still waits for someone."""
        return self.state in OPEN

    @property
    def level_before_council(self) -> str:
        """The level that the council starts from: the village's proposal, else the score's."""
        return self.proposed_level or self.scored_level


class AssessmentStep(models.Model):
    """One step taken in a case, kept as it was: by whom, on what day, with what."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20, choices=Step)
    state = models.CharField(_("State"), max_length=12, choices=State)
    on = models.DateField(_("Done on"))
    by = models.CharField(_("Done by"), max_length=150)
    note = models.CharField(_("Note"), max_length=500, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["assessment", "id"])]
