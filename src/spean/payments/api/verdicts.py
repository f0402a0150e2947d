"""Answers that go against the books, to be decided by a person, over the API."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.payments import actions, queries
from spean.payments.rules import Verdict

router = Router()


class PossibleOut(Schema):
    """What can be decided, and what the family holds of the payment then (riel)."""

    verdict: Verdict
    held: int


class OddAnswerOut(Schema):
    """A row that moved no money, why, and what can be decided about it (amount in riel)."""

    id: int
    row: int
    reference: str
    outcome: str
    amount: int | None
    on: date | None
    effect: str
    possible: list[PossibleOut]


class VerdictIn(StrictSchema):
    """What holds, and by what that is told."""

    verdict: Verdict
    grounds: str = Field(max_length=300)


class VerdictOut(Schema):
    """What was decided."""

    verdict: Verdict
    grounds: str
    decided_by: str


@router.get("/answers/{file_id}/waiting", response={200: Page[OddAnswerOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=(Purpose.PAYMENT, Purpose.OVERSIGHT))
def waiting(request: WithActor, file_id: UUID, cursor: str | None = None, limit: int = 25) -> Any:
    """List the rows of a file that go against the books and are not decided yet."""
    kept = queries.answer_file(file_id, by=request.actor)
    listed = queries.answers_for_a_person(kept, decided=False)
    rows, following = page_of(listed, cursor=cursor, limit=limit)
    possible = queries.possible(rows)
    same = ("id", "row", "reference", "outcome", "amount", "on", "effect")
    items = [
        OddAnswerOut(
            possible=[
                PossibleOut(verdict=verdict, held=int(holds))
                for verdict, holds in possible[row.pk].items()
            ],
            **{n: getattr(row, n) for n in same},
        )
        for row in rows
    ]
    return {"items": items, "next": following}


@router.post("/answers/rows/{answer_id}/verdict", response={201: VerdictOut, **PROBLEMS})
@access.declared(queries.APPROVE, purpose=Purpose.PAYMENT)
@idempotent
def decide(request: WithActor, answer_id: int, body: VerdictIn) -> Any:
    """Decide what holds; the money is booked to where it is by the verdict."""
    made = actions.decide_answer(
        answer_id=answer_id, verdict=body.verdict, grounds=body.grounds, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, VerdictOut(verdict=Verdict(made.verdict), grounds=made.grounds,
                                  decided_by=made.decided_by))  # fmt: skip
