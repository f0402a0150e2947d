"""What facilities are paid, over the API."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.health_equity import actions
from spean.health_equity.models import QualityScore, StatedClaim, Statement
from spean.health_equity.queries import statements as queries
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.payments import queries as paid

router = Router()
READS = (Purpose.PAYMENT, Purpose.OVERSIGHT)


class MonthIn(StrictSchema):
    """A scheme and a month, by any of its days."""

    scheme: str
    month: date


class StatementOut(Schema):
    """A facility's statement, in riel: total = claimed - given_back + grants + carried.

    `paid_on` is the day on which it was with the facility.
    """

    id: UUID
    number: str
    facility: str
    scheme: str
    month: date
    claims: int
    asked: Decimal
    claimed: Decimal
    given_back: Decimal
    fixed_grant: Decimal
    performance_grant: Decimal
    carried: Decimal
    total: Decimal
    paid_on: date | None


class MadeOut(Schema):
    """How many statements were made, for how many riel together."""

    statements: int
    total: Decimal


class OrderedOut(Schema):
    """The order that was prepared (`/api/v1/payments/orders/{order}`)."""

    order: UUID


class AccountIn(StrictSchema):
    """The bank account to which a facility is paid, from a day on."""

    facility: str
    number: str = Field(min_length=1, max_length=60)
    holder: str = Field(min_length=1, max_length=140)
    start: date


class AccountOut(Schema):
    """An account that was set."""

    id: UUID
    number: str
    start: date


class StatedOut(Schema):
    """What a statement adds for one claim, and what was asked for it."""

    claim: UUID
    number: str
    state: str
    asked: Decimal
    amount: Decimal


class ScoreIn(StrictSchema):
    """A first score of quality, in percent, for a quarter (by any of its days)."""

    facility: str
    quarter: date
    score: Decimal = Field(max_digits=5, decimal_places=2)


class VerifyIn(StrictSchema):
    """The score after verification, and why it differs."""

    score: Decimal = Field(max_digits=5, decimal_places=2)
    reason: str = Field(default="", max_length=300)


class ScoreOut(Schema):
    """A score of quality, in percent: before, and after verification."""

    id: UUID
    facility: str
    quarter: date
    before: Decimal
    after: Decimal | None
    reason: str


@router.get("/statements", response={200: Page[StatementOut], **PROBLEMS})
@access.declared(queries.SEE_STATEMENTS, purpose=READS)
def statements(
    request: WithActor, scheme: str = "", month: date | None = None, facility: str = "",
    cursor: str | None = None, limit: int = 25,
) -> Any:  # fmt: skip
    """List the statements of the client's areas, the newest first."""
    found = queries.statements(by=request.actor, scheme=scheme, month=month, facility=facility)
    rows, following = page_of(found, cursor=cursor, limit=limit, key="-id")
    return Page[StatementOut](items=[_out(row) for row in rows], next=following)


@router.post("/statements", response={201: MadeOut, **PROBLEMS})
@access.declared(queries.MAKE, purpose=Purpose.PAYMENT)
@idempotent
def make(request: WithActor, body: MonthIn) -> Any:
    """Make the statements of a month that is verified and over."""
    made = actions.make_statements(**body.model_dump(), by=request.actor, on=timezone.localdate())
    total = sum((one.total for one in made), Decimal(0))
    return Status(201, MadeOut(statements=len(made), total=total))


@router.post("/statements/order", response={201: OrderedOut, **PROBLEMS})
@access.declared(paid.PREPARE, purpose=Purpose.PAYMENT)
@idempotent
def order(request: WithActor, body: MonthIn) -> Any:
    """Prepare the payment of a month's statements; two others approve it."""
    made = actions.order_statements(**body.model_dump(), by=request.actor, on=timezone.localdate())
    return Status(201, OrderedOut(order=made))


@router.post("/accounts", response={201: AccountOut, **PROBLEMS})
@access.declared("health_equity.manage_contracts", purpose=Purpose.PAYMENT)
@idempotent
def set_account(request: WithActor, body: AccountIn) -> Any:
    """Pay a facility to this account from a day on."""
    made = actions.set_account(**body.model_dump(), by=request.actor, on=timezone.localdate())
    return Status(201, AccountOut(id=made.pk, number=made.number, start=made.start))


@router.get("/statements/{statement_id}", response={200: StatementOut, **PROBLEMS})
@access.declared(queries.SEE_STATEMENTS, purpose=READS)
def statement(request: WithActor, statement_id: UUID) -> Any:
    """Give one statement."""
    return _out(queries.statement(statement_id, by=request.actor))


@router.get("/statements/{statement_id}/claims", response={200: Page[StatedOut], **PROBLEMS})
@access.declared(queries.SEE_STATEMENTS, purpose=READS)
def claims(
    request: WithActor, statement_id: UUID, cursor: str | None = None, limit: int = 100
) -> Any:
    """List the claims of a statement."""
    found = queries.statement(statement_id, by=request.actor)
    rows, following = page_of(
        found.stated.select_related("claim"), cursor=cursor, limit=limit, key="id"
    )
    return Page[StatedOut](items=[_stated(row) for row in rows], next=following)


@router.get("/scores", response={200: Page[ScoreOut], **PROBLEMS})
@access.declared(queries.SEE_STATEMENTS, purpose=READS)
def scores(request: WithActor, cursor: str | None = None, limit: int = 25) -> Any:
    """List the scores of quality of the facilities in the client's areas."""
    found = queries.scores(by=request.actor).order_by("-id")
    rows, following = page_of(found, cursor=cursor, limit=limit, key="-id")
    return Page[ScoreOut](items=[_score(row) for row in rows], next=following)


@router.post("/scores", response={201: ScoreOut, **PROBLEMS})
@access.declared(queries.SCORE, purpose=Purpose.PAYMENT)
@idempotent
def score(request: WithActor, body: ScoreIn) -> Any:
    """Give a facility its first score of a quarter."""
    made = actions.score_quality(**body.model_dump(), by=request.actor, on=timezone.localdate())
    return Status(201, _score(made))


@router.post("/scores/{score_id}/verify", response={200: ScoreOut, **PROBLEMS})
@access.declared(queries.VERIFY_SCORE, purpose=Purpose.PAYMENT)
@idempotent
def verify(request: WithActor, score_id: UUID, body: VerifyIn) -> Any:
    """Give the score after verification, which the grant follows."""
    return _score(actions.verify_score(score_id=score_id, **body.model_dump(), by=request.actor))


def _score(one: QualityScore) -> ScoreOut:
    return ScoreOut(id=one.pk, facility=one.facility.code, quarter=one.quarter, before=one.before,
                    after=one.after, reason=one.reason)  # fmt: skip


def _stated(one: StatedClaim) -> StatedOut:
    return StatedOut(claim=one.claim_id, number=one.claim.number, state=one.claim.state,
                     asked=one.claim.asked, amount=one.amount)  # fmt: skip


def _out(one: Statement) -> StatementOut:
    sums = ("claims", "asked", "claimed", "given_back", "fixed_grant", "performance_grant",
            "carried", "total")  # fmt: skip
    return StatementOut(
        id=one.pk, number=one.number, facility=one.facility.code, scheme=one.scheme,
        month=one.month, paid_on=getattr(one, "paid_on", None),
        **{name: getattr(one, name) for name in sums},
    )  # fmt: skip
