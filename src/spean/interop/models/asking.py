"""What other systems tell us: answers to what we asked, events, and their beneficiaries."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.interop.models.partners import Partner
from spean.kernel.ids import new_id


class OutsideEnrolment(models.Model):
    """A beneficiary of another system's programme, as it told us."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    programme = models.CharField(max_length=60)
    programme_name = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20)
    since = models.DateField()
    told_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="interop_outsideenrolment_once", fields=["partner", "person", "programme"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.person_id}"


class Question(models.Model):
    """What we asked another registry, who asked and about whom, and what it answered.

    Its id is the transaction id that the registry answers with.
    """

    class State(models.TextChoices):
        """What became of it."""

        ASKED = "asked", _("Asked")
        ACKNOWLEDGED = "acknowledged", _("The answer is awaited")
        ANSWERED = "answered", _("Answered")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="questions")
    work = models.CharField(max_length=20)
    person = models.ForeignKey(
        "registry.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    request = models.JSONField()
    correlation_id = models.CharField(max_length=99, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    answer = models.JSONField(null=True)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Question")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["asked_by", "asked_at"])]

    def __str__(self) -> str:
        return f"{self.work} {self.id}"


class Heard(models.Model):
    """An event of which another registry told us, as we had subscribed to it."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="heard")
    transaction_id = models.CharField(max_length=99)
    reference_id = models.TextField()
    event = models.CharField(max_length=60, blank=True)
    record = models.JSONField()
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="interop_heard_once", fields=["partner", "transaction_id", "reference_id"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.reference_id}"
