"""Errors and decisions in the reader's language."""

from typing import Any

from django.utils.encoding import force_str
from django.utils.translation import gettext

from spean.kernel.errors import SpeanError


def explain(error: SpeanError) -> str:
    """Give an error's message in the current language, its facts filled in."""
    facts: dict[str, Any] = {
        name: gettext(fact) if isinstance(fact, str) and fact else force_str(fact)
        for name, fact in error.facts.items()
    }
    return gettext(error.message) % facts
