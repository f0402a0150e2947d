"""Visits over the API: begun, services added, ended; or a whole one at once."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from ninja import Field, Schema, Status

from spean.health_equity import actions, queries
from spean.health_equity.models import Visit
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor

router = Router()
READS = (Purpose.CARE, Purpose.OVERSIGHT)


class ServiceIn(StrictSchema):
    """A service on a day: once, or so many days or km."""

    service: str
    on: date
    quantity: int = 1


class EndingIn(StrictSchema):
    """How a visit ended."""

    left_on: date
    outcome: str
    diagnoses: list[str] = Field(default=[], max_length=10)
    documents: list[str] = []
    referred_to: str = ""
    note: str = ""


class FundVisitIn(StrictSchema):
    """A visit of a patient who was looked up; with services and ending, a whole one at once."""

    patient: str
    facility: str
    came_on: date
    card: str = ""
    referred_from: str = ""
    services: list[ServiceIn] = []
    ending: EndingIn | None = None


class ServiceOut(Schema):
    """A service of a visit."""

    id: UUID
    service: str
    on: date
    quantity: int


class PayerOut(Schema):
    """Who is asked to pay what of a visit, in their order; `amount` is null until it is judged."""

    claim: UUID
    scheme: str
    state: str
    asked: Decimal
    amount: Decimal | None


class FundVisitOut(Schema):
    """A visit; `fee` (riel) is what the patient was spared, or asked for where nobody pays."""

    id: UUID
    number: str
    facility: str
    person: UUID
    came_on: date
    left_on: date | None
    scheme: str
    group: str
    diagnoses: list[str]
    documents: list[str]
    outcome: str
    referred_from: str | None
    referred_to: str | None
    fee: Decimal
    services: list[ServiceOut]
    payers: list[PayerOut]


class ReportedOut(Schema):
    """A birth or contact that care reported; `became` says why there is no visit, if none is."""

    id: UUID
    service: str
    day: date
    person: UUID
    facility: str | None
    became: str
    visit: UUID | None
    withdrawn_on: date | None


@router.get("/visits", response={200: Page[FundVisitOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def visits(
    request: WithActor, facility: str = "", cursor: str | None = None, limit: int = 25
) -> Any:
    """List the visits to the facilities of the client's areas, the newest first."""
    found = queries.visits(by=request.actor, facility=facility)
    found = found.select_related("referred_from", "referred_to").prefetch_related(
        "services", queries.payers()
    )
    rows, following = page_of(found, cursor=cursor, limit=limit, key="-id")
    return Page[FundVisitOut](items=[_out(row) for row in rows], next=following)


@router.get("/visits/reported", response={200: Page[ReportedOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def reported(
    request: WithActor, became: str = "", cursor: str | None = None, limit: int = 25
) -> Any:
    """List what the record of care reported as cases, and what became of each."""
    found = queries.reported_cases(by=request.actor, became=became)
    rows, following = page_of(found, cursor=cursor, limit=limit, key="-id")
    items = [
        ReportedOut(
            id=one.pk, service=one.service, day=one.day, person=one.person_id,
            facility=one.facility.code if one.facility else None, became=one.became,
            visit=one.visit_id, withdrawn_on=one.withdrawn_on,
        )
        for one in rows
    ]  # fmt: skip
    return Page[ReportedOut](items=items, next=following)


@router.get("/visits/{visit_id}", response={200: FundVisitOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def visit(request: WithActor, visit_id: UUID) -> Any:
    """Give one visit."""
    return _out(queries.visit(visit_id, by=request.actor))


@router.post("/visits", response={201: FundVisitOut, **PROBLEMS})
@access.declared(queries.RECORD, purpose=Purpose.CARE)
@idempotent
def open_visit(request: WithActor, body: FundVisitIn) -> Any:
    """Begin a visit, or record a whole one; a refused part leaves no trace."""
    today = timezone.localdate()
    came = actions.Came(body.came_on, body.card, body.referred_from)
    with transaction.atomic():
        made = actions.open_visit(
            handle=body.patient, facility=body.facility, came=came, by=request.actor, on=today
        )
        for one in body.services:
            actions.give_service(visit_id=made.pk, given=actions.Given(**one.model_dump()),
                                 by=request.actor, on=today)  # fmt: skip
        if body.ending:
            _close(request, made.pk, body.ending)
    return Status(201, _out(queries.visit(made.pk, by=request.actor)))


@router.post("/visits/{visit_id}/services", response={201: FundVisitOut, **PROBLEMS})
@access.declared(queries.RECORD, purpose=Purpose.CARE)
@idempotent
def give_service(request: WithActor, visit_id: UUID, body: ServiceIn) -> Any:
    """Put on record what was done."""
    actions.give_service(visit_id=visit_id, given=actions.Given(**body.model_dump()),
                         by=request.actor, on=timezone.localdate())  # fmt: skip
    return Status(201, _out(queries.visit(visit_id, by=request.actor)))


@router.post("/visits/{visit_id}/end", response={200: FundVisitOut, **PROBLEMS})
@access.declared(queries.RECORD, purpose=Purpose.CARE)
@idempotent
def close_visit(request: WithActor, visit_id: UUID, body: EndingIn) -> Any:
    """End a visit."""
    _close(request, visit_id, body)
    return _out(queries.visit(visit_id, by=request.actor))


def _close(request: WithActor, visit_id: UUID, body: EndingIn) -> None:
    actions.close_visit(
        visit_id=visit_id, left=actions.Left(**body.model_dump()), by=request.actor,
        on=timezone.localdate(), at=timezone.now(),
    )  # fmt: skip


def _out(one: Visit) -> FundVisitOut:
    return FundVisitOut(
        id=one.pk, number=one.number, facility=one.facility.code, person=one.person_id,
        came_on=one.came_on, left_on=one.left_on, scheme=one.scheme, group=one.group,
        diagnoses=one.diagnoses, documents=one.documents, outcome=one.outcome,
        referred_from=one.referred_from.code if one.referred_from else None,
        referred_to=one.referred_to.code if one.referred_to else None, fee=one.fee,
        services=[
            ServiceOut(id=row.pk, service=row.service, on=row.on, quantity=row.quantity)
            for row in one.services.all()
        ],
        payers=[
            PayerOut(claim=row.pk, scheme=row.scheme, state=row.state, asked=row.asked,
                     amount=row.amount)
            for row in one.payers
        ],
    )  # fmt: skip
