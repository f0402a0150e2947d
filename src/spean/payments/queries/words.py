"""What has become of payments, and what answers did, as officers read it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from spean.kernel.formats import language
from spean.kernel.policy import TextValue, policy
from spean.payments.rules import AccountKind, Effect, EntryKind, PaymentState

STATES: dict[str, Any] = {
    PaymentState.DUE: _("Not sent yet"),
    PaymentState.SENT: _("Sent, no answer yet"),
    PaymentState.PAID: _("Paid"),
    PaymentState.PARTLY: _("Paid in part"),
    PaymentState.FAILED: _("Failed"),
    PaymentState.RETURNED: _("Returned"),
    PaymentState.CANCELLED: _("Cancelled"),
}
EFFECTS: dict[str, Any] = {
    Effect.PAID: _("Paid"),
    Effect.PARTLY: _("Paid in part"),
    Effect.FAILED: _("Failed"),
    Effect.RETURNED: _("Returned"),
    Effect.NOTED: _("Accepted, not paid yet"),
    Effect.REPEATED: _("Said before; changed nothing"),
    Effect.CONTRADICTS: _("Goes against the books; moved no money"),
    Effect.OTHER_AMOUNT: _("Another amount than was ordered; moved no money"),
    Effect.UNKNOWN: _("No such payment"),
}
ENTRIES: dict[str, Any] = {
    EntryKind.APPROPRIATION: _("A funder gave"),
    EntryKind.WITHDRAWAL: _("A funder took back"),
    EntryKind.COMMITMENT: _("Committed to an order"),
    EntryKind.CANCELLATION: _("An order was cancelled"),
    EntryKind.RELEASE: _("Released to a channel"),
    EntryKind.ANSWERS: _("A channel answered"),
    EntryKind.VERDICT: _("A person decided"),
}
ACCOUNTS: dict[str, Any] = {
    AccountKind.FUNDER: _("Funder"),
    AccountKind.BUDGET: _("Available"),
    AccountKind.COMMITTED: _("Committed"),
    AccountKind.CHANNEL: _("On its way"),
    AccountKind.FAMILIES: _("With families"),
}

# Why a payment did not arrive: our own word, and ISO 20022's external codes that are met most.
REASONS = {
    "UNCLAIMED": _("Nobody came for it"),
    "AC01": _("The account number is wrong"),
    "AC03": _("The account number is wrong"),
    "AC04": _("The account is closed"),
    "AC06": _("The account is blocked"),
    "BE01": _("The name is not the account's"),
    "MD07": _("The person has died"),
    "MS03": _("No reason was given"),
}

PAID = ("programmes", "health_equity")  # where policy names what pays
FUNDERS = "payments.funders."


def programme_name(code: str) -> str:
    """Give what a programme is called, in the reader's language; the code of an unknown one."""
    return _text(_name_of(code)) or code


def reason_words(reason: str) -> str:
    """Give a channel's reason in words, its code after them; what has no words as it came."""
    words = REASONS.get(reason.partition(":")[0])
    return f"{words} ({reason})" if words else reason


def funder_name(code: str) -> str:
    """Give what a funder is called, in the reader's language; the code of an unknown one."""
    return _text(FUNDERS + code.replace("-", "_")) or code


def named_funders() -> list[str]:
    """Give the codes of the funders that the policy names."""
    keys = (key for key in policy.all_keys if key.startswith(FUNDERS))
    return [key.removeprefix(FUNDERS).replace("_", "-") for key in keys]


def is_programme(code: str) -> bool:
    """Tell whether the policy names a programme of this code."""
    return _name_of(code) in policy.all_keys


def programmes() -> list[str]:
    """Give the codes of the programmes that the policy names."""
    found = [key.split(".") for key in policy.all_keys]
    return [key[1] for key in found if len(key) == 3 and key[0] in PAID and key[2] == "name"]


def _text(key: str) -> str:
    named = policy.last(key, TextValue)
    return str(getattr(named.text, language())) if named else ""


def _name_of(code: str) -> str:
    keys = [f"{root}.{code}.name" for root in PAID]
    return next((key for key in keys if key in policy.all_keys), keys[0])
