"""What facilities are told, over the API."""

from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from ninja import Schema, Status

from spean.health_equity import actions
from spean.health_equity.queries import notices as queries
from spean.health_equity.queries.texts import texts_asked
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.kernel.edge import WithActor

router = Router()


class FundNoticeOut(Schema):
    """Something that a facility is told, by its kind; `codes` are the rules that cut its claims."""

    key: str
    facility: str
    kind: str
    at: datetime
    said: dict[str, Any]
    codes: dict[str, int]
    is_read: bool


class NoticesReadIn(StrictSchema):
    """Notices of a facility that were read, by their keys."""

    facility: str
    keys: list[str]


class NoticesReadOut(Schema):
    """How many of them had not been read before."""

    read: int


class TextsIn(StrictSchema):
    """A facility, and at which telephone of it, and in which language, it is told by text message.

    Without a language it is told in Khmer.
    """

    facility: str
    phone: str
    language: Literal["km", "en"] = "km"


class TextsStopIn(StrictSchema):
    """A facility that is told by text message no more."""

    facility: str


class NoticeTextsOut(Schema):
    """A facility, its telephone, and since when it is told by text message; null where it isn't."""

    facility: str
    phone: str
    language: str
    since: datetime | None


@router.get("/notices", response={200: list[FundNoticeOut], **PROBLEMS})
@access.declared(queries.READ, purpose=Purpose.PAYMENT)
def notices(request: WithActor) -> Any:
    """List what the client's facilities were told in half a year, the unread and newest first."""
    found = queries.notices(by=request.actor, on=timezone.localdate())
    return [
        FundNoticeOut(
            key=one.key, facility=one.facility, kind=one.kind, at=one.at, codes=dict(one.codes),
            said={name: value for name, value in one.said.items() if name != "codes"},
            is_read=one.is_read,
        )
        for one in found
    ]  # fmt: skip


@router.post("/notices/read", response={200: NoticesReadOut, **PROBLEMS})
@access.declared(queries.READ, purpose=Purpose.PAYMENT)
@idempotent
def read(request: WithActor, body: NoticesReadIn) -> Any:
    """Keep that notices were read."""
    done = actions.read_notices(
        facility=body.facility, keys=body.keys, by=request.actor, on=timezone.localdate()
    )
    return NoticesReadOut(read=done)


@router.get("/notices/texts", response={200: list[NoticeTextsOut], **PROBLEMS})
@access.declared(queries.READ, purpose=Purpose.PAYMENT)
def texts(request: WithActor) -> Any:
    """List the client's facilities with whether they are told by text message."""
    rows = texts_asked(by=request.actor, on=timezone.localdate())
    return [
        NoticeTextsOut(facility=one.code, phone=one.phone, language=one.language, since=one.since)
        for one in rows
    ]


@router.post("/notices/texts", response={200: NoticeTextsOut, **PROBLEMS})
@access.declared(queries.READ, purpose=Purpose.PAYMENT)
@idempotent
def ask_texts(request: WithActor, body: TextsIn) -> Any:
    """Let a facility be told by text message."""
    made = actions.ask_texts(**body.model_dump(), by=request.actor, on=timezone.localdate())
    return NoticeTextsOut(
        facility=made.facility.code, phone=made.facility.phone, language=made.language,
        since=made.asked_at,
    )  # fmt: skip


@router.post("/notices/texts/stop", response={204: None, **PROBLEMS})
@access.declared(queries.READ, purpose=Purpose.PAYMENT)
@idempotent
def stop_texts(request: WithActor, body: TextsStopIn) -> Any:
    """Let a facility be told by text message no more."""
    actions.stop_texts(facility=body.facility, by=request.actor, on=timezone.localdate())
    return Status(204, None)
