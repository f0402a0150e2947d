"""The rules judge the claims that wait, over the API: at once, or as long work if they are many."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Schema, Status

from spean.health_equity import actions
from spean.health_equity.actions.judging import KIND
from spean.health_equity.api.claim_schemas import JudgeIn
from spean.health_equity.queries import claims as queries
from spean.kernel import access, runs
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.kernel.i18n import explain_stored
from spean.kernel.models import LongRun

router = Router()


class OutcomesOut(Schema):
    """How many claims came to each outcome."""

    outcomes: dict[str, int]


class JudgingOut(Schema):
    """A run of the judgement as long work: how far it is, and what came of it."""

    id: UUID
    state: str
    done: int
    total: int
    percent: int
    outcomes: dict[str, int]
    problem: str | None


@router.post("/claims/judge", response={200: OutcomesOut, 202: JudgingOut, **PROBLEMS})
@access.declared(queries.JUDGE, purpose=Purpose.PAYMENT)
@idempotent
def judge(request: WithActor, body: JudgeIn) -> Any:
    """Let the rules judge the claims that wait; many are judged as long work (202)."""
    done = actions.judge_waiting(
        asked=queries.Asked(body.facility, body.month), by=request.actor, on=timezone.localdate()
    )
    if isinstance(done, LongRun):
        return Status(202, _out(done).model_dump(mode="json"))
    return Status(200, OutcomesOut(outcomes=dict(done)))


@router.get("/claims/judge/runs", response={200: Page[JudgingOut], **PROBLEMS})
@access.declared(queries.JUDGE, purpose=Purpose.PAYMENT)
def judging_runs(request: WithActor, cursor: str | None = None, limit: int = 25) -> Any:
    """List the runs, the newest first."""
    rows, following = page_of(
        runs.runs_of(KIND, by=request.actor), cursor=cursor, limit=limit, key="-id"
    )
    return {"items": [_out(one) for one in rows], "next": following}


@router.post("/claims/judge/runs/{run_id}/cancel", response={200: JudgingOut, **PROBLEMS})
@access.declared(queries.JUDGE, purpose=Purpose.PAYMENT)
@idempotent
def cancel_judging(request: WithActor, run_id: UUID) -> Any:
    """Stop a run at its next step: what is judged stays judged."""
    return _out(runs.cancel(run_id=run_id, by=request.actor))


@router.post("/claims/judge/runs/{run_id}/resume", response={200: JudgingOut, **PROBLEMS})
@access.declared(queries.JUDGE, purpose=Purpose.PAYMENT)
@idempotent
def resume_judging(request: WithActor, run_id: UUID) -> Any:
    """Let a run that stopped go on with the rest."""
    return _out(runs.resume(run_id=run_id, by=request.actor))


def _out(run: LongRun) -> JudgingOut:
    run.refresh_from_db()
    same = ("id", "state", "done", "total", "percent")
    return JudgingOut(
        **{name: getattr(run, name) for name in same}, outcomes=run.result,
        problem=explain_stored(run.error) if run.error else None,
    )  # fmt: skip
