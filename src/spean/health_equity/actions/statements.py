"""What facilities are paid: statements of a month, grants, scores of quality."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction

from spean.health_equity.actions.contracts import GroundsNeeded
from spean.health_equity.models import QualityScore, Sample, StatedClaim, Statement
from spean.health_equity.queries.statements import (
    MAKE,
    SCORE,
    VERIFY_SCORE,
    contracted,
    is_unverified,
    score_for,
)
from spean.health_equity.rules import CLAIMED, Scheme
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.periods import add_months
from spean.kernel.policy import policy
from spean.locations import queries as locations

GRANTS, SHARE = "health_equity.grants", "health_equity.quality_share"
WHOLE = 100
# What each claim of a facility is worth now, less what earlier statements have added for it.
TO_STATE = """
SELECT claim.id, claim.asked,
       coalesce(claim.amount, 0) - coalesce(sum(stated.amount), 0) AS amount
FROM health_equity_claim claim
LEFT JOIN health_equity_statedclaim stated ON stated.claim_id = claim.id
WHERE claim.facility_id = %s AND claim.scheme = %s AND claim.month <= %s
  AND claim.state IN ('accepted', 'reduced', 'rejected')
GROUP BY claim.id HAVING coalesce(claim.amount, 0) <> coalesce(sum(stated.amount), 0)
ORDER BY claim.id
"""


class SampleOpen(Conflict):
    """Refuse statements of a month that is not verified."""

    code = "health_equity.sample_open"
    message = N_("The sample of this month must be drawn and closed before facilities are paid.")
    field = "month"


class MonthNotOver(SpeanError):
    """Refuse statements of a month that is not over."""

    code = "health_equity.month_not_over"
    message = N_("This month is not over yet. Choose an earlier one.")
    field = "month"


class StatedAlready(Conflict):
    """Refuse to state a month twice."""

    code = "health_equity.stated_already"
    message = N_("The statements of this scheme and month are made already.")
    field = "month"


class ScoreImpossible(SpeanError):
    """Refuse a score that is no percentage, or differs without a reason."""

    code = "health_equity.score_impossible"
    message = N_("Write a score from 0 to 100, and the reason where the second differs.")
    field = "score"


class ScoredAlready(Conflict):
    """Refuse a second score of a quarter."""

    code = "health_equity.scored_already"
    message = N_("This facility has a score for this quarter already.")
    field = "quarter"


class OwnScore(SpeanError):
    """Refuse to verify one's own score."""

    code = "health_equity.own_score"
    message = N_("Somebody else than who gave the first score verifies it.")
    status = 403


@dataclass(frozen=True, slots=True)
class Grants:
    """What a facility is granted in a month beside its claims, with the policy values used."""

    fixed: Decimal = Decimal(0)
    quality: Decimal = Decimal(0)
    policies: tuple[Mapping[str, Any], ...] = ()


@transaction.atomic
def make_statements(*, scheme: str, month: date, by: Actor, on: date) -> Sequence[Statement]:
    """Make the statement of each facility under contract for a month that is verified.

    Raises NotAllowed, MonthNotOver, SampleOpen, StatedAlready, NotInForce.
    """
    access.require(by, MAKE, area="")
    month = month.replace(day=1)
    if add_months(month, 1) > on:
        raise MonthNotOver
    sample = Sample.objects.select_for_update().filter(scheme=scheme, month=month).first()
    if scheme not in CLAIMED or is_unverified(scheme, month):
        raise SampleOpen
    if Statement.objects.filter(scheme=scheme, month=month).exists():
        raise StatedAlready
    back = sample.result["facilities"] if sample and sample.result else {}
    made = [
        _state(one, scheme, month, back.get(one.code, {}), by) for one in contracted(scheme, month)
    ]
    audit.write(
        by=by, action=MAKE, subject=(Statement._meta.label_lower, scheme), month=month.isoformat(),
        statements=len(made), total=str(sum(one.total for one in made)),
    )  # fmt: skip
    return made


