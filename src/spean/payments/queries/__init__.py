"""Reads of money."""

from spean.payments.models import Order
from spean.payments.queries.channels import MEDIA_TYPES, order_file, payment_code
from spean.payments.queries.money import (
    APPROVE,
    LIVE,
    PREPARE,
    RELEASE,
    STATES_ALIVE,
    VIEW,
    Became,
    Budget,
    answer_file,
    answer_files,
    answers_for_a_person,
    became,
    budgets,
    order,
    order_for,
    orders,
    orders_of,
    payments_in,
    payments_of,
    revisions,
)
from spean.payments.queries.screening import LISTS, hit_for, hits, hits_of, name_lists
from spean.payments.queries.words import EFFECTS, STATES
from spean.payments.rules import FileFormat

__all__ = [
    "APPROVE",
    "EFFECTS",
    "LISTS",
    "LIVE",
    "MEDIA_TYPES",
    "PREPARE",
    "RELEASE",
    "STATES",
    "STATES_ALIVE",
    "VIEW",
    "Became",
    "Budget",
    "FileFormat",
    "Order",
    "answer_file",
    "answer_files",
    "answers_for_a_person",
    "became",
    "budgets",
    "hit_for",
    "hits",
    "hits_of",
    "name_lists",
    "order",
    "order_file",
    "order_for",
    "orders",
    "orders_of",
    "payment_code",
    "payments_in",
    "payments_of",
    "revisions",
]
