"""What is looked at before money leaves: payees like names listed, wallets in doubt."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spean.payments.models.money import HASH, Payment
from spean.payments.rules import HitState

HITS = {
    HitState.WAITING: _("Waits for a decision"),
    HitState.CLEARED: _("Somebody else"),
    HitState.UPHELD: _("Is not paid"),
}


class NameList(models.Model):
    """A list of names to whom nothing may be paid, as it was last taken in."""

    code = models.SlugField(_("List"), max_length=40, unique=True)
    sha256 = models.CharField(max_length=HASH)
    loaded_by = models.CharField(max_length=150)
    loaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.code


class ListedName(models.Model):
    """One name on a list, and the sound keys by which payees are compared with it."""

    list = models.ForeignKey(NameList, on_delete=models.CASCADE, related_name="names")
    reference = models.CharField(max_length=60)
    name = models.CharField(max_length=210)
    sounds = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"


class ScreeningHit(models.Model):
    """A payee whose name sounds like one on a list; nothing is released before it is decided."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="hits")
    list = models.CharField(max_length=40)
    reference = models.CharField(max_length=60)
    name = models.CharField(max_length=210)
    state = models.CharField(
        max_length=10, choices=[(state.value, text) for state, text in HITS.items()],
        default=HitState.WAITING.value,
    )  # fmt: skip
    decided_by = models.CharField(max_length=150, blank=True)
    grounds = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="payments_screeninghit_once",
                fields=["payment", "list", "reference", "name"],
            ),
            models.CheckConstraint(
                name="payments_screeninghit_decided_by_someone",
                condition=Q(state="waiting") | (~Q(decided_by="") & ~Q(grounds="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.name}"


class AccountDoubt(models.Model):
    """A wallet of an order that may be somebody else's; approvers see it before they approve.

    `families` is how many of the order share it, `before` the number that the family was paid at,
    `holder` whose the provider says that it is. What the provider says holds the payment back until
    somebody decides that it is the family's all the same.
    """

    class Kind(models.TextChoices):
        """Why the number is in doubt."""

        SHARED = "shared", _("Several families have this number")
        MISTYPED = "mistyped", _("Almost the number paid before")
        HOLDER = "holder", _("In another person's name")
        UNKNOWN = "unknown", _("No wallet has this number")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="account_doubts")
    kind = models.CharField(max_length=8, choices=Kind)
    families = models.PositiveIntegerField(default=1)
    before = models.CharField(max_length=35, blank=True)
    holder = models.CharField(max_length=210, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    grounds = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="payments_accountdoubt_once", fields=["payment", "kind"]),
            models.CheckConstraint(
                name="payments_accountdoubt_decided_on_grounds",
                condition=Q(decided_by="", grounds="") | (~Q(decided_by="") & ~Q(grounds="")),
            ),
            models.CheckConstraint(
                name="payments_accountdoubt_holder_where_asked",
                condition=Q(kind="holder") ^ Q(holder=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.kind}"

    @property
    def holds_back(self) -> bool:
        """Say whether the payment waits because of it."""
        return self.kind in SAID_BY_PROVIDER and not self.decided_by


SAID_BY_PROVIDER = (AccountDoubt.Kind.HOLDER, AccountDoubt.Kind.UNKNOWN)
