"""What partners ask and are told, and what was released to them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.interop.models.partners import Basis, Partner
from spean.kernel.ids import new_id


class Transaction(models.Model):
    """A request of a partner and what became of it; its id is the correlation id.

    `answer` is our answer without the records: those are sent once, and logged as released.
    """

    class State(models.TextChoices):
        """The standard's states."""

        RECEIVED = "rcvd", _("Received")
        PENDING = "pdng", _("Being answered")
        SUCCEEDED = "succ", _("Answered")
        REJECTED = "rjct", _("Rejected")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="transactions")
    registry = models.CharField(max_length=10)
    work = models.CharField(max_length=30)
    transaction_id = models.CharField(max_length=99)
    references = ArrayField(models.TextField(), default=list)
    callback_to = models.URLField(max_length=1000, blank=True)
    request = models.JSONField()
    state = models.CharField(max_length=4, choices=State, default=State.RECEIVED)
    answer = models.JSONField(null=True)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["partner", "transaction_id"]),
            models.Index(fields=["partner", "asked_at"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="interop_transaction_answered_when_over",
                condition=Q(state__in=["succ", "rjct"], answered_at__isnull=False)
                | (~Q(state__in=["succ", "rjct"]) & Q(answered_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.work} {self.transaction_id}"


class Permit(models.Model):
    """A consent or an authorization that a request showed."""

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="permits")
    reference_id = models.TextField()
    kind = models.CharField(max_length=10, choices=Basis)
    given_at = models.DateTimeField()
    purpose_code = models.CharField(max_length=60)
    purpose_text = models.CharField(max_length=500, blank=True)
    ref_uri = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.reference_id}"


class Subscription(models.Model):
    """What a partner wants to hear of; its id is the subscription code."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="subscriptions")
    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="+")
    registry = models.CharField(max_length=10)
    event = models.CharField(max_length=40)
    entity = models.CharField(max_length=20)
    criteria = models.JSONField()
    criteria_hash = models.CharField(max_length=64)
    locale = models.CharField(max_length=3)
    notify_to = models.URLField(max_length=1000)
    start_at = models.DateTimeField(null=True)
    end_at = models.DateTimeField(null=True)
    cron = models.CharField(max_length=100, blank=True)
    subscribed_at = models.DateTimeField(db_default=Now(), editable=False)
    unsubscribed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="interop_subscription_once",
                fields=["partner", "registry", "event", "criteria_hash"],
                condition=Q(unsubscribed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.id}"


class Notification(models.Model):
    """An event that a subscriber is to hear of: about one household or person, one day, once.

    `about` is the programme where it is an enrolment's.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="notifications"
    )
    subject = models.UUIDField()
    about = models.CharField(max_length=60, blank=True)
    day = models.DateField()
    due_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="interop_notification_once", fields=["subscription", "subject", "about", "day"]
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                name="interop_notification_due",
                fields=["due_at"],
                condition=Q(written_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.subject}"


class Callback(models.Model):
    """A message of ours on its way to a partner; its text is kept no longer than needed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="callbacks")
    transaction = models.ForeignKey(Transaction, null=True, on_delete=models.PROTECT)
    url = models.URLField(max_length=1000)
    header = models.JSONField()
    message = models.JSONField(null=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="interop_callback_forgotten_once_over",
                condition=Q(delivered_at__isnull=True, given_up_at__isnull=True)
                | Q(message__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.url} {self.id}"


class Release(models.Model):
    """One record that a partner was given: whose, which fields, and for what purpose."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="releases")
    transaction = models.ForeignKey(Transaction, null=True, on_delete=models.PROTECT)
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.PROTECT)
    registry = models.CharField(max_length=10)
    household = models.ForeignKey(
        "registry.Household", null=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "registry.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    purpose = models.CharField(max_length=30)
    fields = ArrayField(models.CharField(max_length=40))
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["household", "-id"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="interop_release_about_somebody",
                condition=Q(household__isnull=False) | Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="interop_release_asked_or_subscribed",
                condition=Q(transaction__isnull=False) | Q(subscription__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.household_id or self.person_id}"
