"""The app of payments."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Money: the ledger, orders to pay, channels, what came of each payment."""

    name = "spean.payments"
    label = "payments"
