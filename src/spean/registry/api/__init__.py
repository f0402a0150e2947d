"""The registry's API: one router a subject, joined here."""

from spean.kernel.api import Router
from spean.registry.api import cards, changes, duplicates, households, imports, people

router = Router(tags=["registry"])
router.add_router("", households.router)
router.add_router("", people.router)
router.add_router("", changes.router)
router.add_router("", duplicates.router)
router.add_router("", cards.router)
router.add_router("", imports.router)
