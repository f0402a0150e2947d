"""Long work over the API: how far it is; start, cancel, resume."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema, Status

from spean.kernel import access, runs
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.kernel.i18n import explain_stored
from spean.kernel.models import LongRun

router = Router(tags=["office"])
PERMISSION = "kernel.run_long_work"
Asked = WithActor
ALIKE = (
    "id", "kind", "state", "doing", "done", "total", "percent", "started_by", "asked_at",
    "finished_at",
)  # fmt: skip


class WorkIn(StrictSchema):
    """What to start: a kind, as of a day, from a file of the intake folder, for places struck."""

    kind: str = Field(max_length=40)
    on: date | None = None
    file: str | None = Field(None, max_length=200)
    hit: list[str] | None = Field(None, max_length=2000, description="Places that a flood struck.")


class RunOut(Schema):
    """One run; `result` depends on its kind."""

    id: UUID
    kind: str
    state: str
    doing: str
    done: int
    total: int
    percent: int
    started_by: str
    asked_at: datetime
    finished_at: datetime | None
    result: dict[str, Any]
    problem: str | None


@router.get("/work", response={200: Page[RunOut], **PROBLEMS})
@access.declared(PERMISSION, purpose=Purpose.ADMINISTRATION)
def long_work(request: Asked, cursor: str | None = None, limit: int = 50) -> Any:
    """List the runs, the newest first."""
    rows, following = page_of(
        runs.long_runs(by=request.actor), cursor=cursor, limit=limit, key="-id"
    )
    return {"items": [_out(run) for run in rows], "next": following}


@router.get("/work/{run_id}", response={200: RunOut, **PROBLEMS})
@access.declared(PERMISSION, purpose=Purpose.ADMINISTRATION)
def one_run(request: Asked, run_id: UUID) -> Any:
    """Give one run."""
    return _out(runs.long_run(run_id, by=request.actor))


@router.post("/work", response={201: RunOut, **PROBLEMS})
@access.declared(PERMISSION, purpose=Purpose.ADMINISTRATION)
@idempotent
def start(request: Asked, work: WorkIn) -> Any:
    """Put a piece of work in the queue."""
    parameters = work.model_dump(mode="json", exclude={"kind"}, exclude_none=True)
    run = runs.start(kind=work.kind, parameters=parameters, by=request.actor)
    return Status(201, _out(run))


@router.post("/work/{run_id}/cancel", response={200: RunOut, **PROBLEMS})
@access.declared(PERMISSION, purpose=Purpose.ADMINISTRATION)
@idempotent
def cancel(request: Asked, run_id: UUID) -> Any:
    """Stop a run at its next step."""
    return _out(runs.cancel(run_id=run_id, by=request.actor))


@router.post("/work/{run_id}/resume", response={200: RunOut, **PROBLEMS})
@access.declared(PERMISSION, purpose=Purpose.ADMINISTRATION)
@idempotent
def resume(request: Asked, run_id: UUID) -> Any:
    """Let a failed or cancelled run go on."""
    return _out(runs.resume(run_id=run_id, by=request.actor))


def _out(run: LongRun) -> RunOut:
    """Give a run, without the server's folders, what went wrong in the reader's language."""
    run.refresh_from_db()
    return RunOut(
        **{name: getattr(run, name) for name in ALIKE},
        result={n: v for n, v in run.result.items() if n not in ("folder", "snapshot")},
        problem=explain_stored(run.error) if run.error else None,
    )
