"""The API of shocks: one router a subject, joined here."""

from spean.kernel.api import Router
from spean.shocks.api import events, missed, plans

router = Router(tags=["shocks"])
router.add_router("", events.router)
router.add_router("", plans.router)
router.add_router("", missed.router)
