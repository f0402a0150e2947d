"""The API of money: one router a subject, joined here."""

from spean.kernel.api import Router
from spean.payments.api import answers, ledger, orders, pay_lists, screening, verdicts, wallets

router = Router(tags=["payments"])
router.add_router("", orders.router)
router.add_router("", answers.router)
router.add_router("", screening.router)
router.add_router("", wallets.router)
router.add_router("", ledger.router)
router.add_router("", pay_lists.router)
router.add_router("", verdicts.router)
