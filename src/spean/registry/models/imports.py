"""An import of many households from a file: tried first, then taken in, every bad row kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.registry.models.households import Household


class ImportRun(models.Model):
    """One file, its rows as read, what was wrong with them, and what became of them.

    `rows` are [number, {column: text}]; `errors` are {row, column, code, message, facts};
    `likely_duplicates` are {row, key, name, like}. Once taken in, only the rows that were left out
    are kept, for the error file.
    """

    class State(models.TextChoices):
        """The life of an import."""

        CHECKED = "checked", _("Checked, nothing written yet")
        TAKEN_IN = "taken_in", _("Taken in")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_name = models.CharField(_("File"), max_length=200)
    file_hash = models.CharField(max_length=64)
    area = models.CharField(max_length=8, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.CHECKED)
    rows = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    likely_duplicates = models.JSONField(default=list)
    row_count = models.PositiveIntegerField(_("Rows"))
    household_count = models.PositiveIntegerField(_("Households"), default=0)
    started_by = models.CharField(max_length=150)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    taken_in_by = models.CharField(max_length=150, blank=True)
    taken_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Import")
        ordering: ClassVar[list[str]] = ["-started_at"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["file_hash"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="registry_importrun_taken_in_when_and_by_whom",
                condition=Q(state="taken_in", taken_in_at__isnull=False) & ~Q(taken_in_by="")
                | (~Q(state="taken_in") & Q(taken_in_at__isnull=True, taken_in_by="")),
            )
        ]


class ImportedHousehold(models.Model):
    """One household of a file, taken in: the database refuses to take it from that file twice."""

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="taken")
    file_hash = models.CharField(max_length=64)
    household_key = models.CharField(max_length=60)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["file_hash", "household_key"], name="registry_importedhousehold_once"
            )
        ]
