"""Who is due for care, and pregnancies with their contacts and births, over the API."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from ninja import Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.kernel.edge import WithActor
from spean.maternal_child import actions, queries
from spean.maternal_child.models import Contact, Pregnancy
from spean.maternal_child.rules import Awaited

DUE, VIEW = "maternal_child.view_due", "maternal_child.view_record"
RECORD = "maternal_child.record_contact"
router = Router(tags=["maternal_child"])


class CareAwaitedOut(StrictSchema):
    """A line of a schedule that is due or overdue, and which policy asks for it."""

    schedule: str
    line: str
    status: str
    due: date
    overdue_after: date
    closes: date | None
    reference: str
    because: list[str]


class DueOut(StrictSchema):
    """A mother or child who is due for care."""

    person_id: UUID
    household_id: UUID
    village: str
    pregnancy_id: UUID | None
    overdue_since: date | None
    awaited: list[CareAwaitedOut]


class PregnancyIn(StrictSchema):
    """When a pregnancy began: the last period, a scan (with its age in days), or both."""

    last_period_on: date | None = None
    scan_on: date | None = None
    scan_days: int | None = None
    previous_births: int | None = None
    risks: list[str] = []


class BabyOut(StrictSchema):
    """A baby of a birth."""

    birth_order: int
    outcome: str
    sex: str
    weight_g: int | None
    person_id: UUID | None


class PregnancyOut(StrictSchema):
    """A pregnancy: how it was dated, what is due, how it ended."""

    id: UUID
    person_id: UUID
    started_on: date
    expected_on: date
    dated_by: str
    risks: list[str]
    ended_on: date | None
    ending: str
    babies: list[BabyOut]
    awaited: list[CareAwaitedOut] = []


class BabyIn(StrictSchema):
    """A baby as it was born; `known` is a child whom the registry holds already."""

    outcome: str
    sex: str
    weight_g: int | None = None
    given_name_km: str = ""
    known: UUID | None = None


class BirthIn(StrictSchema):
    """A birth, and the code of the facility where it was; `others` says that children of that day
    in the household are not these.
    """

    day: date
    place: str
    attendant: str
    mode: str
    complications: list[str] = []
    facility: str = ""
    babies: list[BabyIn]
    others: bool = False


class EndIn(StrictSchema):
    """An end without a birth."""

    ending: str
    day: date


class DoseIn(StrictSchema):
    """A dose; at a contact it is given on its day."""

    vaccine: str
    day: date | None = None
    batch: str = ""


class ContactIn(StrictSchema):
    """A contact: weight in kilograms, lengths in centimetres, temperature in degrees."""

    person_id: UUID
    kind: str
    day: date
    place: str
    facility: str = ""
    weight_kg: Decimal | None = None
    length_cm: Decimal | None = None
    lying: bool | None = None
    head_cm: Decimal | None = None
    muac_mm: int | None = None
    oedema: bool | None = None
    systolic: int | None = None
    diastolic: int | None = None
    temperature: Decimal | None = None
    breaths: int | None = None
    haemoglobin: int | None = None
    fundal_height_cm: int | None = None
    fetal_heart: int | None = None
    protein: int | None = None
    hiv: str = ""
    syphilis: str = ""
    hepatitis_b: str = ""
    malaria: str = ""
    danger_signs: list[str] = []
    treatments: list[str] = []
    topics: list[str] = []
    doses: list[DoseIn] = []
    note: str = ""
    sure: bool = False


class AdviceOut(StrictSchema):
    """What follows, and from where; nobody acts on it by machine."""

    row: str
    urgency: str
    km: str
    en: str
    source: str


class ContactOut(StrictSchema):
    """A contact and what follows from it."""

    id: UUID
    person_id: UUID
    kind: str
    day: date
    place: str
    outcome: str
    withdrawn_on: date | None
    advice: list[AdviceOut]


def awaited_out(one: Awaited) -> CareAwaitedOut:
    """Give one awaited line."""
    line = one.line
    return CareAwaitedOut(
        schedule=one.care, line=line.code, status=line.status, due=line.due,
        overdue_after=line.overdue, closes=line.closes, reference=line.source.reference,
        because=list(line.because),
    )  # fmt: skip


def contact_out(contact: Contact) -> ContactOut:
    """Give one contact."""
    return ContactOut(
        id=contact.pk, person_id=contact.person_id, kind=contact.kind, day=contact.day,
        place=contact.place, outcome=contact.decision.outcome, withdrawn_on=contact.withdrawn_on,
        advice=[
            AdviceOut(row=row.code, urgency=row.urgency, km=row.text.km, en=row.text.en,
                      source=row.source)
            for row in queries.advice_of(contact)
        ],
    )  # fmt: skip


def pregnancy_out(found: Pregnancy, awaited: list[CareAwaitedOut] | None = None) -> PregnancyOut:
    """Give one pregnancy."""
    return PregnancyOut(
        id=found.pk, person_id=found.person_id, started_on=found.started_on,
        expected_on=found.expected_on, dated_by=found.dating.outcome, risks=found.risks,
        ended_on=found.ended_on, ending=found.ending, awaited=awaited or [],
        babies=[
            BabyOut(birth_order=one.birth_order, outcome=one.outcome, sex=one.sex,
                    weight_g=one.weight_g, person_id=one.person_id)
            for one in found.babies.order_by("birth_order")
        ],
    )  # fmt: skip


@router.get("/due", response={200: list[DueOut], **PROBLEMS})
@access.declared(DUE, purpose=Purpose.CARE)
def due(request: WithActor, area: str) -> list[DueOut]:
    """List who is due for care in an area, who is overdue the longest first."""
    return [
        DueOut(
            person_id=one.home.person_id, household_id=one.home.household_id,
            village=one.home.household.village.code, pregnancy_id=one.pregnancy_id,
            overdue_since=one.overdue_since, awaited=[awaited_out(line) for line in one.awaited],
        )
        for one in queries.due_in(area, by=request.actor, on=timezone.localdate())
    ]  # fmt: skip


@router.post("/people/{person_id}/pregnancies", response={201: PregnancyOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def begin(request: WithActor, person_id: UUID, pregnancy: PregnancyIn) -> Status[PregnancyOut]:
    """Take a pregnancy into care."""
    made = actions.record_pregnancy(
        person_id=person_id,
        dating=actions.Dating(pregnancy.last_period_on, pregnancy.scan_on, pregnancy.scan_days),
        previous_births=pregnancy.previous_births, risks=pregnancy.risks, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, pregnancy_out(made))


@router.get("/pregnancies/{pregnancy_id}", response={200: PregnancyOut, **PROBLEMS})
@access.declared(VIEW, purpose=Purpose.CARE)
def pregnancy(request: WithActor, pregnancy_id: UUID) -> PregnancyOut:
    """Give a pregnancy with what is due."""
    found = queries.mother(pregnancy_id, by=request.actor, on=timezone.localdate())
    return pregnancy_out(found.pregnancy, [awaited_out(one) for one in found.awaited])


@router.post("/pregnancies/{pregnancy_id}/birth", response={201: PregnancyOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def birth(request: WithActor, pregnancy_id: UUID, birth: BirthIn) -> Status[PregnancyOut]:
    """Record a birth; who was born alive joins the mother's household."""
    made = actions.record_birth(
        pregnancy_id=pregnancy_id,
        birth=actions.Birth(
            birth.day, birth.place, birth.attendant, birth.mode, birth.complications,
            birth.facility,
        ),
        babies=[actions.NewBaby(**one.model_dump()) for one in birth.babies],
        others=birth.others, by=request.actor, on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, pregnancy_out(made))


