"""What a form's reader gives: the parts that a submission asks for, each done on its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from spean.fieldwork.rules import Answers
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError

WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does a part, for which day and moment, received when, and what a person has said of it.

    `at` is when the form was filled in; `now` is when it is taken in, `today` its day.
    """

    by: Actor
    on: date
    today: date
    at: datetime
    now: datetime
    word: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What a part became: the record, and one sentence (`message` with its `facts`)."""

    subject: Model | None
    message: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartToDo:
    """One part by name, and the call that does it."""

    name: str
    do: Callable[[Doing], Done]


@dataclass(frozen=True, slots=True)
class Reader:
    """How the submissions of one form become calls of actions."""

    parts: Callable[[Answers], list[PartToDo]]
    day: Callable[[Answers], date | None]  # the day that the answers give, if they ask for one


class ChangedOnBothSides(Conflict):
    """Ask a person which value holds: the recorded one is not the one that the phone showed."""

    code = "fieldwork.changed_on_both_sides"
    message = N_(
        "The phone showed “%(seen)s”; meanwhile “%(recorded)s” was recorded; the family now says "
        "“%(offered)s”. Choose which is right."
    )


class NotOnTheList(SpeanError):
    """Refuse a family, person or case that the answers don't name as one."""

    code = "fieldwork.not_on_the_list"
    message = N_("The record does not say which %(what)s it is about. Correct the answer.")


def id_of(answers: Answers, path: str, what: str) -> UUID:
    """Read whom or what a record is about (`what` in words). Raises NotOnTheList."""
    try:
        return UUID(answers.text(path))
    except ValueError as error:
        raise NotOnTheList(what=what) from error
