"""The results over the API."""

from spean.kernel.api import Router
from spean.results.api import answers, indicators, reports

router = Router()
for part in (answers, indicators, reports):
    router.add_router("", part.router)
