"""What the kernel stores: users and their roles, decisions, the audit trail, the outbox."""

from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id


class User(AbstractUser):
    """A person or a system that signs in. Rights come from `RoleGrant`, never from flags here."""

    full_name = models.CharField(_("Full name"), max_length=120, blank=True)
    language = models.CharField(
        _("Language"), max_length=5, default="km", choices=settings.LANGUAGES
    )
    is_system = models.BooleanField(_("Other system"), default=False)

    class Meta:
        verbose_name = _("User")

    def __str__(self) -> str:
        return self.full_name or self.username


class DateRange(Func):
    """Build a PostgreSQL date range [start, end) from two columns, for exclusion constraints."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self, start: str = "start", end: str = "end") -> None:
        super().__init__(F(start), F(end), Value("[)"))

    def deconstruct(self) -> tuple[str, tuple[str, str], dict[str, object]]:
        start, end = (cast(Any, source).name for source in self.source_expressions[:2])
        return ("spean.kernel.models.DateRange", (start, end), {})


class Dated(models.Model):
    """A fact that holds from `start` until the day before `end` (open where `end` is empty)."""

    start = models.DateField(_("From"))
    end = models.DateField(_("Until"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gt=F("start")),
                name="%(app_label)s_%(class)s_ends_after_start",
            )
        ]


class RoleGrant(Dated):
    """One role, held by one user, in one area, for a time."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("Role"), max_length=40)
    area = models.CharField(_("Area code"), max_length=8, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("Role grant")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="kernel_rolegrant_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} {self.area}"


class StoredDecision(models.Model):
    """A decision as it was taken: facts, criteria, policy values and their references."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    outcome = models.CharField(max_length=60)
    decided_on = models.DateField()
    body = models.JSONField()
    stored_by = models.CharField(max_length=150)
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_type", "subject_id", "stored_at"])
        ]


class AuditEntry(models.Model):
    """One line of the audit trail. The database refuses to change or delete it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.CharField(max_length=150)
    purpose = models.CharField(max_length=30)
    kind = models.CharField(
        max_length=10,
        choices=[("write", _("Change")), ("read", _("Read")), ("refusal", _("Refusal"))],
    )
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    area = models.CharField(max_length=8, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Audit entry")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_type", "subject_id", "id"]),
            models.Index(fields=["actor", "id"]),
        ]


class AuditLink(models.Model):
    """One link of the hash chain over the audit trail; written only by a database trigger."""

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    hash = models.BinaryField()


class OutboxMessage(models.Model):
    """News that has to leave this process, kept until every listener outside has it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.CharField(max_length=80)
    listener = models.CharField(max_length=120)
    body = models.JSONField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=Q(delivered_at__isnull=True), name="kernel_outbox_due"
            )
        ]


class IdempotencyKey(models.Model):
    """The answer given to one write by one client, so that a repeat gets it again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "key"], name="kernel_idempotencykey_once")
        ]


class LongRun(models.Model):
    """One piece of long work: what was asked, how far it is, what came of it.

    `checkpoint` is what the work keeps of itself to go on from; `error` is a stored error. A run
    that has not shown a sign of life (`beat_at`) for some minutes lost its worker.
    """

    class State(models.TextChoices):
        """The life of a run."""

        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("Work"), max_length=40)
    parameters = models.JSONField(default=dict)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.WAITING)
    doing = models.CharField(max_length=200, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.JSONField(null=True, blank=True)
    started_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    beat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("Long work")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "state", "id"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state__in=["waiting", "running"]),
                name="kernel_longrun_one_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | (~Q(state__in=["waiting", "running"]) & Q(finished_at__isnull=False)),
                name="kernel_longrun_finished_when_over",
            ),
            models.CheckConstraint(
                condition=Q(state="failed", error__isnull=False)
                | (~Q(state="failed") & Q(error__isnull=True)),
                name="kernel_longrun_failed_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def percent(self) -> int:
        """How much of the work is done, of 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
