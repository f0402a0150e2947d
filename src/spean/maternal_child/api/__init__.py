"""Mothers and children over the API."""

from spean.kernel.api import Router
from spean.maternal_child.api import children, deaths, mothers, visits, withdrawals

router = Router()
for part in (visits, mothers, children, deaths, withdrawals):
    router.add_router("", part.router)
