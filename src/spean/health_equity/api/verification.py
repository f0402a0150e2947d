"""Samples over the API: drawn, checked, closed; what stands out; what facilities must mend."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.health_equity import actions
from spean.health_equity.models import Sample, SampledClaim
from spean.health_equity.queries import verification as queries
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor

router = Router()
READS = (Purpose.PAYMENT, Purpose.OVERSIGHT)


class DrawIn(StrictSchema):
    """A sample to be drawn: of which scheme and month (any day of it), from which seed."""

    scheme: str
    month: date
    seed: str = Field(min_length=1, max_length=64)


class StratumOut(Schema):
    """A stratum: how many claims it has, for how many riel, how many were drawn."""

    code: str
    claims: int
    amount: Decimal
    drawn: int


class SampleOut(Schema):
    """A sample; `result` once it is closed: the estimate, and what each facility gives back."""

    id: UUID
    scheme: str
    month: date
    seed: str
    strata: list[StratumOut]
    result: dict[str, Any] | None
    closed_at: datetime | None


class SampledOut(Schema):
    """A claim of a sample, and what was found of it."""

    id: int
    claim: UUID
    number: str
    facility: str
    stratum: str
    amount: Decimal
    taken_by: str
    on_paper: str
    by_phone: str
    finding: str
    right_amount: Decimal | None
    checked_by: str


class FundCheckIn(StrictSchema):
    """What was found of a claim; `right_amount` in riel."""

    on_paper: str
    by_phone: str
    finding: str
    right_amount: Decimal = Field(max_digits=14, decimal_places=0)
    note: str = Field(default="", max_length=300)


class OutlierOut(Schema):
    """A facility that stands out: why, by which figure, and its peers'."""

    facility: str
    reason: str
    figure: Decimal
    peers: Decimal | None


class MendOut(Schema):
    """What a facility must mend, until when, and what it says it has done."""

    id: UUID
    facility: str
    finding: str
    claims: int
    due_on: date
    answer: str
    done_on: date | None


class MendIn(StrictSchema):
    """What was done."""

    answer: str = Field(min_length=1, max_length=500)


@router.get("/samples", response={200: Page[SampleOut], **PROBLEMS})
@access.declared(queries.SEE, purpose=READS)
def samples(request: WithActor, cursor: str | None = None, limit: int = 25) -> Any:
    """List the samples, the newest first."""
    rows, following = page_of(
        queries.samples(by=request.actor), cursor=cursor, limit=limit, key="-id"
    )
    return Page[SampleOut](items=[SampleOut.from_orm(row) for row in rows], next=following)


@router.post("/samples", response={201: SampleOut, **PROBLEMS})
@access.declared(queries.DRAW, purpose=Purpose.PAYMENT)
@idempotent
def draw(request: WithActor, body: DrawIn) -> Any:
    """Draw the sample of a scheme and month whose claims are all judged."""
    made: Sample = actions.draw_sample(**body.model_dump(), by=request.actor)
    return Status(201, SampleOut.from_orm(made))


@router.get("/samples/outliers", response={200: list[OutlierOut], **PROBLEMS})
@access.declared(queries.SEE, purpose=READS)
def outliers(request: WithActor, scheme: str, month: date) -> Any:
    """Point out the facilities whose claims of a month stand out, with the reason."""
    return queries.outliers(scheme, month, by=request.actor)


@router.get("/samples/{sample_id}", response={200: SampleOut, **PROBLEMS})
@access.declared(queries.SEE, purpose=READS)
def sample(request: WithActor, sample_id: UUID) -> Any:
    """Give one sample with what came of it."""
    return queries.sample(sample_id, by=request.actor)


@router.get("/samples/{sample_id}/claims", response={200: list[SampledOut], **PROBLEMS})
@access.declared(queries.SEE, purpose=READS)
def claims(request: WithActor, sample_id: UUID) -> Any:
    """List the claims of a sample, the actor's own first, then those that are free."""
    found = queries.sample(sample_id, by=request.actor)
    return [_out(one) for one in queries.to_check(found, by=request.actor)]


@router.post("/samples/claims/{sampled_id}/take", response={200: SampledOut, **PROBLEMS})
@access.declared(queries.CHECK_CLAIMS, purpose=Purpose.PAYMENT)
@idempotent
def take(request: WithActor, sampled_id: int) -> Any:
    """Take a claim, so that nobody else checks it."""
    return _out(actions.take_claim(sampled_id=sampled_id, by=request.actor))


@router.post("/samples/claims/{sampled_id}/check", response={200: SampledOut, **PROBLEMS})
@access.declared(queries.CHECK_CLAIMS, purpose=Purpose.PAYMENT)
@idempotent
def check(request: WithActor, sampled_id: int, body: FundCheckIn) -> Any:
    """Put on record what was found of a claim."""
    return _out(actions.check_claim(
        sampled_id=sampled_id, found=actions.Found(**body.model_dump()), by=request.actor,
        at=timezone.now(),
    ))  # fmt: skip


@router.post("/samples/{sample_id}/close", response={200: SampleOut, **PROBLEMS})
@access.declared(queries.DRAW, purpose=Purpose.PAYMENT)
@idempotent
def close(request: WithActor, sample_id: UUID) -> Any:
    """Close a sample that is checked whole, and work out what follows."""
    made = actions.close_sample(
        sample_id=sample_id, by=request.actor, on=timezone.localdate(), at=timezone.now()
    )
    return SampleOut.from_orm(made)


@router.get("/to_mend", response={200: list[MendOut], **PROBLEMS})
@access.declared(queries.MEND, purpose=Purpose.PAYMENT)
def to_mend(request: WithActor) -> Any:
    """List what the facilities of the client's areas must mend, the most urgent first."""
    return [_mend(one) for one in queries.actions_of(by=request.actor)[:500]]


@router.post("/to_mend/{action_id}/answer", response={200: MendOut, **PROBLEMS})
@access.declared(queries.MEND, purpose=Purpose.PAYMENT)
@idempotent
def mend(request: WithActor, action_id: UUID, body: MendIn) -> Any:
    """Say what a facility has done."""
    return _mend(actions.answer_action(
        action_id=action_id, answer=body.answer, by=request.actor, on=timezone.localdate()
    ))  # fmt: skip


def _mend(one: Any) -> MendOut:
    return MendOut(
        id=one.pk, facility=one.facility.code, finding=one.finding, claims=one.claims,
        due_on=one.due_on, answer=one.answer, done_on=one.done_on,
    )  # fmt: skip


def _out(one: SampledClaim) -> SampledOut:
    return SampledOut(
        id=one.pk, claim=one.claim_id, number=one.claim.number, facility=one.claim.facility.code,
        stratum=one.stratum, amount=one.amount, taken_by=one.taken_by, on_paper=one.on_paper,
        by_phone=one.by_phone, finding=one.finding, right_amount=one.right_amount,
        checked_by=one.checked_by,
    )  # fmt: skip
