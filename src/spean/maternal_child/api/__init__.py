"""Mothers and children over the API."""

from spean.kernel.api import Router
from spean.maternal_child.api import children, deaths, mothers, visits

router = Router()
for part in (visits, mothers, children, deaths):
    router.add_router("", part.router)
