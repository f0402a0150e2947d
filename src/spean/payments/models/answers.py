"""What channels answered, row by row, and what a person decided where it goes against the books."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.payments.models.money import HASH
from spean.payments.rules import FOR_A_PERSON, Effect, Outcome, Verdict


class AnswerFile(models.Model):
    """A file that a channel sent, known by its hash: the same file counts once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sha256 = models.CharField(max_length=HASH, unique=True)
    name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField(default=0)
    effects = models.JSONField(default=dict)
    unreadable = models.JSONField(default=list)
    received_by = models.CharField(max_length=150)
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    was_known = False  # true of the one that is given to who sends the same file again

    def __str__(self) -> str:
        return self.name


class ChannelAnswer(models.Model):
    """One row of such a file, as it was read, and what it did."""

    file = models.ForeignKey(AnswerFile, on_delete=models.PROTECT, related_name="answers")
    row = models.PositiveIntegerField()
    reference = models.CharField(max_length=35)
    outcome = models.CharField(max_length=10, choices=[(o.value, o.value) for o in Outcome])
    amount = models.DecimalField(max_digits=18, decimal_places=0, null=True)
    on = models.DateField(null=True)
    their_reference = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=140, blank=True)
    effect = models.CharField(max_length=15, choices=[(e.value, e.value) for e in Effect])

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="payments_channelanswer_row", fields=["file", "row"])
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["reference"]),
            models.Index(
                name="payments_channelanswer_odd",
                fields=["file"],
                condition=models.Q(effect__in=[effect.value for effect in FOR_A_PERSON]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.outcome}"


VERDICTS = {
    Verdict.STANDS: _("The books stand"),
    Verdict.PAID: _("The family has the money"),
    Verdict.PARTLY: _("The family has a part of it"),
    Verdict.FAILED: _("The family does not have the money"),
}


class AnswerVerdict(models.Model):
    """What a person decided about an answer that went against the books, by what they tell."""

    answer = models.OneToOneField(ChannelAnswer, on_delete=models.PROTECT, related_name="verdict")
    verdict = models.CharField(
        max_length=10, choices=[(one.value, text) for one, text in VERDICTS.items()]
    )
    grounds = models.CharField(max_length=300)
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.answer_id} {self.verdict}"
