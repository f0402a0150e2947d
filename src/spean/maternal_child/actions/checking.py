"""Whom a record is about, and the refusals that all records share."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NotFound, SpeanError
from spean.locations import queries as locations
from spean.locations.queries import Facility
from spean.registry import actions as registry
from spean.registry import queries as people

RECORD = "maternal_child.record_contact"
Wrong = list[tuple[str, SpeanError]]


class AnswerUnknown(SpeanError):
    """Refuse an answer that the question doesn't have."""

    code = "maternal_child.answer_unknown"
    message = N_("“%(answer)s” is not one of the answers. Choose one from the list.")


class DayToCome(SpeanError):
    """Refuse what has not happened yet."""

    code = "maternal_child.day_to_come"
    message = N_("This day has not come yet. Correct it.")


class BeforeBirth(SpeanError):
    """Refuse a dose or a contact before birth."""

    code = "maternal_child.before_birth"
    message = N_("This is before the birth on %(born)s. Correct the day, or the date of birth.")


class OutOfBounds(SpeanError):
    """Refuse what nobody measures."""

    code = "maternal_child.out_of_bounds"
    message = N_("This must be between %(least)s and %(most)s. Measure or write it again.")


class AnswersWrong(SpeanError):
    """Refuse a record with everything that is wrong with it."""

    code = "maternal_child.answers_wrong"
    message = N_("Some answers can't be. Correct them.")

    def __init__(self, field_errors: Sequence[tuple[str, SpeanError]]) -> None:
        self.field_errors = list(field_errors)
        super().__init__()


class NotAtAFacility(SpeanError):
    """Refuse a facility for what took place elsewhere."""

    code = "maternal_child.not_at_a_facility"
    message = N_("This took place elsewhere: leave the facility open, or correct the place.")


def refuse(wrong: Wrong) -> None:
    """Raise everything that is wrong, if anything is."""
    if wrong:
        raise AnswersWrong(wrong)


def lives(person_id: UUID, *, permission: str, by: Actor, day: date) -> people.Membership:
    """Give where a person lived on a day, if the actor may act there. Raises NotFound.

    Of a record that was merged into another one, the person whose record it is now.
    """
    person_id = people.person_of(person_id)
    found = people.lived_on([person_id], on=day).get(person_id)
    if found is None:
        raise NotFound
    access.require(by, permission, area=found.household.village.code)
    return found


def unknown(field: str, given: Iterable[str], answers: Collection[str]) -> Wrong:
    """Give what is wrong with answers of a list."""
    strange = sorted(set(given) - set(answers))
    return [(field, AnswerUnknown(answer=answer)) for answer in strange]


def one_of(field: str, given: str, answers: Collection[str]) -> Wrong:
    """Give what is wrong with the answer of a question that has one."""
    return unknown(field, [given], answers)


def facility_wrong(code: str, day: date, *, there: bool) -> Wrong:
    """Give what is wrong with the facility where something was; `there` says that it was in one."""
    if not code:
        return []
    if not there:
        return [("facility", NotAtAFacility())]
    try:
        locations.facility(code, day)
    except locations.UnknownFacility as error:
        return [("facility", error)]
    return []


def where(code: str, day: date) -> Facility | None:
    """Give the facility of a code that was checked; None where it isn't known."""
    return locations.facility(code, day) if code else None


def save_once(row: Model, *, or_raise: type[SpeanError]) -> None:
    """Save a new row, or raise what it means that the database holds one like it."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise or_raise from error


def propose(*, day: date, by: Actor, on: date, **asked: Any) -> Any:
    """Propose a change to the registry for the day it happened.

    Where the registry holds a later change of that household already, for the day it is told.
    """
    try:
        with transaction.atomic():
            return registry.propose_change(effective_on=day, by=by, on=on, **asked)
    except registry.LaterChangeRecorded:
        return registry.propose_change(effective_on=on, by=by, on=on, **asked)
