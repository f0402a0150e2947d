"""Referrals, vehicles and delays over the API."""

from spean.kernel.api import Router
from spean.referrals.api import delays, referrals, vehicles

router = Router()
for part in (vehicles, delays, referrals):
    router.add_router("", part.router)
