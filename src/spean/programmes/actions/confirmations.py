"""A facility or a school confirms what it saw; the rules of that day say what it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotAllowed, NotFound, SpeanError
from spean.kernel.periods import add_months
from spean.programmes.actions.enrolment import ReasonMissing, put_on_list
from spean.programmes.models import Confirmation
from spean.programmes.queries.confirmations import RIGHTS, confirmation_for, paid_for
from spean.programmes.rules import CONFIRMED, MONTHLY, STANDING, Confirmable, Happened, Whom, decide
from spean.registry import queries as registry
from spean.targeting import queries as targeting

MOST_BABIES, WHOLE = 5, 100


class NotConfirmable(SpeanError):
    """Refuse something that the programme doesn't pay."""

    code = "programmes.not_confirmable"
    message = N_("This programme pays for: %(kinds)s. Choose one of these.")
    field = "kind"


class WhomMissing(SpeanError):
    """Ask about whom it is."""

    code = "programmes.whom_missing"
    message = N_("Say whom it is about: a person of the family, or for a support the family.")
    field = "person"


class DayToCome(SpeanError):
    """Refuse a day, or a month of school, that is not over."""

    code = "programmes.day_to_come"
    message = N_("Only what is over can be confirmed. Look at the date again.")
    field = "on"


class BabiesImpossible(SpeanError):
    """Refuse a number of babies."""

    code = "programmes.babies_impossible"
    message = N_("The number of babies must be from 1 to %(most)s.")
    field = "babies"


class AttendanceImpossible(SpeanError):
    """Refuse a share of days."""

    code = "programmes.attendance_impossible"
    message = N_("Write the attendance as a percentage from 0 to 100.")
    field = "attendance"


class ConfirmedAlready(Conflict):
    """Refuse the same a second time."""

    code = "programmes.confirmed_already"
    message = N_("For this person something is confirmed for this day or month already.")
    field = "on"


class WithdrawnAlready(Conflict):
    """Refuse a second withdrawal."""

    code = "programmes.withdrawn_already"
    message = N_("This was withdrawn already.")


@dataclass(frozen=True, slots=True)
class Report:
    """What is said to have happened: to a person, or, for a support, to a household."""

    happened: Happened
    person_id: UUID | None = None
    household_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of many reports: those confirmed, and each one refused, by its place from 0."""

    confirmed: Sequence[Confirmation]
    refused: Sequence[tuple[int, SpeanError]]


@transaction.atomic
def confirm(*, programme: str, report: Report, by: Actor, on: date) -> Confirmation:
    """Put on record what a facility saw, with what it is worth; the family comes on the list.

    Worth nothing, it is kept with the criterion that failed. Raises NotFound, NotAllowed,
    NotConfirmable, WhomMissing, DayToCome, BabiesImpossible, AttendanceImpossible,
    ConfirmedAlready, NotInForce.
    """
    home, whom = _about(programme, report)
    area, what = home.village.code, _dated(report.happened)
    access.require(by, RIGHTS[programme], area=area)
    _check(programme, what, on)
    _lock(report)
    status = targeting.household_status(home.pk, on=what.on)
    decision = decide(
        programme, what, whom=whom, level=status.level if status else None,
        others=paid_for(programme, report.person_id, home.pk),
    )  # fmt: skip
    made = Confirmation(
        programme=programme, kind=what.kind, household=home, person_id=report.person_id,
        village=area, on=what.on, until=Confirmable.of(programme, what.on).until(what.kind),
        babies=what.babies, attendance=what.attendance, amount=decision.facts["amount"],
        decision=decision.as_json(), by=by.name,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ConfirmedAlready from error
    if made.amount:
        put_on_list(made, Confirmable.of(programme, what.on).a_month(what.kind), by=by, on=on)
    audit.write(by=by, action=RIGHTS[programme], subject=made, area=area, kind=what.kind)
    return made


def confirm_many(
    *, programme: str, reports: Sequence[Report], keep_good: bool, by: Actor, on: date
) -> Taken:
    """Confirm each of many; tell every one refused, and keep the others, or none, as asked.

    Raises nothing about a single report.
    """
    confirmed: list[Confirmation] = []
    refused: list[tuple[int, SpeanError]] = []
    in_one_order = sorted(enumerate(reports), key=lambda one: str(one[1].person_id))
    with transaction.atomic():
        for place, report in in_one_order:  # so that no two wait for each other
            try:
                confirmed.append(confirm(programme=programme, report=report, by=by, on=on))
            except SpeanError as error:
                refused.append((place, error))
        if refused and not keep_good:
            transaction.set_rollback(True)
            confirmed = []
    for _, why in refused:
        if isinstance(why, NotAllowed):
            audit.refusal(by=by, permission=RIGHTS[programme], area=str(why.facts["area"]))
    return Taken(confirmed, sorted(refused, key=lambda one: one[0]))


@transaction.atomic
def withdraw(*, confirmation_id: UUID, reason: str, by: Actor, on: date) -> Confirmation:
    """Take back what was confirmed in error: it is not paid, or its cycle can be corrected.

    Raises NotFound, NotAllowed, ReasonMissing, WithdrawnAlready.
    """
    found = confirmation_for(confirmation_id, lock=True)
    access.require(by, RIGHTS[found.programme], area=found.village)
    if not reason.strip():
        raise ReasonMissing
    if found.withdrawn_on:
        raise WithdrawnAlready
    found.withdrawn_on, found.withdrawn_by, found.reason = on, by.name, reason.strip()[:300]
    found.save(update_fields=["withdrawn_on", "withdrawn_by", "reason"])
    audit.write(by=by, action=RIGHTS[found.programme], subject=found, area=found.village,
                withdrawn=True)  # fmt: skip
    return found


def _about(programme: str, report: Report) -> tuple[registry.Household, Whom | None]:
    """Give the household, and the person if it is about one. Raises NotFound, WhomMissing."""
    if programme not in CONFIRMED:
        raise NotFound
    if (report.person_id is None) != (report.happened.kind in STANDING):
        raise WhomMissing
    if report.person_id is None:
        if report.household_id is None:
            raise WhomMissing
        return registry.household_for(report.household_id), None
    found = registry.lived_on([report.person_id], on=report.happened.on).get(report.person_id)
    if found is None:
        raise NotFound
    person = found.person
    return found.household, Whom(person.sex, person.birth_date, person.death_date)


def _dated(what: Happened) -> Happened:
    """Give what happened by its day; a month of school by its first."""
    return replace(what, on=what.on.replace(day=1)) if what.kind in MONTHLY else what


def _check(programme: str, what: Happened, on: date) -> None:
    if what.kind not in CONFIRMED[programme]:
        raise NotConfirmable(kinds=", ".join(CONFIRMED[programme]))
    over = add_months(what.on, 1) if what.kind in MONTHLY else what.on
    if over > on:
        raise DayToCome
    if not 1 <= what.babies <= MOST_BABIES:
        raise BabiesImpossible(most=MOST_BABIES)
    if (what.kind in MONTHLY) != (what.attendance is not None) or (
        what.attendance is not None and not 0 <= what.attendance <= WHOLE
    ):
        raise AttendanceImpossible


def _lock(report: Report) -> None:
    """Let nobody else confirm for the same person, or household, until the transaction ends."""
    with connection.cursor() as cursor:
        whom = f"programmes.confirm:{report.person_id or report.household_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [whom])
