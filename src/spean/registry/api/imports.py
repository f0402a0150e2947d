"""Import and export over the API."""

import io
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import Field, Schema, Status
from pydantic import Base64Bytes

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, AreaCode, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.i18n import explain_stored
from spean.kernel.spreadsheets import CSV_TYPE, XLSX_TYPE
from spean.registry import actions, queries
from spean.registry.models import ImportRun

router = Router(tags=["imports"])


class ImportIn(StrictSchema):
    """A CSV or XLSX file of households, one row a person; see the model file for its columns."""

    name: str = Field(min_length=1, max_length=200)
    content: Base64Bytes = Field(description="The file, in base64; at most 10,000 rows.")


class RowProblemOut(Schema):
    """One thing that is wrong, in the language of Accept-Language."""

    row: int
    column: str
    code: str
    detail: str


class LikelyDuplicateOut(Schema):
    """A row that looks like somebody who is already recorded."""

    row: int
    household_key: str
    person: UUID
    name: str
    birth_date: str


class ImportSummaryOut(Schema):
    """One import. `households` counts those that can be, or were, taken in."""

    id: UUID
    name: str
    state: str
    rows: int
    households: int
    started_at: datetime


class ImportOut(ImportSummaryOut):
    """One import with everything that is wrong with it."""

    problems: list[RowProblemOut]
    likely_duplicates: list[LikelyDuplicateOut]


class TakeInIn(StrictSchema):
    """What is to be taken in."""

    all_or_none: bool = False
    also_likely_duplicates: bool = False


@router.post("/imports", response={201: ImportOut, **PROBLEMS})
@access.declared("registry.import", purpose=Purpose.REGISTRATION)
@idempotent
def check_import(request: HttpRequest, body: ImportIn) -> Any:
    """Check a file without taking anything in."""
    run = actions.check_import(
        file=io.BytesIO(body.content),
        name=body.name,
        by=request.actor,  # type: ignore[attr-defined]
        on=timezone.localdate(),
    )
    return Status(201, _out(run))


@router.get("/imports", response={200: Page[ImportSummaryOut], **PROBLEMS})
@access.declared("registry.import", purpose=Purpose.REGISTRATION)
def imports(request: HttpRequest, cursor: str | None = None, limit: int = 50) -> Any:
    """List the imports, the newest first."""
    runs = queries.import_runs(by=request.actor)  # type: ignore[attr-defined]
    rows, following = page_of(runs, cursor=cursor, limit=limit, key="-id")
    return {"items": [ImportSummaryOut(**_summary(run)) for run in rows], "next": following}


@router.get("/imports/{run_id}", response={200: ImportOut, **PROBLEMS})
@access.declared("registry.import", purpose=Purpose.REGISTRATION)
def import_run(request: HttpRequest, run_id: UUID) -> Any:
    """Give one import with everything that is wrong with it."""
    return _out(queries.import_run(run_id, by=request.actor))  # type: ignore[attr-defined]


@router.post("/imports/{run_id}/take-in", response={200: ImportOut, **PROBLEMS})
@access.declared("registry.import", purpose=Purpose.REGISTRATION)
@idempotent
def take_in_import(request: HttpRequest, run_id: UUID, body: TakeInIn) -> Any:
    """Register the good households of a checked file."""
    actor = request.actor  # type: ignore[attr-defined]
    run = actions.take_in_import(
        run=queries.import_run(run_id, by=actor),
        **body.dict(),
        by=actor,
        on=timezone.localdate(),
    )
    return _out(run)


@router.get("/exports/households", response={200: None, **PROBLEMS})
@access.declared("registry.export", purpose=Purpose.REGISTRATION)
def export_households(
    request: HttpRequest, area: AreaCode, form: Literal["csv", "xlsx"] = "csv"
) -> StreamingHttpResponse:
    """Give the households of an area as a file that can be imported again."""
    pieces = queries.export_households(
        area=area,
        form=form,
        by=request.actor,  # type: ignore[attr-defined]
        on=timezone.localdate(),
    )
    return StreamingHttpResponse(pieces, content_type=CSV_TYPE if form == "csv" else XLSX_TYPE)


def _summary(run: ImportRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "name": run.file_name,
        "state": run.state,
        "rows": run.row_count,
        "households": run.household_count,
        "started_at": run.started_at,
    }


def _out(run: ImportRun) -> ImportOut:
    return ImportOut(
        **_summary(run),
        problems=[
            RowProblemOut(
                row=found["row"],
                column=found["column"],
                code=found["code"],
                detail=explain_stored(found),
            )
            for found in run.errors
        ],
        likely_duplicates=[
            LikelyDuplicateOut(
                row=found["row"],
                household_key=found["key"],
                person=found["person"],
                name=found["name"],
                birth_date=found["birth_date"],
            )
            for found in run.likely_duplicates
        ],
    )
