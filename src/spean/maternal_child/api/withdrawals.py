"""What was recorded in error is taken back, and what stands against vaccines, over the API."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from ninja import Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.kernel.edge import WithActor
from spean.maternal_child import actions, queries
from spean.maternal_child.api.children import RECORD, CareWithdrawIn
from spean.maternal_child.api.mothers import ContactOut, PregnancyOut, contact_out, pregnancy_out
from spean.maternal_child.models import Contraindication

router = Router(tags=["maternal_child"])


class ContraindicationIn(StrictSchema):
    """What stands against vaccines; a reaction names the vaccine that caused it."""

    condition: str
    vaccine: str = ""
    since: date
    until: date | None = None


class ContraindicationEndIn(StrictSchema):
    """From which day on it stands no longer."""

    until: date


class ContraindicationOut(StrictSchema):
    """What stands against vaccines, until a day, or withdrawn."""

    id: UUID
    condition: str
    vaccine: str
    since: date
    until: date | None
    withdrawn_on: date | None


class ContactWithdrawIn(CareWithdrawIn):
    """Why, and which measure as `POST contacts` names it; the whole contact where none is named."""

    measure: str = ""


@router.post("/contacts/{contact_id}/withdraw", response={200: ContactOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def withdraw(request: WithActor, contact_id: UUID, why: ContactWithdrawIn) -> ContactOut:
    """Take back a contact, with the vaccines given at it, or one of its measures."""
    by, today = request.actor, timezone.localdate()
    if why.measure:
        actions.withdraw_measure(
            contact_id=contact_id, measure=why.measure, reason=why.reason, by=by, on=today
        )
    else:
        actions.withdraw_contact(contact_id=contact_id, reason=why.reason, by=by, on=today)
    return contact_out(queries.contact(contact_id, by=by))


@router.post("/pregnancies/{pregnancy_id}/end/withdraw", response={200: PregnancyOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def withdraw_end(request: WithActor, pregnancy_id: UUID, why: CareWithdrawIn) -> PregnancyOut:
    """Take back a birth, or another end of a pregnancy: it goes on."""
    taken = actions.withdraw_end(
        pregnancy_id=pregnancy_id, reason=why.reason, by=request.actor, on=timezone.localdate()
    )
    return pregnancy_out(taken.pregnancy)


def _against(found: Contraindication) -> ContraindicationOut:
    return ContraindicationOut(
        id=found.pk, condition=found.condition, vaccine=found.vaccine, since=found.since,
        until=found.until, withdrawn_on=found.withdrawn_on,
    )  # fmt: skip


@router.post(
    "/children/{person_id}/contraindications", response={201: ContraindicationOut, **PROBLEMS}
)
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def record_contraindication(
    request: WithActor, person_id: UUID, contraindication: ContraindicationIn
) -> Status[ContraindicationOut]:
    """Record what stands against vaccines."""
    made = actions.record_contraindication(
        person_id=person_id, **contraindication.model_dump(), by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, _against(made))


AGAINST = "/contraindications/{contraindication_id}"


@router.post(f"{AGAINST}/end", response={200: ContraindicationOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def end_contraindication(
    request: WithActor, contraindication_id: UUID, end: ContraindicationEndIn
) -> ContraindicationOut:
    """Say that it has passed."""
    found = actions.end_contraindication(
        contraindication_id=contraindication_id, until=end.until, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return _against(found)


@router.post(f"{AGAINST}/withdraw", response={200: ContraindicationOut, **PROBLEMS})
@idempotent
@access.declared(RECORD, purpose=Purpose.CARE)
def withdraw_contraindication(
    request: WithActor, contraindication_id: UUID, why: CareWithdrawIn
) -> ContraindicationOut:
    """Take back what was recorded in error."""
    found = actions.withdraw_contraindication(
        contraindication_id=contraindication_id, reason=why.reason, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return _against(found)
