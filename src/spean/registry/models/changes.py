"""A change request: proposed by one person, decided by another, applied whole, reversible whole."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.registry.models.households import Household
from spean.registry.models.people import Person


class ChangeRequest(models.Model):
    """One proposed change to a household or a person, and what became of it.

    `village` is where the household or person is recorded; `other_village`, where the change also
    reaches into another one (a move, a split, two households joined). `proposal` is what was asked
    for, `seen` the values that the proposer saw, `effects` every row as it was before and after (a
    list of {model, pk, before, after}), from which the change is undone.
    """

    class Kind(models.TextChoices):
        """What can happen to a household or be wrong in its record."""

        MOVE = "move", _("Household moves")
        SPLIT = "split", _("Household splits")
        MERGE = "merge", _("Households join")
        ADD_MEMBER = "add_member", _("Member joins or is born")
        REMOVE_MEMBER = "remove_member", _("Member leaves")
        DEATH = "death", _("Member has died")
        CHANGE_HEAD = "change_head", _("Other head of household")
        CORRECT_PERSON = "correct_person", _("Correct a person's record")
        CORRECT_HOUSEHOLD = "correct_household", _("Correct the household's record")
        RECORD_IDENTIFIER = "record_identifier", _("Record an identifier")
        RECORD_PREGNANCY = "record_pregnancy", _("Record a pregnancy")
        RECORD_FUNCTIONING = "record_functioning", _("Record difficulties in functioning")
        MERGE_PEOPLE = "merge_people", _("Two records are one person")

    class State(models.TextChoices):
        """The life of a request."""

        PROPOSED = "proposed", _("Waiting for approval")
        APPLIED = "applied", _("Approved and applied")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REVERSED = "reversed", _("Reversed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("Kind of change"), max_length=20, choices=Kind)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.PROPOSED)
    household = models.ForeignKey(
        Household, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )
    village = models.ForeignKey("locations.Place", on_delete=models.PROTECT, related_name="+")
    other_village = models.ForeignKey(
        "locations.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    effective_on = models.DateField(_("Effective on"))
    reason = models.CharField(_("Reason"), max_length=300)
    proposal = models.JSONField()
    seen = models.JSONField(default=dict)
    effects = models.JSONField(default=list)
    proposed_by = models.CharField(max_length=150)
    proposed_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(_("Note"), max_length=300, blank=True)
    reversed_by = models.CharField(max_length=150, blank=True)
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_because = models.CharField(_("Reason"), max_length=300, blank=True)
    applied_order = models.BigIntegerField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("Change request")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "proposed_at"]),
            models.Index(fields=["household", "effective_on"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="registry_changerequest_decided_by_another",
                condition=Q(state="withdrawn") | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="registry_changerequest_decided_when_and_by_whom",
                condition=Q(state="proposed", decided_by="", decided_at__isnull=True)
                | (~Q(state="proposed") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="registry_changerequest_reversed_when_and_by_whom",
                condition=Q(state="reversed", reversed_at__isnull=False) & ~Q(reversed_by="")
                | (~Q(state="reversed") & Q(reversed_by="", reversed_at__isnull=True)),
            ),
        ]
