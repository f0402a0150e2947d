"""What a first load has put aside of the registry's tables, until it is back."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class PutAside(models.Model):
    """An index, a constraint or a right on a table, and the statement that gives it back.

    While there is one, the registry is being loaded and its application can't use these tables.
    """

    class Kind(models.IntegerChoices):
        """What it is, in the order in which it is put back."""

        INDEX = 1  # and keys and exclusion constraints, which are indexes too
        FOREIGN_KEY = 2
        RIGHT = 3  # a role's, and autovacuum's

    kind = models.PositiveSmallIntegerField(choices=Kind)
    table_name = models.CharField(max_length=63)
    name = models.CharField(max_length=63)
    statement = models.TextField()
    put_aside_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "table_name", "name"], name="registry_putaside_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
