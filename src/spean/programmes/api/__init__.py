"""The programmes' API: one router a subject, joined here."""

from spean.kernel.api import Router
from spean.programmes.api import confirmations, cycles, enrolment, entitlements

router = Router(tags=["programmes"])
router.add_router("", entitlements.router)
router.add_router("", enrolment.router)
router.add_router("", cycles.router)
router.add_router("", confirmations.router)
