"""What came from the phones, untouched; what was made of it; what a person has to decide."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.fieldwork.models.forms import FormVersion
from spean.kernel.ids import new_id


class Submission(models.Model):
    """One filled-in form, as it arrived. `xml` is never changed: a correction stands beside it.

    `area` is the village that the record names; where it names none, the area of who sent it.
    `word` is what the person at the inbox said of the whole: {"on": day} where the phone's clock
    was wrong, {"by": user name} where somebody else answers for it.
    """

    class State(models.TextChoices):
        """What became of it."""

        RECEIVED = "received", _("Received")
        APPLIED = "applied", _("Taken in")
        ATTENTION = "attention", _("Needs attention")
        DISMISSED = "dismissed", _("Set aside")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instance_id = models.CharField(max_length=120, unique=True)
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    xml = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    device = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField(_("Received"))
    started_at = models.DateTimeField(_("Started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    area = models.CharField(_("Area"), max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.RECEIVED)
    word = models.JSONField(default=dict, blank=True)
    taken_in_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.CharField(max_length=150, blank=True)
    dismissed_because = models.CharField(_("Reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Submission")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "received_at"]),
            models.Index(fields=["user", "received_at"]),
            models.Index(
                fields=["received_at"],
                condition=Q(state__in=["received", "attention"]),
                name="fieldwork_submission_open",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="fieldwork_submission_dismissed_when_by_whom_and_why",
                condition=Q(state="dismissed", dismissed_at__isnull=False)
                & ~Q(dismissed_by="")
                & ~Q(dismissed_because="")
                | ~Q(state="dismissed")
                & Q(dismissed_at__isnull=True, dismissed_by="", dismissed_because=""),
            ),
            models.CheckConstraint(
                name="fieldwork_submission_position_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]

    def __str__(self) -> str:
        return self.instance_id


class Part(models.Model):
    """One thing that a submission asks for; each is done, or waits, on its own.

    An interview or a visit has the one part "whole"; an update has one for each field, member or
    event. `reasons` are {field, code, message, facts}. `word` is what a person said of it:
    {"others": true} (these are other people), {"household": id} (it is that family), {"insist":
    true} (write it over what was recorded meanwhile).
    """

    class State(models.TextChoices):
        """What became of it."""

        DONE = "done", _("Done")
        OPEN = "open", _("Waits for a person")
        DROPPED = "dropped", _("Left as recorded")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="parts")
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State)
    reasons = models.JSONField(default=list, blank=True)
    word = models.JSONField(default=dict, blank=True)
    seen = models.CharField(max_length=300, blank=True)
    recorded = models.CharField(max_length=300, blank=True)
    offered = models.CharField(max_length=300, blank=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Part of a submission")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["submission", "name"], name="fieldwork_part_once"),
            models.CheckConstraint(
                name="fieldwork_part_decided_when_and_by_whom",
                condition=Q(decided_at__isnull=True, decided_by="")
                | (Q(decided_at__isnull=False) & ~Q(decided_by="")),
            ),
            models.CheckConstraint(
                name="fieldwork_part_dropped_by_somebody",
                condition=~Q(state="dropped") | ~Q(decided_by=""),
            ),
            models.CheckConstraint(
                name="fieldwork_part_waits_for_a_reason", condition=~Q(state="open", reasons=[])
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """Another answer in place of one that was sent; the latest for a path counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="corrections")
    path = models.CharField(max_length=200)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    note = models.CharField(_("Reason"), max_length=300)
    by = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Correction")


class Attachment(models.Model):
    """A file that belongs to a submission; it may come in a later request."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    received_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Attachment")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["submission", "name"], name="fieldwork_attachment_once")
        ]


class RefusedUpload(models.Model):
    """What was sent and is no submission that we know: kept as far as we can, with the reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    received_at = models.DateTimeField(_("Received"))
    username = models.CharField(max_length=150)
    reason = models.JSONField()
    raw = models.BinaryField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Refused upload")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["received_at"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["username", "sha256"], name="fieldwork_refusedupload_once"
            )
        ]
