"""Money as it is kept: a ledger that is only added to, orders, payments, what channels answered.

What holds always is held by the database (migrations 0002, 0007): an entry's lines add up to
nothing; a line is never changed; no budget, commitment or channel goes below nothing; a payment's
payee and amount don't change; all payments of an obligation pay no more than it; nobody approves
what they prepared, or twice.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.payments.rules import (
    ON_ITS_WAY,
    AccountKind,
    EntryKind,
    PaymentState,
    Standing,
)

KIND = [(one.value, one.value) for one in AccountKind]
ENTRY = [(one.value, one.value) for one in EntryKind]
HASH = 64


class Account(models.Model):
    """A place where money is."""

    code = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, choices=KIND)

    def __str__(self) -> str:
        return self.code


class Order(models.Model):
    """A list of payments that two people approve as one."""

    class State(models.TextChoices):
        """How far an order is."""

        PREPARED = "prepared", _("Prepared")
        APPROVED = "approved", _("Approved")
        RELEASED = "released", _("Released")
        CANCELLED = "cancelled", _("Cancelled")

    class Channel(models.TextChoices):
        """By which way families are paid."""

        WALLET = "wallet", _("Mobile money")
        PAY_POINT = "pay_point", _("Cash at a pay point")
        BANK = "bank", _("Bank account")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("Order number"), max_length=20, unique=True)
    key = models.CharField(max_length=100, unique=True)
    programme = models.CharField(_("Programme"), max_length=60)
    purpose = models.CharField(_("Purpose"), max_length=140)
    channel = models.CharField(_("Channel"), max_length=10, choices=Channel)
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    payments_count = models.PositiveIntegerField(_("Payments"))
    total = models.DecimalField(_("Total"), max_digits=18, decimal_places=0)
    list_hash = models.CharField(max_length=HASH)
    prepared_by = models.CharField(max_length=150)
    prepared_at = models.DateTimeField(db_default=Now(), editable=False)
    first_approved_by = models.CharField(max_length=150, blank=True)
    first_approved_at = models.DateTimeField(null=True, blank=True)
    second_approved_by = models.CharField(max_length=150, blank=True)
    second_approved_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=150, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Payment order")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="payments_order_two_others_approve",
                condition=(Q(first_approved_by="") | ~Q(first_approved_by=F("prepared_by")))
                & (Q(second_approved_by="") | ~Q(second_approved_by=F("prepared_by")))
                & (Q(second_approved_by="") | ~Q(second_approved_by=F("first_approved_by"))),
            ),
            *[
                models.CheckConstraint(
                    name=f"payments_order_{what}_by_someone",
                    condition=Q(**{f"{what}_by": "", f"{what}_at__isnull": True})
                    | (~Q(**{f"{what}_by": ""}) & Q(**{f"{what}_at__isnull": False})),
                )
                for what in ("first_approved", "second_approved", "released")
            ],
            models.CheckConstraint(
                name="payments_order_approved_by_two",
                condition=Q(state__in=["prepared", "cancelled"])
                | (~Q(first_approved_by="") & ~Q(second_approved_by="")),
            ),
            models.CheckConstraint(
                name="payments_order_released_has_releaser",
                condition=~Q(state="released") | ~Q(released_by=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Entry(models.Model):
    """One movement of money. Its `key` says of what it is, so that it is made once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=15, choices=ENTRY)
    on = models.DateField()
    source = models.CharField(_("Source"), max_length=200, blank=True)
    order = models.ForeignKey(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return self.key


class Payment(models.Model):
    """One payment to one household, or one health facility. `obligation` is what it pays: only one
    of it is on its way.

    `owed` is the whole obligation: `amount` is less where the family holds a part of it already.
    `held` is what came to the family by this payment and stayed there. No other is made of an
    obligation that the family holds whole.
    """

    reference = models.CharField(max_length=35, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    obligation = models.CharField(max_length=120)
    household = models.ForeignKey(
        "registry.Household", null=True, blank=True, on_delete=models.PROTECT,
        related_name="payments", db_index=False,
    )  # fmt: skip
    facility = models.ForeignKey(
        "locations.Facility", null=True, blank=True, on_delete=models.PROTECT,
        related_name="payments",
    )  # fmt: skip
    village = models.CharField(max_length=8)
    name = models.CharField(max_length=210)
    latin_name = models.CharField(max_length=210, blank=True)
    account = models.CharField(_("Wallet or card number"), max_length=35)
    owed = models.DecimalField(max_digits=12, decimal_places=0)
    amount = models.DecimalField(_("Amount"), max_digits=12, decimal_places=0)
    held = models.DecimalField(max_digits=12, decimal_places=0, default=0)
    state = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in PaymentState],
        default=PaymentState.DUE,
    )  # fmt: skip
    settled_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=140, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="payments_payment_an_obligation_is_paid_once",
                fields=["obligation"],
                condition=Q(state__in=[one.value for one in ON_ITS_WAY]) | Q(held=F("owed")),
            ),
            models.CheckConstraint(
                name="payments_payment_has_one_payee",
                condition=Q(household__isnull=False, facility__isnull=True)
                | Q(household__isnull=True, facility__isnull=False),
            ),
            models.CheckConstraint(
                name="payments_payment_pays_something",
                condition=Q(amount__gt=0, amount__lte=F("owed")),
            ),
            models.CheckConstraint(
                name="payments_payment_held_by_its_state",
                condition=Q(state="paid", held=F("amount"))
                | Q(state="partly", held__gt=0, held__lt=F("amount"))
                | (~Q(state__in=["paid", "partly"]) & Q(held=0)),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # A family's last payment is one step away, however little is known of the table yet.
            models.Index(name="payments_payment_of_household", fields=["household", "id"]),
            models.Index(
                name="payments_payment_parts",
                fields=["obligation"],
                condition=Q(held__gt=0, held__lt=F("owed")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def standing(self) -> Standing:
        """Give where it stands, as rules read it."""
        return Standing(PaymentState(self.state), self.amount, self.held)


class Line(models.Model):
    """What an entry adds to one account; the payment, where it is of one."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    amount = models.DecimalField(max_digits=18, decimal_places=0)
    payment = models.ForeignKey(
        Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="lines"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="payments_line_moves_something", condition=~Q(amount=0))
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount}"
