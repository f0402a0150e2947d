"""The registry's API: one router a subject, joined here."""

from spean.kernel.api import Router
from spean.registry.api import cards, imports

router = Router(tags=["registry"])
router.add_router("", cards.router)
router.add_router("", imports.router)
