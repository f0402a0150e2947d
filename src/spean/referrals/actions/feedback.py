"""The receiving facility tells who sent the patient what it found, did and asks for."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.rows import only
from spean.referrals.models import Feedback, FollowUpBy
from spean.referrals.queries import RECEIVE, REQUEST, day_of, referral_for
from spean.referrals.rules import State


class NothingToTellYet(Conflict):
    """Refuse feedback on who has not arrived."""

    code = "referrals.nothing_to_tell_yet"
    message = N_("The patient has not arrived there. Record the arrival first.")


class FollowUpUnclear(SpeanError):
    """Ask what is to be done, and by whom."""

    code = "referrals.follow_up_unclear"
    message = N_("Say what is to be done now and who does it, or that no follow-up is needed.")
    field = "follow_up_by"


class FollowUpPast(SpeanError):
    """Refuse a follow-up before the feedback."""

    code = "referrals.follow_up_past"
    message = N_("The follow-up can't be before today. Correct the day.")
    field = "follow_up_on"


class FoundAndDoneNeeded(SpeanError):
    """Ask for the diagnosis and what was done."""

    code = "referrals.found_and_done_needed"
    message = N_("Write the diagnosis, and what was done.")
    field = "diagnosis"


@dataclass(frozen=True, slots=True)
class Told:
    """What was found and done, and the follow-up: what, by whom, on which day."""

    diagnosis: str
    done: str
    follow_up_by: str
    follow_up: str = ""
    follow_up_on: date | None = None


@transaction.atomic
def give_feedback(*, referral_id: UUID, told: Told, by: Actor, now: datetime) -> Feedback:
    """Tell who sent the patient; what was told before stays, the newest counts.

    Raises NotFound, NotAllowed, NothingToTellYet, FoundAndDoneNeeded, FollowUpUnclear,
    FollowUpPast.
    """
    found = referral_for(referral_id, lock=True)
    access.require(by, RECEIVE, area=found.to_area)
    if found.state not in (State.ARRIVED, State.HANDED_OVER):
        raise NothingToTellYet
    diagnosis, done, what = told.diagnosis.strip(), told.done.strip(), told.follow_up.strip()
    if not (diagnosis and done):
        raise FoundAndDoneNeeded
    nobody = told.follow_up_by == FollowUpBy.NOBODY
    if told.follow_up_by not in FollowUpBy.values or nobody == bool(what):
        raise FollowUpUnclear
    if told.follow_up_on is not None and (nobody or told.follow_up_on < day_of(now)):
        raise FollowUpUnclear if nobody else FollowUpPast
    made = Feedback.objects.create(
        referral=found, diagnosis=diagnosis[:200], done=done[:500], follow_up=what[:500],
        follow_up_by=told.follow_up_by, follow_up_on=told.follow_up_on, given_by=by.name,
        given_at=now,
    )  # fmt: skip
    audit.write(by=by, action="referrals.feedback_given", subject=found, area=found.to_area)
    return made


@transaction.atomic
def note_read(*, feedback_id: UUID, by: Actor, now: datetime) -> Feedback:
    """Note that those who sent the patient have read the feedback; the first reader is kept.

    Raises NotFound, NotAllowed.
    """
    told = only(Feedback.objects.select_related("referral").filter(pk=feedback_id), lock=True)
    access.require(by, REQUEST, area=told.referral.from_area)
    if told.read_at is None:
        told.read_by, told.read_at = by.name, now
        told.save(update_fields=["read_by", "read_at"])
        audit.write(
            by=by, action="referrals.feedback_read", subject=told.referral,
            area=told.referral.from_area,
        )  # fmt: skip
    return told