@router.post("/pregnancies/{pregnancy_id}/end", response={201: PregnancyOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def end(request: WithActor, pregnancy_id: UUID, end: EndIn) -> Status[PregnancyOut]:
    """Record that a pregnancy ended without a birth."""
    made = actions.end_pregnancy(
        pregnancy_id=pregnancy_id, **end.model_dump(), by=request.actor, on=timezone.localdate()
    )
    return Status(201, pregnancy_out(made))


@router.post("/contacts", response={201: ContactOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def record_contact(request: WithActor, contact: ContactIn) -> Status[ContactOut]:
    """Record a contact of a mother or child, with the vaccines given at it."""
    given = contact.model_dump()
    doses = [actions.NewDose(one.vaccine, contact.day, one.batch) for one in contact.doses]
    made = actions.record_contact(
        person_id=contact.person_id, kind=contact.kind, day=contact.day, place=contact.place,
        facility=contact.facility, doses=doses,
        measured=actions.Measured(**{name: given[name] for name in actions.FOUND}),
        note=contact.note, sure=contact.sure, by=request.actor, on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, contact_out(made))


@router.get("/contacts/{contact_id}", response={200: ContactOut, **PROBLEMS})
@access.declared(VIEW, purpose=Purpose.CARE)
def contact(request: WithActor, contact_id: UUID) -> ContactOut:
    """Give one contact with what follows from it."""
    return contact_out(queries.contact(contact_id, by=request.actor))
