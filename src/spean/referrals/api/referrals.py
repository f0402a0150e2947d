"""Referrals over the API: asked for, taken step by step, answered."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from ninja import Schema, Status
from pydantic import AwareDatetime

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.referrals import actions, queries
from spean.referrals.queries import ReferralRecord
from spean.referrals.rules import Taken, Waits

router = Router(tags=["referrals"])


class ReferralOut(Schema):
    """A referral with what happened to it, how long its legs took, and what it waits for."""

    referral: ReferralRecord
    legs: list[Taken]
    waits: Waits | None


class ReferralRowOut(Schema):
    """A referral in a list; it names nobody but by id."""

    id: UUID
    number: str
    person_id: UUID
    state: str
    urgency: str
    direction: str
    village: str
    to_facility: str
    requested_at: datetime


class NeedIn(StrictSchema):
    """How soon, why, by which ways a vehicle can come (if one is needed), and whom to call."""

    urgency: str
    reasons: list[str] = []
    note: str = ""
    transport: bool = True
    ways: list[str] = ["road"]
    phone: str = ""
    noticed_at: AwareDatetime | None = None


class ReferralIn(NeedIn):
    """A referral of a person from home, or from a facility (`from_facility`)."""

    person_id: UUID
    to_facility: str = ""
    from_facility: str = ""
    source: str = ""
    requested_at: AwareDatetime | None = None


class OnwardIn(NeedIn):
    """A referral onward, or back home; back, an empty facility is that of the village."""

    direction: str = "onward"
    to_facility: str = ""
    requested_at: AwareDatetime | None = None


class ReferralStepIn(StrictSchema):
    """A step (`accepted`, `declined`, `picked_up`, …) and when it happened (now)."""

    kind: str
    at: AwareDatetime | None = None
    reason: str = ""
    km: int | None = None


class ReferralFeedbackIn(StrictSchema):
    """What was found, done, and is to be done by whom (`nobody`: nothing)."""

    diagnosis: str
    done: str
    follow_up_by: str
    follow_up: str = ""
    follow_up_on: date | None = None


def _need(body: NeedIn) -> actions.Need:
    return actions.Need(**{name: getattr(body, name) for name in NeedIn.model_fields})


def shown(request: WithActor, referral_id: UUID) -> ReferralOut:
    """Give a referral as it is after a write."""
    found = queries.referral(referral_id, by=request.actor, now=timezone.now())
    return ReferralOut(
        referral=queries.record_of(found.referral), legs=list(found.legs), waits=found.waits
    )


@router.get("/referrals", response={200: Page[ReferralRowOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=Purpose.CARE)
def referrals(
    request: WithActor, open_only: bool = False, cursor: str | None = None, limit: int = 25
) -> Page[ReferralRowOut]:
    """List the referrals from and to the caller's areas, newest first."""
    found = queries.referrals(by=request.actor, open_only=open_only)
    rows, following = page_of(found, cursor=cursor, limit=limit, key="-id")
    items = [
        ReferralRowOut(
            id=one.pk, number=one.number, person_id=one.person_id, state=one.state,
            urgency=one.urgency, direction=one.direction, village=one.village.code,
            to_facility=one.to_facility.code, requested_at=one.requested_at,
        )
        for one in rows
    ]  # fmt: skip
    return Page[ReferralRowOut](items=items, next=following)


@router.get("/referrals/{referral_id}", response={200: ReferralOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=Purpose.CARE)
def referral(request: WithActor, referral_id: UUID) -> ReferralOut:
    """Give one referral, with how long its legs took and what it waits for."""
    return shown(request, referral_id)


@router.post("/referrals", response={201: ReferralOut, **PROBLEMS})
@idempotent
@access.declared(queries.REQUEST, purpose=Purpose.CARE)
def request_referral(request: WithActor, body: ReferralIn) -> Status[ReferralOut]:
    """Refer somebody; where no facility is named, to the one that serves their village."""
    now = timezone.now()
    made = actions.request_referral(
        person_id=body.person_id, need=_need(body), to_facility=body.to_facility,
        from_facility=body.from_facility, source_key=body.source, at=body.requested_at or now,
        by=request.actor, now=now,
    )  # fmt: skip
    return Status(201, shown(request, made.pk))


@router.post("/referrals/{referral_id}/steps", response={201: ReferralOut, **PROBLEMS})
@idempotent
@access.declared(queries.VIEW, purpose=Purpose.CARE)
def take_step(request: WithActor, referral_id: UUID, body: ReferralStepIn) -> Status[ReferralOut]:
    """Add a step; a vehicle is sent by `dispatch`."""
    now = timezone.now()
    made = actions.take_step(
        referral_id=referral_id, step=body.kind, at=body.at or now, reason=body.reason, km=body.km,
        by=request.actor, now=now,
    )  # fmt: skip
    return Status(201, shown(request, made.pk))


@router.post("/referrals/{referral_id}/onward", response={201: ReferralOut, **PROBLEMS})
@idempotent
@access.declared(queries.RECEIVE, purpose=Purpose.CARE)
def onward(request: WithActor, referral_id: UUID, body: OnwardIn) -> Status[ReferralOut]:
    """Refer a patient who has arrived onward, or send them back home (`direction`: back)."""
    now = timezone.now()
    made = actions.send_on(
        referral_id=referral_id, direction=body.direction, to_facility=body.to_facility,
        need=_need(body), at=body.requested_at or now, by=request.actor, now=now,
    )  # fmt: skip
    return Status(201, shown(request, made.pk))


@router.post("/referrals/{referral_id}/feedback", response={201: ReferralOut, **PROBLEMS})
@idempotent
@access.declared(queries.RECEIVE, purpose=Purpose.CARE)
def give_feedback(
    request: WithActor, referral_id: UUID, body: ReferralFeedbackIn
) -> Status[ReferralOut]:
    """Tell who sent the patient."""
    made = actions.give_feedback(
        referral_id=referral_id, told=actions.Told(**body.model_dump()), by=request.actor,
        now=timezone.now(),
    )  # fmt: skip
    return Status(201, shown(request, made.referral_id))


@router.post("/feedback/{feedback_id}/read", response={201: ReferralOut, **PROBLEMS})
@idempotent
@access.declared(queries.REQUEST, purpose=Purpose.CARE)
def note_read(request: WithActor, feedback_id: UUID) -> Status[ReferralOut]:
    """Note that the senders have read a feedback."""
    made = actions.note_read(feedback_id=feedback_id, by=request.actor, now=timezone.now())
    return Status(201, shown(request, made.referral_id))
