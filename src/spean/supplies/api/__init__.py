"""Supplies over the API: one router a subject, joined here."""

from spean.kernel.api import Router
from spean.supplies.api import equipment, orders, stock, units

router = Router(tags=["supplies"])
router.add_router("", stock.router)
router.add_router("", orders.router)
router.add_router("", equipment.router)
router.add_router("", units.router)
