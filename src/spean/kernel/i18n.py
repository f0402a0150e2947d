"""Errors and decisions in the reader's language."""

import re
from contextlib import suppress
from datetime import date

from django.utils.encoding import force_str
from django.utils.translation import gettext

from spean.kernel import formats
from spean.kernel.errors import SpeanError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def explain(error: SpeanError) -> str:
    """Give an error's message in the current language, its facts filled in."""
    facts = {name: _said(fact) for name, fact in error.facts.items()}
    return gettext(error.message) % facts


def _said(fact: object) -> str:
    """Say a fact as its reader writes it: days in words, numbers in their digits."""
    if isinstance(fact, int) and not isinstance(fact, bool):
        return formats.digits(fact)
    text = force_str(fact)
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return formats.day(date.fromisoformat(text))
    return gettext(text) if isinstance(fact, str) and text else text
