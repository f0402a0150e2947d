"""Equity cards over the API: read one, check one, print one, revoke one."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Field, Schema

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.registry import actions, queries
from spean.registry.models import EquityCard

router = Router(tags=["cards"])


class CardOut(Schema):
    """One card; it holds from `start` until the day before `end`, unless revoked."""

    number: str
    household: str
    category: str
    start: date
    end: date
    revoked_on: date | None
    revoked_because: str


class CheckIn(StrictSchema):
    """The text of the QR code, or the card number as printed."""

    card: str = Field(min_length=1, max_length=1000)


class MemberSeenOut(Schema):
    """One member, so that the person can be recognised."""

    name_km: str
    name_en: str
    age: int


class CheckOut(Schema):
    """What a check finds; `title` and `advice` are in the language of Accept-Language."""

    outcome: str
    covered: bool
    title: str
    advice: str
    number: str
    category: str
    start: date | None
    end: date | None
    household_size: int
    members: list[MemberSeenOut]
    newer_number: str


class RevokeIn(StrictSchema):
    """Why the card is revoked; the family will be told."""

    reason: str = Field(min_length=1, max_length=200)


@router.post(
    "/cards/check",
    response={200: CheckOut, **PROBLEMS},
    openapi_extra={"x-reads-only": True},
)
@access.declared("registry.check_card", purpose=Purpose.CARE)
def check_card(request: HttpRequest, body: CheckIn) -> Any:
    """Say whether a card covers its family today; each check is recorded."""
    found = queries.card_status(body.card, by=request.actor, on=timezone.localdate())  # type: ignore[attr-defined]
    return CheckOut(
        outcome=found.outcome,
        covered=found.covered,
        title=gettext(found.title),
        advice=gettext(found.advice),
        number=found.number,
        category=found.category,
        start=found.start,
        end=found.end,
        household_size=found.household_size,
        members=[
            MemberSeenOut(name_km=m.name_km, name_en=m.name_en, age=m.age) for m in found.members
        ],
        newer_number=found.newer_number,
    )


@router.get("/cards/{number}", response={200: CardOut, **PROBLEMS})
@access.declared("registry.view_household", purpose=Purpose.TARGETING)
def card(request: HttpRequest, number: str) -> Any:
    """Give one card."""
    return _out(queries.card(number, by=request.actor))  # type: ignore[attr-defined]


@router.get("/cards/{number}/pdf", response={200: None, **PROBLEMS})
@access.declared("registry.print_card", purpose=Purpose.TARGETING)
def card_pdf(request: HttpRequest, number: str, sheet: bool = False) -> HttpResponse:
    """Give the card as a PDF: both sides in card size, or on one A4 sheet."""
    actor, today = request.actor, timezone.localdate()  # type: ignore[attr-defined]
    content = queries.card_pdf(queries.card(number, by=actor), by=actor, on=today, sheet=sheet)
    return HttpResponse(content, content_type="application/pdf")


@router.post("/cards/{number}/revoke", response={200: CardOut, **PROBLEMS})
@access.declared("registry.revoke_card", purpose=Purpose.TARGETING)
@idempotent
def revoke_card(request: HttpRequest, number: str, body: RevokeIn) -> Any:
    """Make a card void from today on."""
    actor = request.actor  # type: ignore[attr-defined]
    card = queries.card(number, by=actor)
    return _out(
        actions.revoke_card(card=card, reason=body.reason, by=actor, on=timezone.localdate())
    )


def _out(card: EquityCard) -> CardOut:
    assert card.end is not None  # noqa: S101 - the database holds it
    return CardOut(
        number=card.number,
        household=str(card.household_id),
        category=card.category,
        start=card.start,
        end=card.end,
        revoked_on=card.revoked_on,
        revoked_because=card.revoked_because,
    )
