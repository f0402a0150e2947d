"""The registry's API: one router a subject, joined here."""

from spean.kernel.api import Router

router = Router(tags=["registry"])
