"""Reads of statements: what a facility was paid, what was cut and why; scores of quality."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import DateField, F, QuerySet
from django.db.models.expressions import RawSQL

from spean.health_equity.models import (
    Claim,
    Contract,
    QualityScore,
    Sample,
    StatedClaim,
    Statement,
)
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.rows import only
from spean.locations import queries as locations
from spean.payments import queries as paid

MAKE, SEE_STATEMENTS = "health_equity.make_statements", "health_equity.view_statements"
SCORE, VERIFY_SCORE = "health_equity.score_quality", "health_equity.verify_score"


def obligation(table: str) -> str:
    """Give SQL for what `payments` knows a statement's total by."""
    return f"'statement:' || {table}.id"


def paid_on(table: str) -> str:
    """Give SQL for the day on which a statement's total was with the facility, if it is."""
    return paid.PAID_ON.format(obligation=obligation(table))


@dataclass(frozen=True, slots=True)
class Correction:
    """What statements have added for a claim so far, and what the next one adds to put it right.

    `paid_on` is the day on which the last of them was with the facility.
    """

    stated: Decimal
    numbers: Sequence[str]
    paid_on: date | None
    next: Decimal


def correction_of(claim: Claim) -> Correction | None:
    """Give what the next statement corrects of a claim, to who may see it; None if none has it."""
    rows = Statement.objects.filter(stated__claim=claim).order_by("month")
    found = list(rows.annotate(added=F("stated__amount"), paid_on=_paid_on()))
    if not found:
        return None
    stated = sum((one.added for one in found), Decimal(0))
    worth = stated if claim.amount is None else claim.amount
    return Correction(stated, [one.number for one in found], found[-1].paid_on, worth - stated)


def _paid_on() -> RawSQL:
    sql = paid_on(Statement._meta.db_table)
    return RawSQL(f"({sql})", (), output_field=DateField())  # noqa: S611 - no value is in it


def contracted(scheme: str, month: date) -> Sequence[locations.Facility]:
    """Give the facilities that a scheme pays on some day of a month, by code, with their level."""
    held = Contract.objects.filter(locations.valid(month), scheme=scheme).values("facility")
    claimed = held.union(
        Contract.objects.filter(scheme=scheme, start__year=month.year, start__month=month.month)
        .values("facility")
    )  # fmt: skip
    ids = {row["facility"] for row in claimed}
    return [one for one in locations.facilities(month) if one.pk in ids]


def is_unverified(scheme: str, month: date) -> bool:
    """Say whether claims of a month wait to be judged, or no closed sample stands for them."""
    claims = Claim.objects.filter(scheme=scheme, month=month)
    closed = Sample.objects.filter(scheme=scheme, month=month, result__isnull=False).exists()
    waits = claims.filter(state=Claim.State.SUBMITTED).exists()
    return waits or (not closed and claims.filter(amount__gt=0).exists())


def statements(
    *, by: Actor, scheme: str = "", month: date | None = None, facility: str = ""
) -> QuerySet[Statement]:
    """Give the statements of the actor's areas, the newest first, with the day of payment."""
    rows = _statements().order_by("-id")
    given = {"scheme": scheme, "month": month and month.replace(day=1), "facility__code": facility}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    return access.within(rows, by, SEE_STATEMENTS, code="area")


def _statements() -> QuerySet[Statement]:
    return Statement.objects.select_related("facility").annotate(paid_on=_paid_on())


def statement(statement_id: UUID, *, by: Actor) -> Statement:
    """Give one statement; reading it is audited. Raises NotFound, NotAllowed."""
    found = only(_statements().filter(pk=statement_id))
    access.require(by, SEE_STATEMENTS, area=found.area)
    audit.read(by=by, action="health_equity.read_statement", subject=found, area=found.area)
    return found


def stated(found: Statement) -> QuerySet[StatedClaim]:
    """Give the claims of a statement, those first of which something was cut."""
    cut = F("claim__asked") - F("amount")
    rows = found.stated.select_related("claim").annotate(cut=cut)
    return rows.order_by("-cut", "claim__number")


def scores(*, by: Actor) -> QuerySet[QualityScore]:
    """Give the scores of quality of the facilities in the actor's areas, the newest first."""
    rows = QualityScore.objects.select_related("facility__place").order_by("-quarter", "id")
    return access.within(rows, by, SEE_STATEMENTS, code="facility__place__code")


def score_for(score_id: UUID, *, lock: bool = False) -> QualityScore:
    """Give one score to who has checked the right."""
    return only(QualityScore.objects.filter(pk=score_id), lock=lock)
