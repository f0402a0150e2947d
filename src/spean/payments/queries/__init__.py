"""Reads of money."""

from spean.payments.models import Order
from spean.payments.queries.money import (
    LIVE,
    PREPARE,
    RELEASE,
    VIEW,
    Became,
    Budget,
    answer_file,
    answer_files,
    answers_for_a_person,
    became,
    budgets,
    live_of,
    order,
    order_file,
    order_for,
    orders,
    orders_of,
    payments_of,
)
from spean.payments.queries.words import EFFECTS, STATES

__all__ = [
    "EFFECTS",
    "LIVE",
    "PREPARE",
    "RELEASE",
    "STATES",
    "VIEW",
    "Became",
    "Budget",
    "Order",
    "answer_file",
    "answer_files",
    "answers_for_a_person",
    "became",
    "budgets",
    "live_of",
    "order",
    "order_file",
    "order_for",
    "orders",
    "orders_of",
    "payments_of",
]
