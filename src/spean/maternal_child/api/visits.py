"""Home visits over the API."""

from dataclasses import fields
from datetime import date
from uuid import UUID

from django.utils import timezone
from ninja import Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.maternal_child import actions, queries
from spean.maternal_child.api.children import CareWithdrawIn
from spean.maternal_child.models import HomeVisit

VIEW, RECORD = "maternal_child.view_visits", "maternal_child.record_visit"
router = Router(tags=["maternal_child"])
FOUND = {field.name for field in fields(actions.Findings)}


class VisitIn(StrictSchema):
    """A visit as it was made; findings only where the person was met."""

    person_id: UUID
    kind: str
    visited_on: date
    met: bool
    danger_signs: list[str] = []
    muac_mm: int | None = None
    oedema: bool | None = None
    breastfed: bool | None = None
    topics: list[str] = []
    referred: bool | None = None
    referred_to: str = ""
    newly_pregnant: bool = False
    expected_on: date | None = None
    note: str = ""


class VisitOut(StrictSchema):
    """A visit, and what follows from it (`advice`)."""

    id: UUID
    household_id: UUID
    person_id: UUID
    village: str
    kind: str
    visited_on: date
    met: bool
    danger_signs: list[str]
    muac_mm: int | None
    oedema: bool | None
    referred: bool | None
    referred_to: str
    advice: str | None
    withdrawn_on: date | None


def _out(visit: HomeVisit) -> VisitOut:
    return VisitOut(
        id=visit.pk,
        household_id=visit.household_id,
        person_id=visit.person_id,
        village=visit.village.code,
        kind=visit.kind,
        visited_on=visit.visited_on,
        met=visit.met,
        danger_signs=visit.danger_signs,
        muac_mm=visit.muac_mm,
        oedema=visit.oedema,
        referred=visit.referred,
        referred_to=visit.referred_to,
        advice=visit.decision.outcome if visit.decision else None,
        withdrawn_on=visit.withdrawn_on,
    )


@router.get("/households/{household_id}/visits", response={200: Page[VisitOut], **PROBLEMS})
@access.declared(VIEW, purpose=Purpose.CARE)
def visits(
    request: WithActor, household_id: UUID, cursor: str | None = None, limit: int = 25
) -> Page[VisitOut]:
    """List the visits to a household, newest first."""
    found = queries.visits(by=request.actor, household_id=household_id)
    rows, following = page_of(
        found.select_related("decision"), cursor=cursor, limit=limit, key="-id"
    )
    return Page[VisitOut](items=[_out(row) for row in rows], next=following)


@router.get("/visits/{visit_id}", response={200: VisitOut, **PROBLEMS})
@access.declared(VIEW, purpose=Purpose.CARE)
def visit(request: WithActor, visit_id: UUID) -> VisitOut:
    """Give one visit."""
    return _out(queries.visit(visit_id, by=request.actor))


@router.post("/visits/{visit_id}/withdraw", response={200: VisitOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def withdraw(request: WithActor, visit_id: UUID, why: CareWithdrawIn) -> VisitOut:
    """Take back a visit recorded in error."""
    found = actions.withdraw_home_visit(
        visit_id=visit_id, reason=why.reason, by=request.actor, on=timezone.localdate()
    )
    return _out(found)


@router.post("/households/{household_id}/visits", response={201: VisitOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def record(request: WithActor, household_id: UUID, visit: VisitIn) -> Status[VisitOut]:
    """Record a visit."""
    found = actions.Findings(**visit.model_dump(include=FOUND)) if visit.met else None
    made = actions.record_home_visit(
        household_id=household_id,
        person_id=visit.person_id,
        kind=visit.kind,
        visited_on=visit.visited_on,
        findings=found,
        pregnancy=actions.FoundPregnant(visit.expected_on) if visit.newly_pregnant else None,
        note=visit.note,
        by=request.actor,
        on=timezone.localdate(),
    )
    return Status(201, _out(made))
