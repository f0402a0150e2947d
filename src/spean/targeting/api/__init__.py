"""Targeting's API: one router a subject, joined here."""

from spean.kernel.api import Router
from spean.targeting.api import cases, complaints, figures, rounds, steps

router = Router(tags=["targeting"])
for part in (cases, steps, complaints, rounds, figures):
    router.add_router("", part.router)