def _state(
    facility: locations.Facility, scheme: str, month: date, found: Mapping[str, str], by: Actor
) -> Statement:
    with connection.cursor() as cursor:
        cursor.execute(TO_STATE, [facility.pk, scheme, month])
        rows = cursor.fetchall()
    claimed = sum((amount for _, _, amount in rows), Decimal(0))
    beyond = Decimal(found.get("gives_back", 0)) - Decimal(found.get("found", 0))
    grants = grants_of(facility, month) if scheme == Scheme.HEF else Grants()
    carried = min(Decimal(0), _last_total(facility, scheme, month))
    made = Statement.objects.create(
        number=_number(month), facility=facility, area=facility.place.code, scheme=scheme,
        month=month, claims=len(rows), asked=sum((asked for _, asked, _ in rows), Decimal(0)),
        claimed=claimed, given_back=beyond, fixed_grant=grants.fixed,
        performance_grant=grants.quality, carried=carried, made_by=by.name,
        total=claimed - beyond + grants.fixed + grants.quality + carried,
        policies=list(grants.policies),
    )  # fmt: skip
    StatedClaim.objects.bulk_create(
        StatedClaim(statement=made, claim_id=claim, amount=amount) for claim, _, amount in rows
    )
    return made


def grants_of(facility: locations.Facility, month: date) -> Grants:
    """Give what a facility is granted in a month: a fixed sum, and in a quarter's last month what
    its quality earned, by the score after verification. Raises NotInForce.
    """
    level = locations.level_of(facility)
    table = policy.table(GRANTS, on=month)
    row = table.rows.get(level.kind if level else "", {})
    fixed, most = row.get("month", Decimal(0)), row.get("quality", Decimal(0))
    refs: list[Mapping[str, Any]] = [_ref(table)]
    quality = Decimal(0)
    if month.month % 3 == 0:
        score = QualityScore.objects.filter(
            facility=facility, quarter=add_months(month, -2), after__isnull=False
        ).first()
        if score is not None and score.after is not None:
            share = policy.scale(SHARE, on=month)
            quality = (most * share.at(score.after) / WHOLE).quantize(Decimal(1))
            refs.append(_ref(share))
    return Grants(fixed, quality, tuple(refs))


def _ref(value: Any) -> dict[str, str]:
    return {"key": value.key, "since": value.since.isoformat(), "reference": value.reference}


def _last_total(facility: locations.Facility, scheme: str, month: date) -> Decimal:
    """Give the total of the statement before, which is carried over where it is below nothing."""
    rows = Statement.objects.filter(facility=facility, scheme=scheme, month__lt=month)
    found: Decimal = rows.order_by("-month").values_list("total", flat=True).first() or Decimal(0)
    return found


def _number(month: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('health_equity_statement_number')")
        return f"S{month:%y%m}-{cursor.fetchone()[0]:06d}"


@transaction.atomic
def score_quality(
    *, facility: str, quarter: date, score: Decimal, by: Actor, on: date
) -> QualityScore:
    """Give a facility its first score of a quarter, in percent.

    Raises NotAllowed, UnknownFacility, ScoreImpossible, ScoredAlready.
    """
    place = locations.facility(facility, on)
    access.require(by, SCORE, area=place.place.code)
    first = date(quarter.year, 3 * ((quarter.month - 1) // 3) + 1, 1)
    if not 0 <= score <= WHOLE:
        raise ScoreImpossible
    made = QualityScore(facility=place, quarter=first, before=score, scored_by=by.name)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ScoredAlready from error
    audit.write(by=by, action=SCORE, subject=made, area=place.place.code, score=str(score))
    return made


@transaction.atomic
def verify_score(*, score_id: Any, score: Decimal, reason: str, by: Actor) -> QualityScore:
    """Give the score after verification, which the grant follows.

    Raises NotFound, NotAllowed, OwnScore, ScoreImpossible, GroundsNeeded, ScoredAlready.
    """
    access.require(by, VERIFY_SCORE, area="")
    found = score_for(score_id, lock=True)
    if found.after is not None:
        raise ScoredAlready
    if found.scored_by == by.name:
        raise OwnScore
    if not 0 <= score <= WHOLE:
        raise ScoreImpossible
    if score != found.before and not reason.strip():
        raise GroundsNeeded
    found.after, found.reason, found.verified_by = score, reason.strip()[:300], by.name
    found.save(update_fields=["after", "reason", "verified_by"])
    audit.write(by=by, action=VERIFY_SCORE, subject=found, score=str(score))
    return found
