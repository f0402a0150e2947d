"""Errors that people can act on: each has a stable code and a message that says what to do.

This module is free of Django, so that pure rules can raise what pages and the API explain.
The message is an English msgid; `spean.kernel.i18n.explain` gives it in the reader's language.
"""

from typing import ClassVar


def N_(text: str) -> str:  # noqa: N802 - the name that message extraction looks for
    """Mark a text for translation, and return it unchanged."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as above
    """Mark a text in two forms, for a `count` of one and of any other number, and return both."""
    return one, many


class SpeanError(Exception):
    """Refuse something, in words that the person can act on.

    `facts` fill the `%(name)s` places of `message`. `field` names the input at fault, if one is.
    A message that counts something has two forms: `message, many = NN_("…", "…")`, and a `count`.
    """

    code: ClassVar[str] = "kernel.error"
    message: ClassVar[str] = N_("This could not be done. Try again, or ask your administrator.")
    many: ClassVar[str] = ""
    status: ClassVar[int] = 422
    field: ClassVar[str | None] = None

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        several = self.many and self.facts.get("count") != 1
        return (self.many if several else self.message) % self.facts


class NotAllowed(SpeanError):
    """Refuse an actor who has no right to this, there, for that purpose."""

    code = "kernel.not_allowed"
    message = N_(
        "Your role does not allow this for this place. "
        "If it should, ask your administrator for the role."
    )
    status = 403


class NotFound(SpeanError):
    """Say that nothing is recorded under what was asked for."""

    code = "kernel.not_found"
    message = N_("Nothing was found here. Check the address or the number and try again.")
    status = 404


class Conflict(SpeanError):
    """Refuse a write because the record is no longer as the writer saw it."""

    code = "kernel.conflict"
    message = N_("Someone else changed this meanwhile. Look at it again, then repeat your change.")
    status = 409
