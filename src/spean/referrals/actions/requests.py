"""Somebody is referred: from their village or a facility, onward from a referral, or back home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.locations import queries as locations
from spean.locations.queries import Facility
from spean.referrals.actions.checking import OLDEST_DAYS, happened, minute
from spean.referrals.actions.steps import take_step
from spean.referrals.models import Direction, Reason, Referral, UrgencyName, WayName
from spean.referrals.queries import RECEIVE, REQUEST, day_of, home_for, nearest_care, referral_for
from spean.referrals.rules import OPEN, State, Step


class UnderWayAlready(Conflict):
    """Refuse a second referral of a patient whose first is not over."""

    code = "referrals.under_way_already"
    message = N_(
        "This patient's referral %(number)s to %(facility)s is under way since %(day)s. Look at "
        "it: a vehicle is asked for once."
    )


class WhyNeeded(SpeanError):
    """Ask why somebody is referred."""

    code = "referrals.why_needed"
    message = N_("Choose a danger sign, or write why the patient is referred.")
    field = "reasons"


class WayNeeded(SpeanError):
    """Ask by what the patient can be reached."""

    code = "referrals.way_needed"
    message = N_("Say whether the patient can be fetched by road, by water, or by both.")
    field = "ways"


class ChoiceUnknown(SpeanError):
    """Refuse an answer that is not among those that can be chosen."""

    code = "referrals.choice_unknown"
    message = N_("“%(answer)s” can't be chosen here. Choose one from the list.")
    field = "urgency"


class NowhereToGo(SpeanError):
    """Ask to which facility, where none is known to serve the village."""

    code = "referrals.nowhere_to_go"
    message = N_("No facility is known to serve this village. Choose where the patient goes.")
    field = "to_facility"


class GoesNowhere(SpeanError):
    """Refuse a referral to where the patient is."""

    code = "referrals.goes_nowhere"
    message = N_("The patient is at this facility already. Choose another.")
    field = "to_facility"


class NoticedLater(SpeanError):
    """Refuse a danger that was noticed after help was asked for, or long before."""

    code = "referrals.noticed_later"
    message = N_(
        "The danger was noticed before the request, at most %(days)s days before it. "
        "Correct the time."
    )
    field = "noticed_at"


class NotAlive(SpeanError):
    """Refuse to send for who has died, as recorded."""

    code = "referrals.not_alive"
    message = N_("By the record this person has died. Check who it is about.")
    field = "person"


class NotThereYet(Conflict):
    """Refuse to send on who has not arrived."""

    code = "referrals.not_there_yet"
    message = N_("The patient has not arrived there. Record the arrival first.")


@dataclass(frozen=True, slots=True)
class Need:
    """What is asked for: how soon, why, by what way if a vehicle is needed, whom to call."""

    urgency: str
    reasons: Sequence[str] = ()
    note: str = ""
    transport: bool = True
    ways: Sequence[str] = ("road",)
    phone: str = ""
    noticed_at: datetime | None = None


@transaction.atomic
def request_referral(
    *,
    person_id: UUID,
    need: Need,
    to_facility: str = "",
    from_facility: str = "",
    source_key: str = "",
    at: datetime,
    by: Actor,
    now: datetime,
) -> Referral:
    """Refer a person from home, or from a facility; where no goal is named, to their health centre.

    `at` is when it was asked for. The same `source_key` gives the referral that it made. Raises
    NotFound, NotAllowed, UnderWayAlready, and what is wrong with the need.
    """
    at = happened(at, now=now)
    on = day_of(at)
    home = home_for(person_id, by=by, on=on)
    village = home.household.village
    start = locations.facility(from_facility, on) if from_facility else None
    if start is not None:
        access.require(by, REQUEST, area=start.place.code)
    _lock(person_id)
    source = source_key[:100]
    asked = Referral.objects.filter(person=person_id, source_key=source).exclude(source_key="")
    if made := asked.first():
        return made
    made = Referral(
        person=home.person, household=home.household, village=village, from_facility=start,
        direction=Direction.ONWARD, from_area=start.place.code if start else village.code,
        source_key=source,
    )  # fmt: skip
    return _refer(made, to_facility, need, at=at, by=by)


@transaction.atomic
def send_on(
    *,
    referral_id: UUID,
    direction: str,
    to_facility: str = "",
    need: Need,
    at: datetime,
    by: Actor,
    now: datetime,
) -> Referral:
    """Refer a patient who has arrived onward, or back home, where the named facility follows up.

    Where no facility is named it is the one that serves the village. The referral before is closed
    by it. Raises NotFound, NotAllowed, NotThereYet, and what is wrong with the need.
    """
    at = happened(at, now=now)
    if direction not in Direction.values:
        raise ChoiceUnknown(answer=direction[:30])
    before = referral_for(referral_id, lock=True)
    access.require(by, RECEIVE, area=before.to_area)
    if before.state == State.ARRIVED:
        take_step(referral_id=before.pk, step=Step.HANDED_OVER, at=at, by=by, now=now)
    elif before.state != State.HANDED_OVER:
        raise NotThereYet
    _lock(before.person_id)
    made = Referral(
        person=before.person, household=before.household, village=before.village,
        from_facility=before.to_facility, direction=direction, from_area=before.to_area,
        follows=before,
    )  # fmt: skip
    return _refer(made, to_facility, need, at=at, by=by)


def _refer(made: Referral, to_facility: str, need: Need, *, at: datetime, by: Actor) -> Referral:
    """Fill a referral in, hold it against what can be, and keep it with its first step."""
    on = day_of(at)
    if made.person.death_date is not None and made.person.death_date <= on:
        raise NotAlive
    made.to_facility = _goal(made, to_facility, on)
    _require_none_open(made.person_id)
    made.to_area = made.to_facility.place.code
    made.requested_at, made.requested_by, made.state = at, by.name, State.REQUESTED
    _fill(made, need)
    made.number = _number(on)
    made.save(force_insert=True)
    made.steps.create(kind=Step.REQUESTED, at=made.requested_at, written_by=by.name)
    audit.write(
        by=by, action="referrals.requested", subject=made, area=made.from_area,
        to=made.to_facility.code, urgency=made.urgency, direction=made.direction,
    )  # fmt: skip
    return made


def _goal(made: Referral, code: str, on: date) -> Facility:
    """Give where the patient goes. Raises UnknownFacility, NowhereToGo, GoesNowhere."""
    goal = locations.facility(code, on) if code else nearest_care(made.village.code, on=on)
    if goal is None:
        raise NowhereToGo
    if made.from_facility is not None and made.from_facility.pk == goal.pk:
        raise GoesNowhere
    return goal


def _fill(made: Referral, need: Need) -> None:
    """Take over what is asked for. Raises ChoiceUnknown, WhyNeeded, WayNeeded, NoticedLater."""
    known = {*Reason.values, *WayName.values, *UrgencyName.values}
    for answer in (need.urgency, *need.reasons, *need.ways):
        if answer not in known:
            raise ChoiceUnknown(answer=answer[:30])
    made.urgency, made.reasons = need.urgency, sorted(set(need.reasons))
    made.note, made.phone = need.note.strip()[:300], need.phone.strip()[:20]
    made.transport, made.ways = need.transport, sorted(set(need.ways))
    made.noticed_at = None if need.noticed_at is None else _noticed(need.noticed_at, made)
    if made.direction == Direction.ONWARD and not (made.reasons or made.note):
        raise WhyNeeded
    if made.transport and not made.ways:
        raise WayNeeded


def _noticed(at: datetime, made: Referral) -> datetime:
    if not timedelta() <= made.requested_at - minute(at) <= timedelta(days=OLDEST_DAYS):
        raise NoticedLater(days=OLDEST_DAYS)
    return minute(at)


def _require_none_open(person_id: UUID) -> None:
    rows = Referral.objects.select_related("to_facility")
    held = rows.filter(person=person_id, state__in=OPEN).first()
    if held is not None:
        raise UnderWayAlready(
            number=held.number,
            facility=f"{held.to_facility.name_km} ({held.to_facility.name_en})",
            day=day_of(held.requested_at).isoformat(),
        )  # fmt: skip


def _number(on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('referrals_referral_number')")
        return f"R{on:%y}-{cursor.fetchone()[0]:08d}"


def _lock(person_id: UUID) -> None:
    """Let nobody else refer the same person until the transaction ends."""
    with connection.cursor() as cursor:
        key = f"referrals.referral:{person_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
