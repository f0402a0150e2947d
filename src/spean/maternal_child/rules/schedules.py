"""When contacts are due: each line of a schedule has its days, and one contact in them meets it.

The days of one schedule's lines don't overlap, so the answer is the same in whatever order contacts
are written down.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from spean.kernel.decisions import PolicyRef
from spean.kernel.policy import Contact, Policy, ScheduleValue, policy


class Status(StrEnum):
    """Where one line of a schedule stands on a day."""

    NOT_YET = "not_yet"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"
    MISSED = "missed"
    FORBIDDEN = "forbidden"


class Care(StrEnum):
    """What a schedule asks for: each is a policy key below `maternal_child`."""

    ANTENATAL = "antenatal.national"
    ANTENATAL_WHO = "antenatal.who"
    POSTNATAL = "postnatal"
    FAMILY_PLANNING = "family_planning"
    VITAMIN_A = "vitamin_a"
    DEWORMING = "deworming"
    GROWTH = "growth_monitoring"
    IMMUNISATION = "immunisation.schedule"


AWAITED = (Status.DUE, Status.OVERDUE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a schedule for one person: its days, and where it stands.

    It may be met from `opens` until `closes`, should be on `due`, and is overdue after `overdue`.
    `because` are the conditions of the person for which a dose is forbidden, or given with care.
    A dose names its series, and the vaccines of which one meets it.
    """

    code: str
    opens: date
    due: date
    overdue: date
    closes: date | None
    status: Status
    source: PolicyRef
    because: tuple[str, ...] = ()
    series: str = ""
    vaccines: tuple[str, ...] = ()


def schedule_of(care: Care, *, on: date, rules: Policy = policy) -> ScheduleValue:
    """Give the schedule in force on a day. Raises NotInForce."""
    return rules.schedule(f"maternal_child.{care}", on=on)


def lines(
    schedule: ScheduleValue, *, since: date, done: Collection[date], on: date
) -> Iterator[Line]:
    """Give each line of a schedule of contacts, in order; `since` is day 0."""
    for contact in schedule.contacts:
        yield _line(contact, since, done, on, schedule.ref)


def _line(
    contact: Contact, since: date, done: Collection[date], on: date, source: PolicyRef
) -> Line:
    opens, due, overdue = (
        since + timedelta(days=n) for n in (contact.earliest, contact.due, contact.overdue)
    )
    closes = None if contact.latest is None else since + timedelta(days=contact.latest)
    met = any(opens <= day and (closes is None or day <= closes) for day in done)
    status = Status.DONE if met else standing(on, opens, overdue, closes)
    return Line(contact.code, opens, due, overdue, closes, status, source)


def open_line(
    schedule: ScheduleValue, *, since: date, done: Collection[date], on: date
) -> Line | None:
    """Give the line in whose days a day lies, if no contact has met it."""
    age = (on - since).days
    for contact in schedule.contacts:
        if contact.earliest <= age and (contact.latest is None or age <= contact.latest):
            line = _line(contact, since, done, on, schedule.ref)
            return None if line.status == Status.DONE else line
    return None


def standing(on: date, opens: date, overdue: date, closes: date | None) -> Status:
    """Say where something not done stands on a day."""
    if on < opens:
        return Status.NOT_YET
    if closes is not None and on > closes:
        return Status.MISSED
    return Status.OVERDUE if on > overdue else Status.DUE
