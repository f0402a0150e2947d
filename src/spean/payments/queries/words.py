"""What has become of payments, and what answers did, as officers read it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from spean.payments.rules import Effect, PaymentState

STATES: dict[str, Any] = {
    PaymentState.DUE: _("Not sent yet"),
    PaymentState.SENT: _("Sent, no answer yet"),
    PaymentState.PAID: _("Paid"),
    PaymentState.FAILED: _("Failed"),
    PaymentState.RETURNED: _("Returned"),
    PaymentState.CANCELLED: _("Cancelled"),
}
EFFECTS: dict[str, Any] = {
    Effect.PAID: _("Paid"),
    Effect.FAILED: _("Failed"),
    Effect.RETURNED: _("Returned"),
    Effect.NOTED: _("Accepted, not paid yet"),
    Effect.REPEATED: _("Said before; changed nothing"),
    Effect.CONTRADICTS: _("Goes against the books; moved no money"),
    Effect.OTHER_AMOUNT: _("Another amount than was ordered; moved no money"),
    Effect.UNKNOWN: _("No such payment"),
}
