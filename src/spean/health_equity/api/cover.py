"""Who is covered, over the API; schemes' lists, contracts."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.health_equity import actions, queries
from spean.health_equity.actions.identification import IDENTIFY
from spean.health_equity.models import Contract, Suspension
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.kernel.edge import WithActor
from spean.kernel.i18n import in_both_languages, stored

router = Router()
LISTS, CONTRACTS = "health_equity.manage_lists", "health_equity.manage_contracts"
MOST = 500


class LookUpIn(StrictSchema):
    """A card's code or number, a scheme's number, or a name; the day of care, today if left out."""

    text: str = Field(min_length=1, max_length=1000)
    on: date | None = None


class FundCriterionOut(Schema):
    """A named test, whether it held, and the source of the value it was held against."""

    name: str
    held: bool
    reference: str | None


class CoverOut(Schema):
    """What one scheme says; `until` is the first day on which it no longer holds."""

    scheme: str
    group: str
    outcome: str
    until: date | None
    criteria: list[FundCriterionOut]


class PatientOut(Schema):
    """A patient; `patient` stands for them in what follows, for half a day and this client alone.

    `covers` lists who pays first first.
    """

    patient: str
    person: UUID
    name_km: str
    name_en: str
    sex: str
    birth_date: date
    village: str
    finding: str
    payer: str | None
    covers: list[CoverOut]


class FundCardOut(Schema):
    """What a check of the card found."""

    number: str
    outcome: str
    category: str
    end: date | None


class FundAnswerOut(Schema):
    """What a look-up gives; a card's number, typed far from the family's home, names nobody."""

    on: date
    card: FundCardOut | None
    patients: list[PatientOut]


class FundInterviewIn(StrictSchema):
    """The answers of a short interview, by question."""

    patient: str
    facility: str
    answers: dict[str, str]


class InterviewOut(Schema):
    """What the short interview came to; `until` where the family was found poor."""

    outcome: str
    points: int
    until: date | None
    assessment: UUID | None


class NamedIn(StrictSchema):
    """A person whom a scheme's list names."""

    person: UUID
    group: str
    start: date
    end: date | None = None
    number: str = Field(default="", max_length=30)


class ListIn(StrictSchema):
    """A scheme's list; where a row is refused, the good ones are kept, or none."""

    source: str = Field(min_length=1, max_length=200)
    keep: Literal["good", "all_or_none"] = "good"
    people: list[NamedIn] = Field(min_length=1, max_length=MOST)


class CoverRefusedOut(Schema):
    """A row that was refused, by its place from 0, and why."""

    place: int
    code: str
    km: str
    en: str


class ListOut(Schema):
    """What became of a list."""

    listed: list[UUID]
    refused: list[CoverRefusedOut]


class ContractIn(StrictSchema):
    """A facility that a scheme pays."""

    facility: str
    scheme: str
    act: str = Field(min_length=1, max_length=200)
    start: date


class SuspensionIn(StrictSchema):
    """A facility that is paid nothing for some days."""

    facility: str
    reason: str = Field(min_length=1, max_length=300)
    start: date
    end: date | None = None


class FundEndIn(StrictSchema):
    """The day from which something holds no longer."""

    end: date


class HeldOut(Schema):
    """A contract or a suspension."""

    id: UUID
    start: date
    end: date | None


@router.post(
    "/cover", response={200: FundAnswerOut, **PROBLEMS}, openapi_extra={"x-reads-only": True}
)
@access.declared(queries.CHECK, purpose=Purpose.CARE)
def look_up(request: WithActor, body: LookUpIn) -> Any:
    """Say whether a patient is covered, by whom, and why."""
    on = body.on or timezone.localdate()
    found = queries.look_up(body.text, by=request.actor, on=on)
    card = FundCardOut.from_orm(found.card) if found.card else None
    return FundAnswerOut(on=on, card=card, patients=[_patient(one) for one in found.patients])


