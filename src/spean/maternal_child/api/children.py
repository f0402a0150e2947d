"""A child's doses and what comes next, and treatment of malnutrition, over the API."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from ninja import Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.kernel.edge import WithActor
from spean.maternal_child import actions, queries
from spean.maternal_child.api.mothers import CareAwaitedOut, DoseIn, awaited_out
from spean.maternal_child.models import Dose, NutritionTreatment
from spean.maternal_child.rules import Awaited, Care, Line

VIEW, RECORD = "maternal_child.view_record", "maternal_child.record_contact"
router = Router(tags=["maternal_child"])


class WorthOut(StrictSchema):
    """What a dose is worth for a series: its line and, where it doesn't count, the reason."""

    series: str
    line: str
    verdict: str
    reason: str | None


class DoseOut(StrictSchema):
    """A dose, and what it is worth."""

    id: UUID
    vaccine: str
    day: date
    batch: str
    worth: list[WorthOut] = []


class ChildOut(StrictSchema):
    """A child's doses, what is due now, and what comes next of each series."""

    person_id: UUID
    birth_date: date
    doses: list[DoseOut]
    awaited: list[CareAwaitedOut]
    forecast: list[CareAwaitedOut]


class TreatmentIn(StrictSchema):
    """An admission."""

    kind: str
    day: date


class DischargeIn(StrictSchema):
    """A discharge."""

    outcome: str
    day: date


class TreatmentOut(StrictSchema):
    """A treatment of malnutrition."""

    id: UUID
    kind: str
    started_on: date
    ended_on: date | None
    outcome: str


class CareWithdrawIn(StrictSchema):
    """Why something was recorded in error."""

    reason: str


def _dose(dose: Dose) -> DoseOut:
    return DoseOut(id=dose.pk, vaccine=dose.vaccine, day=dose.day, batch=dose.batch)


def _treatment(found: NutritionTreatment) -> TreatmentOut:
    return TreatmentOut(
        id=found.pk, kind=found.kind, started_on=found.started_on, ended_on=found.ended_on,
        outcome=found.outcome,
    )  # fmt: skip


def _next(line: Line) -> CareAwaitedOut:
    return awaited_out(Awaited(Care.IMMUNISATION, line))


@router.get("/children/{person_id}", response={200: ChildOut, **PROBLEMS})
@access.declared(VIEW, purpose=Purpose.CARE)
def child(request: WithActor, person_id: UUID) -> ChildOut:
    """Give a child's record."""
    found = queries.child(person_id, by=request.actor, on=timezone.localdate())
    return ChildOut(
        person_id=person_id,
        birth_date=found.home.person.birth_date,
        doses=[
            _dose(dose).model_copy(update={"worth": [
                WorthOut(series=one.series, line=one.line, verdict=one.verdict, reason=one.reason)
                for one in said
            ]})
            for dose, said in found.doses
            if dose.withdrawn_on is None
        ],
        awaited=[awaited_out(one) for one in found.awaited],
        forecast=[_next(line) for line in found.forecast],
    )  # fmt: skip


@router.post("/children/{person_id}/doses", response={201: list[DoseOut], **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def doses(request: WithActor, person_id: UUID, doses: list[DoseIn]) -> Status[list[DoseOut]]:
    """Record doses that stand on a child's card."""
    today = timezone.localdate()
    given = [actions.NewDose(one.vaccine, one.day or today, one.batch) for one in doses]
    made = actions.record_doses(person_id=person_id, doses=given, by=request.actor, on=today)
    return Status(201, [_dose(one) for one in made])


@router.post("/doses/{dose_id}/withdraw", response={200: DoseOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def withdraw(request: WithActor, dose_id: UUID, why: CareWithdrawIn) -> DoseOut:
    """Take back a dose recorded in error."""
    found = actions.withdraw_dose(
        dose_id=dose_id, reason=why.reason, by=request.actor, on=timezone.localdate()
    )
    return _dose(found)


@router.post("/children/{person_id}/treatments", response={201: TreatmentOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def admit(request: WithActor, person_id: UUID, treatment: TreatmentIn) -> Status[TreatmentOut]:
    """Take a child into treatment of malnutrition."""
    made = actions.admit(
        person_id=person_id, **treatment.model_dump(), by=request.actor, on=timezone.localdate()
    )
    return Status(201, _treatment(made))


@router.post("/treatments/{treatment_id}/discharge", response={200: TreatmentOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def discharge(request: WithActor, treatment_id: UUID, end: DischargeIn) -> TreatmentOut:
    """Record the end of a treatment."""
    found = actions.discharge(
        treatment_id=treatment_id, **end.model_dump(), by=request.actor, on=timezone.localdate()
    )
    return _treatment(found)
