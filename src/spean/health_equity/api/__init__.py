"""The health schemes over the API."""

from spean.health_equity.api import (
    claims,
    costs,
    cover,
    judging,
    notices,
    statements,
    use,
    verification,
    visits,
)
from spean.kernel.api import Router

router = Router(tags=["health_equity"])
router.add_router("", cover.router)
router.add_router("", visits.router)
router.add_router("", judging.router)
router.add_router("", claims.router)
router.add_router("", verification.router)
router.add_router("", statements.router)
router.add_router("", notices.router)
router.add_router("", use.router)
router.add_router("", costs.router)