def _patient(one: queries.Patient) -> PatientOut:
    return PatientOut(
        patient=one.handle, person=one.person_id, name_km=one.name_km, name_en=one.name_en,
        sex=one.sex, birth_date=one.birth_date, village=one.village.code, finding=one.finding,
        payer=one.payer.scheme if one.payer else None,
        covers=[
            CoverOut(
                scheme=cover.scheme, group=cover.group, outcome=cover.outcome, until=cover.until,
                criteria=[
                    FundCriterionOut(name=line.criterion.name, held=line.criterion.held,
                                 reference=line.source.reference if line.source else None)
                    for line in cover.decision.explain()
                ],
            )
            for cover in one.covers
        ],
    )  # fmt: skip


@router.post("/interviews", response={201: InterviewOut, **PROBLEMS})
@access.declared(IDENTIFY, purpose=Purpose.CARE)
@idempotent
def interview(request: WithActor, body: FundInterviewIn) -> Any:
    """Hold the short interview with a family that no scheme covers."""
    done = actions.identify_household(
        handle=body.patient, facility=body.facility, answers=body.answers, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, InterviewOut(
        outcome=done.decision.outcome, points=done.decision.facts["points"],
        until=done.cover.end if done.cover else None,
        assessment=done.cover.assessment_id if done.cover else None,
    ))  # fmt: skip


@router.post("/lists", response={201: ListOut, **PROBLEMS})
@access.declared(LISTS, purpose=Purpose.PAYMENT)
@idempotent
def list_people(request: WithActor, body: ListIn) -> Any:
    """Put people on the lists of the groups that a scheme covers; every row is answered."""
    named = [
        actions.Named(one.person, one.group, one.start, one.end, one.number) for one in body.people
    ]
    done = actions.list_people(
        named=named, source=body.source, keep_good=body.keep == "good", by=request.actor
    )
    refused = [
        CoverRefusedOut(place=n, code=error.code, **in_both_languages(stored(error)))
        for n, error in done.refused
    ]
    return Status(201, ListOut(listed=[one.pk for one in done.listed], refused=refused))


@router.post("/lists/{listing_id}/end", response={200: HeldOut, **PROBLEMS})
@access.declared(LISTS, purpose=Purpose.PAYMENT)
@idempotent
def end_listing(request: WithActor, listing_id: UUID, body: FundEndIn) -> Any:
    """Take a person from a list from a day on."""
    done = actions.end_listing(listing_id=listing_id, end=body.end, by=request.actor)
    return HeldOut(id=done.pk, start=done.start, end=done.end)


@router.post("/contracts", response={201: HeldOut, **PROBLEMS})
@access.declared(CONTRACTS, purpose=Purpose.PAYMENT)
@idempotent
def make_contract(request: WithActor, body: ContractIn) -> Any:
    """Let a scheme pay a facility from a day on."""
    return Status(201, _held(actions.make_contract(
        **body.model_dump(), by=request.actor, on=timezone.localdate()
    )))  # fmt: skip


@router.post("/contracts/{contract_id}/end", response={200: HeldOut, **PROBLEMS})
@access.declared(CONTRACTS, purpose=Purpose.PAYMENT)
@idempotent
def end_contract(request: WithActor, contract_id: UUID, body: FundEndIn) -> Any:
    """Let a contract hold no longer from a day on."""
    return _held(actions.end_contract(contract_id=contract_id, end=body.end, by=request.actor))


@router.post("/suspensions", response={201: HeldOut, **PROBLEMS})
@access.declared(CONTRACTS, purpose=Purpose.PAYMENT)
@idempotent
def suspend(request: WithActor, body: SuspensionIn) -> Any:
    """Pay nothing that a facility does from a day on, or for some days."""
    return Status(201, _held(actions.suspend_facility(
        **body.model_dump(), by=request.actor, on=timezone.localdate()
    )))  # fmt: skip


@router.post("/suspensions/{suspension_id}/end", response={200: HeldOut, **PROBLEMS})
@access.declared(CONTRACTS, purpose=Purpose.PAYMENT)
@idempotent
def end_suspension(request: WithActor, suspension_id: UUID, body: FundEndIn) -> Any:
    """Pay a facility again from a day on."""
    return _held(actions.end_suspension(
        suspension_id=suspension_id, end=body.end, by=request.actor
    ))  # fmt: skip


def _held(one: Contract | Suspension) -> HeldOut:
    return HeldOut(id=one.pk, start=one.start, end=one.end)
