"""Wallet numbers that may be somebody else's are found when an order is prepared."""

from django.db import connection

from spean.payments.models import AccountDoubt, Order
from spean.payments.rules import looks_mistyped

# Both are worked out in the transaction that writes the order, when nothing is known yet of its
# size: a join might be planned as if for one payment. So the families of a number are counted in
# one pass, and each family's payments are read from the last one back, asking the channel of each.
SHARED = """
SELECT id, families FROM (
    SELECT id, max(family) OVER (PARTITION BY account) AS families FROM (
        SELECT id, account, dense_rank() OVER (PARTITION BY account ORDER BY household_id) AS family
        FROM payments_payment WHERE order_id = %(order)s
    ) numbered
) counted WHERE families > 1 ORDER BY id
"""
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
