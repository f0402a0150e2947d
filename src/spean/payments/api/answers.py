"""What channels answered, over the API: their files, and what each did."""

import io
from datetime import datetime
from typing import IO, Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Path, Query, Schema
from pydantic import Base64Bytes

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import (
    FILE_BODY,
    PROBLEMS,
    Page,
    Router,
    StrictSchema,
    idempotent,
    idempotent_upload,
    page_of,
)
from spean.kernel.edge import WithActor
from spean.kernel.i18n import explain_stored
from spean.payments import actions, queries
from spean.payments.models import AnswerFile

router = Router()
MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="Of the file, in hexadecimal.")]
FileName = Annotated[str, Query(min_length=1, max_length=200)]


class AnswersIn(StrictSchema):
    """A channel's file of answers: CSV, or ISO 20022 pain.002, camt.053 or camt.054.

    Of up to 5 MB as a whole; a larger one is put to `/answers/files/{sha256}`.
    """

    name: str = Field(min_length=1, max_length=200)
    content: Base64Bytes


class UnreadableOut(Schema):
    """A row that can't be read, and why, in the language of Accept-Language."""

    row: int
    code: str
    detail: str


class AnswerFileOut(Schema):
    """What a file did, row by row counted."""

    id: UUID
    sha256: str
    name: str
    received_by: str
    received_at: datetime
    rows: int
    effects: dict[str, int]
    unreadable: list[UnreadableOut]


@router.get("/answers", response={200: Page[AnswerFileOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def answer_files(request: WithActor, cursor: str | None = None, limit: int = 25) -> Any:
    """List the files that channels sent, the newest first."""
    rows, following = page_of(
        queries.answer_files(by=request.actor), cursor=cursor, limit=limit, key="-id"
    )
    return {"items": [file_out(row) for row in rows], "next": following}


@router.post("/answers", response={200: AnswerFileOut, **PROBLEMS})
@access.declared("payments.release", purpose=Purpose.PAYMENT)
@idempotent
def answers(request: WithActor, body: AnswersIn) -> Any:
    """Take a channel's file of answers in; the same file again gives what it did before."""
    return file_out(actions.receive_answers(
        file=io.BytesIO(body.content), name=body.name, by=request.actor, on=timezone.localdate()
    ))  # fmt: skip


@router.get("/answers/{file_id}", response={200: AnswerFileOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def answer_file(request: WithActor, file_id: UUID) -> Any:
    """Give what a file of answers did."""
    return file_out(queries.answer_file(file_id, by=request.actor))


@router.put(
    "/answers/files/{sha256}", response={200: AnswerFileOut, **PROBLEMS}, openapi_extra=FILE_BODY
)
@access.declared("payments.release", purpose=Purpose.PAYMENT)
@idempotent_upload
def upload_answers(request: WithActor, sha256: Sha256, name: FileName, file: IO[bytes]) -> Any:
    """Take a channel's file of any size in, sent as the request's body; the same does nothing."""
    return file_out(actions.receive_answers(
        file=file, name=name, by=request.actor, on=timezone.localdate()
    ))  # fmt: skip


def file_out(kept: AnswerFile) -> AnswerFileOut:
    """Give what a file of answers did, as the API shows it."""
    return AnswerFileOut(
        id=kept.pk, sha256=kept.sha256, name=kept.name, received_by=kept.received_by,
        received_at=kept.received_at, rows=kept.rows, effects=kept.effects,
        unreadable=[UnreadableOut(row=one["row"], code=one["code"], detail=explain_stored(one))
                    for one in kept.unreadable],
    )  # fmt: skip
