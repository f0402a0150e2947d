"""Codes by which a family sees its own record, and the notices of what is paid."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Code(models.Model):
    """A code that was sent to a family's telephone; only its digest is kept."""

    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="codes"
    )
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["household", "made_at"])]

    def __str__(self) -> str:
        return f"{self.household_id} {self.made_at}"


class Notice(models.Model):
    """The families of an order were told, once, that money is on its way."""

    order = models.OneToOneField("payments.Order", on_delete=models.PROTECT, related_name="notice")
    texts = models.PositiveIntegerField()
    sent_by = models.CharField(max_length=150)
    sent_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.order_id} {self.texts}"
