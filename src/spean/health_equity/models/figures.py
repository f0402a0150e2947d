"""Figures of the nation that take too long to work out while somebody waits."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from spean.kernel.ids import new_id


class NationFigures(models.Model):
    """What a page of figures says of the whole nation on a day, as it may be shown to its readers.

    `found` is the answer of `kind`, small figures held back already: it names nobody.
    """

    class Kind(models.TextChoices):
        """Which page's."""

        USE = "use"
        COSTS = "costs"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField()
    found = models.JSONField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "on"], name="health_equity_nationfigures_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"
