"""An import of many households from a file: tried first, then taken in, every bad row kept."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id


class ImportRun(models.Model):
    """One file, its rows as read, what was wrong with them, and what became of them."""

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
    row_count = models.PositiveIntegerField(_("Rows"))
    household_count = models.PositiveIntegerField(_("Households"), default=0)
    started_by = models.CharField(max_length=150)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    taken_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Import")
        ordering: ClassVar[list[str]] = ["-started_at"]
