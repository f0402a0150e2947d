"""What facilities and schools confirm, over the API: many at once, each answered."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.kernel.decisions import Decision
from spean.kernel.edge import WithActor
from spean.kernel.i18n import in_both_languages, stored
from spean.programmes import actions, queries
from spean.programmes.models import Confirmation
from spean.programmes.rules import Happened

router = Router()
MOST = 500


class ReportIn(StrictSchema):
    """What happened: to a person, or, for the base support, to a household.

    `kind` is a row of the programme's rates. A month of school is given by a day of it, with the
    percentage of days attended.
    """

    kind: str = Field(max_length=40)
    on: date
    person: UUID | None = None
    household: UUID | None = None
    babies: int = 1
    attendance: Decimal | None = Field(default=None, max_digits=5, decimal_places=2)


class ReportsIn(StrictSchema):
    """Many reports; where one is refused, the good ones are kept, or none."""

    keep: Literal["good", "all_or_none"] = "good"
    reports: list[ReportIn] = Field(min_length=1, max_length=MOST)


class FailedOut(Schema):
    """A criterion and whether it held."""

    name: str
    held: bool


class ConfirmationOut(Schema):
    """What was confirmed; `amount` (riel) is null where a criterion failed."""

    id: UUID
    programme: str
    kind: str
    household: UUID
    person: UUID | None
    on: date
    until: date | None
    babies: int
    attendance: Decimal | None
    amount: int | None
    criteria: list[FailedOut]
    cycle: UUID | None
    withdrawn_on: date | None


class RefusedOut(Schema):
    """A report that was refused, by its place in the list from 0, and why."""

    place: int
    code: str
    km: str
    en: str


class TakenOut(Schema):
    """What became of the reports."""

    confirmed: list[ConfirmationOut]
    refused: list[RefusedOut]


class WithdrawIn(StrictSchema):
    """Why something confirmed is taken back."""

    reason: str = Field(min_length=1, max_length=300)


class PupilOut(Schema):
    """A child of age for school, of a family on the scholarship's list."""

    person_id: UUID
    name: str
    latin_name: str
    birth_date: date
    card: str


@router.post("/lists/{programme}/confirmations", response={201: TakenOut, **PROBLEMS})
@access.declared(queries.CONFIRM, purpose=Purpose.PAYMENT)
@idempotent
def confirm(request: WithActor, programme: str, body: ReportsIn) -> Any:
    """Confirm each report; the answer names every one refused."""
    reports = [
        actions.Report(Happened(one.kind, one.on, one.babies, one.attendance), one.person,
                       one.household)
        for one in body.reports
    ]  # fmt: skip
    taken = actions.confirm_many(
        programme=programme, reports=reports, keep_good=body.keep == "good", by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    refused = [
        RefusedOut(place=n, code=error.code, **in_both_languages(stored(error)))
        for n, error in taken.refused
    ]
    return Status(201, TakenOut(confirmed=[_out(one) for one in taken.confirmed], refused=refused))


@router.get(
    "/lists/{programme}/households/{household_id}/confirmations",
    response={200: list[ConfirmationOut], **PROBLEMS},
)
@access.declared(queries.CONFIRM, purpose=Purpose.PAYMENT)
def confirmations(request: WithActor, programme: str, household_id: UUID) -> Any:
    """List what was confirmed for a family, the newest first."""
    found = queries.family_of(programme, household_id, by=request.actor, on=timezone.localdate())
    return [_out(one) for one in found.confirmed]


@router.post(
    "/confirmations/{confirmation_id}/withdraw", response={200: ConfirmationOut, **PROBLEMS}
)
@access.declared(queries.CONFIRM, purpose=Purpose.PAYMENT)
@idempotent
def withdraw(request: WithActor, confirmation_id: UUID, body: WithdrawIn) -> Any:
    """Take back what was confirmed in error."""
    found = actions.withdraw(
        confirmation_id=confirmation_id, reason=body.reason, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return _out(found)


@router.get("/lists/scholarship/pupils", response={200: list[PupilOut], **PROBLEMS})
@access.declared("programmes.confirm_school", purpose=Purpose.PAYMENT)
def pupils(request: WithActor, area: Annotated[str, Field(pattern=access.AREA)]) -> Any:
    """List an area's pupils, whose months of school can be confirmed."""
    return queries.pupils(area, by=request.actor, on=timezone.localdate())


def _out(one: Confirmation) -> ConfirmationOut:
    tests = Decision.from_json(one.decision).criteria
    return ConfirmationOut(
        id=one.pk, programme=one.programme, kind=one.kind, household=one.household_id,
        person=one.person_id, on=one.on, until=one.until, babies=one.babies,
        attendance=one.attendance, amount=None if one.amount is None else int(one.amount),
        criteria=[FailedOut(name=test.name, held=test.held) for test in tests],
        cycle=one.cycle_id, withdrawn_on=one.withdrawn_on,
    )  # fmt: skip
