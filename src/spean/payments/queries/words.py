"""What has become of payments, and what answers did, as officers read it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

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
