"""A pregnancy comes into care, dated."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.actions import store_decision
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.periods import age_on
from spean.maternal_child.actions.checking import (
    RECORD,
    DayToCome,
    Wrong,
    lives,
    refuse,
    save_once,
    unknown,
)
from spean.maternal_child.models import Pregnancy, Risk
from spean.maternal_child.rules import LONGEST_DAYS, Scan, date_pregnancy
from spean.registry import actions as registry
from spean.registry import queries as people

YOUNGEST, ADULT, OLDER, MANY = 10, 18, 35, 5
IN_CARE = N_("Recorded in antenatal care")


class CannotBePregnant(SpeanError):
    """Refuse a pregnancy of a man or a small child."""

    code = "maternal_child.cannot_be_pregnant"
    message = N_("This person is recorded as male, dead, or younger than %(years)s.")


class PregnantAlready(Conflict):
    """Refuse a second pregnancy at one time."""

    code = "maternal_child.pregnant_already"
    message = N_(
        "A pregnancy of this woman is recorded for this time. Go on with it, or record its end."
    )


class TooLongAgo(SpeanError):
    """Refuse a last period of which a birth would be long over."""

    code = "maternal_child.too_long_ago"
    message = N_("No pregnancy lasts longer than %(days)s days. Correct the day.")


class ScanImpossible(SpeanError):
    """Refuse a scan of no pregnancy."""

    code = "maternal_child.scan_impossible"
    message = N_("Give the scan's day and its weeks, from 4 to 43.")


@dataclass(frozen=True, slots=True)
class Dating:
    """What is known of when a pregnancy began."""

    last_period_on: date | None = None
    scan_on: date | None = None
    scan_days: int | None = None

    @property
    def scan(self) -> Scan | None:
        """Give the scan, if there was one."""
        if self.scan_on is None or self.scan_days is None:
            return None
        return Scan(self.scan_on, self.scan_days)


@transaction.atomic
def record_pregnancy(
    *,
    person_id: UUID,
    dating: Dating,
    previous_births: int | None = None,
    risks: Collection[str] = (),
    by: Actor,
    on: date,
) -> Pregnancy:
    """Take a pregnancy into care, dated by the last period or by a scan; the registry is told.

    Raises NotFound, NotAllowed, CannotBePregnant, PregnantAlready, AnswersWrong, NothingToDateBy.
    """
    home = lives(person_id, permission=RECORD, by=by, day=on)
    woman = home.person
    age = age_on(woman.birth_date, on)
    if woman.sex != "female" or woman.death_date is not None or age < YOUNGEST:
        raise CannotBePregnant(years=YOUNGEST)
    refuse([*_dates_wrong(dating, on), *unknown("risks", risks, Risk.values)])
    decision = date_pregnancy(last_period_on=dating.last_period_on, scan=dating.scan, on=on)
    _check_not_pregnant(woman.pk)
    made = Pregnancy(
        person=woman, recorded_on=on, recorded_by=by.name, last_period_on=dating.last_period_on,
        scan_on=dating.scan_on, scan_days=dating.scan_days, previous_births=previous_births,
        started_on=date.fromisoformat(decision.facts["first_day"]),
        risks=sorted({*risks, *_plain_risks(age, previous_births)}),
    )  # fmt: skip
    made.dating = store_decision(decision, subject=made, by=by)
    save_once(made, or_raise=PregnantAlready)
    village = home.household.village.code
    audit.write(by=by, action=RECORD, subject=made, area=village, pregnancy="begun")
    _tell_registry(made, by=by, on=on)
    return made


def _check_not_pregnant(person_id: UUID) -> None:
    """Refuse a second pregnancy, under whichever record of the woman the first one is."""
    records = people.records_of([person_id])
    if Pregnancy.objects.filter(person__in=records, ended_on__isnull=True).exists():
        raise PregnantAlready


def _dates_wrong(dating: Dating, on: date) -> Wrong:
    wrong: Wrong = []
    for name in ("last_period_on", "scan_on"):
        day = getattr(dating, name)
        if day is not None and day > on:
            wrong.append((name, DayToCome()))
        elif day is not None and (on - day).days > LONGEST_DAYS:
            wrong.append((name, TooLongAgo(days=LONGEST_DAYS)))
    halves = (dating.scan_on is None) != (dating.scan_days is None)
    if halves or (dating.scan_days is not None and not 28 <= dating.scan_days <= 301):
        wrong.append(("scan_on", ScanImpossible()))
    return wrong


def _plain_risks(age: int, births: int | None) -> list[Risk]:
    """Give the risks that follow from what is known anyway."""
    found = [Risk.YOUNG] if age < ADULT else [Risk.OLDER] if age >= OLDER else []
    return [*found, Risk.MANY_BIRTHS] if (births or 0) >= MANY else found


def _tell_registry(made: Pregnancy, *, by: Actor, on: date) -> None:
    """Propose the pregnancy to the registry, unless it is known there already."""
    if people.pregnant_among([made.person_id], on=on):
        return
    registry.propose_change(
        kind="record_pregnancy", person=people.person(made.person_id, by=by, log_read=False),
        proposal={"expected_on": made.expected_on}, reason=IN_CARE, effective_on=on, by=by, on=on,
    )  # fmt: skip
