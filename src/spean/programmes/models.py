"""Who is enrolled in a programme, what its cycles owe them, and what is made good later."""

from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.kernel.models import Dated, DateRange
from spean.programmes.rules.enrolment import State


class Cycle(Dated):
    """What a programme owes for the days from `start` until the day before `end`.

    No two cycles of a programme share a day, so that nobody is owed twice for one day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.CharField(_("Programme"), max_length=60)
    terms_on = models.DateField(_("By the rules of"))
    as_of = models.DateField(_("Registry as of"))
    policy_version = models.CharField(max_length=64)
    households = models.PositiveIntegerField(_("Households"), default=0)
    total = models.DecimalField(_("Total"), max_digits=18, decimal_places=0, default=0)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Dated.Meta):
        verbose_name = _("Payment cycle")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(name="programmes_cycle_ends", condition=Q(end__isnull=False)),
            ExclusionConstraint(
                name="programmes_cycle_no_day_twice",
                expressions=[
                    (F("programme"), RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.start}"


class Entitlement(models.Model):
    """What one household is owed in a cycle, with the criteria that held and what was counted."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="entitlements")
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="entitlements"
    )
    village = models.CharField(max_length=8)
    amount = models.DecimalField(_("Amount"), max_digits=12, decimal_places=0)
    decision = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="programmes_entitlement_once_a_cycle", fields=["cycle", "household"]
            ),
            models.CheckConstraint(
                name="programmes_entitlement_owes_something", condition=Q(amount__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.amount}"


STATES: Mapping[str, str | Promise] = {
    State.CANDIDATE: _("Candidate"),
    State.ENROLLED: _("Enrolled"),
    State.SUSPENDED: _("Suspended"),
    State.EXITED: _("Left"),
    State.REFUSED: _("Refused"),
}


class Enrolment(models.Model):
    """Where a household stands in a programme; its steps say how it came there.

    `amount` is what it was last worked out to be owed: empty where it is not entitled any more.
    """

    programme = models.CharField(_("Programme"), max_length=60)
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="enrolments"
    )
    village = models.CharField(max_length=8)
    state = models.CharField(
        max_length=10, choices=[(str(state), text) for state, text in STATES.items()]
    )
    since = models.DateField(_("Since"))
    amount = models.DecimalField(_("Amount"), max_digits=12, decimal_places=0, null=True)

    class Meta:
        verbose_name = _("Enrolment")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="programmes_enrolment_once", fields=["household", "programme"]
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                name="programmes_enrolment_list", fields=["programme", "state", "village"]
            ),
            models.Index(
                name="programmes_enrolment_waits",
                fields=["village"],
                condition=Q(state=State.CANDIDATE.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.household_id}"


class EnrolmentStep(models.Model):
    """A household came into a state: on which day, by whom and why."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(
        max_length=10, choices=[(str(state), text) for state, text in STATES.items()]
    )
    on = models.DateField()
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.state}"


class Correction(models.Model):
    """What a past cycle owed a household too little (above 0) or too much (below 0), by its rules.

    Too little is made good in the next cycle. Too much is taken back only if somebody else so
    decides, from later cycles, a share at a time.
    """

    class State(models.TextChoices):
        """What becomes of it."""

        ARREARS = "arrears", _("Paid in the next cycle")
        WAITING = "waiting", _("Waits for a decision")
        CLAWED_BACK = "claw_back", _("Taken back from later cycles")
        WAIVED = "waived", _("Left with the family")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="corrections")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="corrections")
    amount = models.DecimalField(_("Amount"), max_digits=12, decimal_places=0)
    decision = models.JSONField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State)
    found_by = models.CharField(max_length=150)
    found_on = models.DateField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_on = models.DateField(null=True)
    grounds = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("Correction")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="programmes_correction_has_its_state",
                condition=Q(amount__gt=0, state="arrears")
                | Q(amount__lt=0, state__in=["waiting", "claw_back", "waived"]),
            ),
            models.CheckConstraint(
                name="programmes_correction_decided_by_another",
                condition=Q(state__in=["arrears", "waiting"])
                | (~Q(decided_by="") & ~Q(decided_by=F("found_by")) & ~Q(grounds="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.amount}"


class Settlement(models.Model):
    """The part of a correction that a cycle paid (above 0) or kept back (below 0)."""

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="settlements")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="settlements")
    amount = models.DecimalField(_("Amount"), max_digits=12, decimal_places=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="programmes_settlement_once_a_cycle", fields=["correction", "cycle"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.correction_id} {self.amount}"


class Confirmation(models.Model):
    """What a facility or school saw, and what the rules of that day say it is worth.

    `amount` is empty where a criterion failed. `cycle` is the one that pays it; what stands
    `until` a day is paid in each cycle that begins before. Only `cycle` and the withdrawal are
    ever added.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.CharField(_("Programme"), max_length=60)
    kind = models.CharField(max_length=40)
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="confirmations"
    )
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="confirmations", null=True
    )
    village = models.CharField(max_length=8)
    on = models.DateField(_("On"))
    until = models.DateField(null=True)
    babies = models.PositiveSmallIntegerField(default=1)
    attendance = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    amount = models.DecimalField(_("Amount"), max_digits=12, decimal_places=0, null=True)
    decision = models.JSONField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now(), editable=False)
    cycle = models.ForeignKey(
        Cycle, on_delete=models.PROTECT, related_name="confirmations", null=True
    )
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("Confirmation")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="programmes_confirmation_once_a_day",
                fields=["programme", "person", "on"],
                condition=Q(withdrawn_on=None),
            ),
            models.UniqueConstraint(
                name="programmes_confirmation_of_a_household_once_a_day",
                fields=["programme", "household", "on"],
                condition=Q(withdrawn_on=None, person=None),
            ),
            models.CheckConstraint(
                name="programmes_confirmation_withdrawn_for_a_reason",
                condition=Q(withdrawn_on=None) | (~Q(withdrawn_by="") & ~Q(reason="")),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                name="programmes_confirmation_due",
                fields=["programme", "household"],
                condition=Q(cycle=None, withdrawn_on=None, amount__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.kind} {self.on}"
