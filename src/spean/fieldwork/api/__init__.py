"""Fieldwork over the API: what phones ask for, and what becomes of what they send."""

from spean.fieldwork.api import inbox, phones
from spean.kernel.api import Router

router = Router()
router.add_router("", phones.router)
router.add_router("", inbox.router)
