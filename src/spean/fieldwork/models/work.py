"""What is to be done in the field, and by what it was done."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.fieldwork.models.submissions import Submission
from spean.kernel.ids import new_id


class WorkItem(models.Model):
    """One interview to hold, one visit to make, one person due for care; open until `closed_on`.

    `line` is the line of the schedule that a visit fulfils; `lines` are those due to a person, as
    "schedule:line", the most overdue first; `visit_kind` says whom either is about. `changed_in` is
    the number of the transaction that wrote the row last, set by the database: the phones' cursor
    (`queries/work`).
    """

    class Kind(models.TextChoices):
        """What is to be done."""

        INTERVIEW = "interview", _("Interview")
        HOME_VISIT = "home_visit", _("Home visit")
        CARE = "care", _("Due for care")

    class Closing(models.TextChoices):
        """Why nothing is left to do."""

        DONE = "done", _("Done")
        NO_LONGER_DUE = "no_longer_due", _("No longer to be done")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    village = models.ForeignKey("locations.Place", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="work_items"
    )
    assessment = models.ForeignKey(
        "targeting.Assessment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="work_items",
    )
    person = models.ForeignKey(
        "registry.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="work_items",
    )
    line = models.CharField(max_length=60, blank=True)
    lines = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    visit_kind = models.CharField(max_length=12, blank=True)
    opened_on = models.DateField(_("Opened on"))
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    closing = models.CharField(max_length=15, choices=Closing, blank=True)
    closed_by = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="closes"
    )
    changed_in = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Work to do")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["changed_in", "id"]),
            models.Index(
                fields=["village", "kind"],
                condition=Q(closed_on__isnull=True),
                name="fieldwork_workitem_open",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(closed_on__isnull=True),
                name="fieldwork_workitem_one_open_interview",
            ),
            models.UniqueConstraint(
                fields=["person", "visit_kind", "line"],
                condition=Q(closed_on__isnull=True),
                name="fieldwork_workitem_one_open_visit",
            ),
            models.CheckConstraint(
                name="fieldwork_workitem_about_its_kind",
                condition=Q(kind="interview", assessment__isnull=False)
                | (Q(kind="home_visit", person__isnull=False) & ~Q(visit_kind=""))
                | (Q(kind="care", person__isnull=False, line="") & ~Q(visit_kind="", lines=[])),
            ),
            models.CheckConstraint(
                name="fieldwork_workitem_closed_when_and_why",
                condition=Q(closed_on__isnull=True, closing="", closed_by__isnull=True)
                | (Q(closed_on__isnull=False) & ~Q(closing="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.household_id}"
