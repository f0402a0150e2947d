"""Wallet numbers that may be somebody else's are found when an order is prepared."""

from django.db import connection

from spean.payments.models import AccountDoubt, Order
from spean.payments.rules import looks_mistyped

SHARED = """
SELECT payment.id, shared.families FROM payments_payment payment JOIN (
    SELECT account, count(DISTINCT household_id) AS families FROM payments_payment
    WHERE order_id = %(order)s GROUP BY account HAVING count(DISTINCT household_id) > 1
) shared USING (account) WHERE payment.order_id = %(order)s ORDER BY payment.id
"""
# Worked out in the transaction that writes the order, when nothing is known of its size: so that
# each family's payments are read from the last one back, the channel is asked of one at a time.
OTHER_THAN_BEFORE = """
SELECT payment.id, payment.account, before.account
FROM payments_payment payment CROSS JOIN LATERAL (
    SELECT earlier.account
    FROM payments_payment earlier
    WHERE earlier.household_id = payment.household_id AND earlier.held > 0
      AND (SELECT channel FROM payments_order WHERE id = earlier.order_id) = %(channel)s
    ORDER BY earlier.id DESC LIMIT 1
) before WHERE payment.order_id = %(order)s AND before.account <> payment.account
ORDER BY payment.id
"""


def doubt_accounts(order: Order) -> None:
    """Keep which wallets of an order several families share, and which look like a slip."""
    if order.channel != Order.Channel.WALLET:
        return
    with connection.cursor() as cursor:
        cursor.execute(SHARED, {"order": order.pk})
        shared = cursor.fetchall()
        cursor.execute(OTHER_THAN_BEFORE, {"order": order.pk, "channel": order.channel})
        others = cursor.fetchall()
    AccountDoubt.objects.bulk_create(
        [AccountDoubt(payment_id=payment, kind=AccountDoubt.Kind.SHARED, families=families)
         for payment, families in shared]
        + [AccountDoubt(payment_id=payment, kind=AccountDoubt.Kind.MISTYPED, before=before)
           for payment, number, before in others if looks_mistyped(number, before)],
        batch_size=2000,
    )  # fmt: skip
