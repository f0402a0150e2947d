"""The results over the API."""

from spean.results.api import indicators
from spean.results.api.answers import router

__all__ = ["router"]

router.add_router("", indicators.router)
