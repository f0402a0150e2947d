"""Errors and decisions in the reader's language."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from django.utils.encoding import force_str
from django.utils.translation import gettext, ngettext, override

from spean.kernel import formats
from spean.kernel.errors import SpeanError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def explain(error: SpeanError) -> str:
    """Give an error's message in the current language, its facts filled in."""
    return _fill(error.message, error.facts, error.many)


def stored(error: SpeanError) -> dict[str, Any]:
    """Give an error as it is kept (JSON), to be explained later in whatever language is read."""
    facts = {
        name: fact if isinstance(fact, int) and not isinstance(fact, bool) else force_str(fact)
        for name, fact in error.facts.items()
        if f"%({name})" in error.message + error.many
    }
    return {
        "code": error.code, "field": error.field or "", "message": error.message, "facts": facts,
        **({"many": error.many} if error.many else {}),
    }  # fmt: skip


def explain_stored(found: Mapping[str, Any]) -> str:
    """Say what was kept by `stored` (or any message with its facts) in the current language."""
    return _fill(str(found["message"]), found.get("facts", {}), found.get("many", ""))


def in_both_languages(found: Mapping[str, Any]) -> dict[str, str]:
    """Say what was kept by `stored` in Khmer and in English, for who reads it later, offline."""
    said = {}
    for language in ("km", "en"):
        with override(language):
            said[language] = explain_stored(found)
    return said


def _fill(message: str, facts: Mapping[str, Any], many: str = "") -> str:
    count = facts.get("count", 0)
    said = ngettext(message, many, count) if many else gettext(message)
    return said % {name: _said(fact) for name, fact in facts.items()}


def _said(fact: object) -> str:
    """Say a fact as its reader writes it: days in words, numbers in their digits."""
    if isinstance(fact, int) and not isinstance(fact, bool):
        return formats.digits(fact)
    text = force_str(fact)
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return formats.day(date.fromisoformat(text))
    return gettext(text) if isinstance(fact, str) and text else text
