"""What was recorded in error is kept, marked, and no longer counted."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id

STANDING = Q(withdrawn_on__isnull=True)


class Changing(models.Model):
    """A record that says when it was last changed: who changes it sets `changed_at` to `Now()`."""

    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Withdrawable(Changing):
    """A record that can be withdrawn: when, by whom and why, or none of it."""

    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)

    class Meta:
        abstract = True


def withdrawn_for_a_reason(table: str) -> models.CheckConstraint:
    """Hold that a withdrawal says by whom and why."""
    return models.CheckConstraint(
        name=f"maternal_child_{table}_withdrawn_for_a_reason",
        condition=STANDING & Q(withdrawn_by="", reason="")
        | ~STANDING & ~Q(withdrawn_by="") & ~Q(reason=""),
    )


class WithdrawnEnd(Withdrawable):
    """A birth, or another end of a pregnancy, that was recorded in error: what it said.

    `babies` holds one object for each baby: {id, order, outcome, sex, weight_g, person}.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pregnancy = models.ForeignKey(
        "maternal_child.Pregnancy", on_delete=models.PROTECT, related_name="withdrawn_ends"
    )
    ending = models.CharField(_("How it ended"), max_length=12)
    day = models.DateField(_("Ended on"))
    recorded_by = models.CharField(max_length=150)
    place = models.CharField(_("Place of birth"), max_length=15, blank=True)
    facility = models.ForeignKey(
        "locations.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    attendant = models.CharField(max_length=12, blank=True)
    mode = models.CharField(max_length=10, blank=True)
    complications = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    babies = models.JSONField(default=list)

    class Meta:
        verbose_name = _("Withdrawn end of a pregnancy")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="maternal_child_end_withdrawn_by_someone_for_a_reason",
                condition=~STANDING & ~Q(withdrawn_by="") & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ending} {self.day}"


class WithdrawnMeasure(Withdrawable):
    """One measure or test of a contact that was wrong: `name` and what it said."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contact = models.ForeignKey(
        "maternal_child.Contact", on_delete=models.PROTECT, related_name="withdrawn_measures"
    )
    name = models.CharField(max_length=20)
    value = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("Withdrawn measure")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="maternal_child_measure_withdrawn_by_someone_for_a_reason",
                condition=~STANDING & ~Q(withdrawn_by="") & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
