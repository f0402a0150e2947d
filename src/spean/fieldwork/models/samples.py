"""Interviews drawn by lot to be held again, and what was answered the second time."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.fieldwork.models.submissions import Submission
from spean.kernel.ids import new_id


class Sample(models.Model):
    """One draw: the same seed gives the same interviews, so that anybody can draw it again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.CharField(_("Area"), max_length=8, blank=True)
    first_day = models.DateField(_("From"))
    last_day = models.DateField(_("Until"))
    share = models.PositiveSmallIntegerField(_("Percent drawn"))
    seed = models.CharField(_("Seed"), max_length=40)
    drawn_on = models.DateField(_("Drawn on"))
    drawn_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Sample for re-interview")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="fieldwork_sample_of_some_days",
                condition=Q(last_day__gte=models.F("first_day")),
            ),
            models.CheckConstraint(
                name="fieldwork_sample_share_of_a_hundred", condition=Q(share__range=(1, 100))
            ),
        ]


class SampledInterview(models.Model):
    """An interview of a sample; `answers` are those of the second time, by question code."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="interviews")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="samples")
    answers = models.JSONField(default=dict, blank=True)
    checked_on = models.DateField(_("Held again on"), null=True, blank=True)
    checked_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("Interview to be held again")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["sample", "submission"], name="fieldwork_sampledinterview_once"
            ),
            models.CheckConstraint(
                name="fieldwork_sampledinterview_checked_when_and_by_whom",
                condition=Q(checked_on__isnull=True, checked_by="", answers={})
                | (Q(checked_on__isnull=False) & ~Q(checked_by="") & ~Q(answers={})),
            ),
        ]
