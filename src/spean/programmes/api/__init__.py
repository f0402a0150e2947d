"""The programmes' API: one router a subject, joined here."""

from spean.kernel.api import Router
from spean.programmes.api import cycles, enrolment, entitlements

router = Router(tags=["programmes"])
router.add_router("", entitlements.router)
router.add_router("", enrolment.router)
router.add_router("", cycles.router)
