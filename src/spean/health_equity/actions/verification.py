"""A sample is drawn, checked on paper and by telephone, and closed with what follows from it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from spean.health_equity.actions.contracts import GroundsNeeded
from spean.health_equity.actions.review import judge
from spean.health_equity.models import (
    Adjudication,
    CheckResult,
    FacilityAction,
    FindingName,
    Sample,
    SampledClaim,
)
from spean.health_equity.queries.verification import (
    CHECK_CLAIMS,
    DRAW,
    MEND,
    action_for,
    checked_of,
    paid_claims,
    sample_for,
    sampled_for,
    strata_of,
)
from spean.health_equity.rules import CLAIMED
from spean.health_equity.rules.verification import (
    Checked,
    Finding,
    Stratum,
    draw,
    estimate,
    penalty,
)
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NN_, Conflict, SpeanError
from spean.kernel.policy import policy

SIZE, CONFIDENCE, TOLERATED, MENDING = (
    f"health_equity.{name}"
    for name in ("sample_size", "confidence", "tolerated_error", "mending_days")
)
SHOWN = ("too_much", "low", "high", "amount", "rate", "rate_low", "rate_high")


class DrawnAlready(Conflict):
    """Refuse a second sample of a scheme and month."""

    code = "health_equity.drawn_already"
    message = N_("A sample of this scheme and month was drawn already. Go on with that one.")
    field = "month"


class NothingToDraw(SpeanError):
    """Refuse a sample of nothing, or of a month that is not judged."""

    code = "health_equity.nothing_to_draw"
    message = N_("No claim of this scheme and month is accepted, or some are not judged yet.")
    field = "month"


class TakenByAnother(Conflict):
    """Refuse a second verifier of one claim."""

    code = "health_equity.taken_by_another"
    message = N_("Another verifier has this claim. Take one that is free.")


class SampleClosed(Conflict):
    """Refuse to check what is closed, or to close it twice."""

    code = "health_equity.sample_closed"
    message = N_("This sample is closed: what was found stands. Appeal the judgement instead.")


class FindingImpossible(SpeanError):
    """Refuse an amount that doesn't fit the finding."""

    code = "health_equity.finding_impossible"
    message = N_(
        "Where nothing is wrong, the amount is right as well; else write what is right, "
        "from 0 to less than what was accepted."
    )
    field = "right_amount"


class NotAllChecked(SpeanError):
    """Refuse to close a sample with claims that nobody has checked."""

    code = "health_equity.not_all_checked"
    message, many = NN_(
        "%(count)s claim of the sample is not checked yet. Check it first.",
        "%(count)s claims of the sample are not checked yet. Check them first.",
    )


class MendedAlready(Conflict):
    """Refuse a second answer to what must be mended."""

    code = "health_equity.mended_already"
    message = N_("What was done about this is on record already.")


@dataclass(frozen=True, slots=True)
class Found:
    """What a verifier found of a claim; `right_amount` is the riel that should be paid for it."""

    on_paper: str
    by_phone: str
    finding: str
    right_amount: Decimal
    note: str = ""


@transaction.atomic
def draw_sample(*, scheme: str, month: date, seed: str, by: Actor) -> Sample:
    """Draw the sample of a scheme and month, all of whose claims are judged.

    Raises NotAllowed, GroundsNeeded, NothingToDraw, DrawnAlready, NotInForce.
    """
    access.require(by, DRAW, area="")
    if not seed.strip():
        raise GroundsNeeded
    month = month.replace(day=1)
    claims = paid_claims(scheme, month) if scheme in CLAIMED else []
    if not claims:
        raise NothingToDraw
    size = int(policy.value(SIZE, on=month).value)
    found = draw((one.candidate for one in claims), size=size, seed=seed.strip()[:64])
    strata = [asdict(one) | {"amount": str(one.amount)} for one in found.strata]
    made = Sample(
        scheme=scheme, month=month, seed=seed.strip()[:64], drawn_by=by.name, strata=strata
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise DrawnAlready from error
    by_number = {one.number: one for one in claims}
    SampledClaim.objects.bulk_create(
        SampledClaim(sample=made, claim_id=by_number[number].pk, stratum=stratum,
                     amount=by_number[number].amount)
        for stratum, numbers in found.numbers.items()
        for number in numbers
    )  # fmt: skip
    audit.write(by=by, action=DRAW, subject=made, scheme=scheme, seed=made.seed,
                month=month.isoformat())  # fmt: skip
    return made


@transaction.atomic
def take_claim(*, sampled_id: int, by: Actor) -> SampledClaim:
    """Take a claim of a sample to check it; nobody else checks it then.

    Raises NotFound, NotAllowed, SampleClosed, TakenByAnother.
    """
    access.require(by, CHECK_CLAIMS, area="")
    found = _open(sampled_id, by)
    if not found.taken_by:
        found.taken_by = by.name
        found.save(update_fields=["taken_by"])
        audit.write(by=by, action="health_equity.sampled_claim_taken", subject=found)
    return found


@transaction.atomic
def check_claim(*, sampled_id: int, found: Found, by: Actor, at: datetime) -> SampledClaim:
    """Put on record what was found of a claim of a sample.

    Raises NotFound, NotAllowed, SampleClosed, TakenByAnother, FindingImpossible.
    """
    access.require(by, CHECK_CLAIMS, area="")
    row = _open(sampled_id, by)
    right = found.finding == Finding.RIGHT
    fits = found.right_amount == row.amount if right else 0 <= found.right_amount < row.amount
    known = (found.finding in FindingName.values and found.on_paper in CheckResult.values
             and found.by_phone in CheckResult.values)  # fmt: skip
    if not (fits and known):
        raise FindingImpossible
    row.taken_by = row.checked_by = by.name
    row.checked_at, row.note = at, found.note.strip()[:300]
    row.on_paper, row.by_phone, row.finding = found.on_paper, found.by_phone, found.finding
    row.right_amount = found.right_amount
    row.save()
    audit.write(by=by, action=CHECK_CLAIMS, subject=row, finding=row.finding)
    return row


def _open(sampled_id: int, by: Actor) -> SampledClaim:
    found = sampled_for(sampled_id, lock=True)
    if found.sample.result is not None:
        raise SampleClosed
    if found.taken_by not in ("", by.name):
        raise TakenByAnother
    return found


@transaction.atomic
def close_sample(*, sample_id: UUID, by: Actor, on: date, at: datetime) -> Sample:
    """Close a sample that is checked whole: claims are judged anew by what was found, facilities
    learn what to mend, and what each gives back is worked out.

    Raises NotFound, NotAllowed, SampleClosed, NotAllChecked, NotInForce.
    """
    access.require(by, DRAW, area="")
    sample = sample_for(sample_id, lock=True)
    if sample.result is not None:
        raise SampleClosed
    rows = checked_of(sample)
    if missing := sum(not one.checked_by for one in rows):
        raise NotAllChecked(count=missing)
    sample.result = _result(sample, rows)
    sample.closed_by, sample.closed_at = by.name, at
    sample.save()
    for one in rows:
        if one.right_amount != one.amount and one.claim.amount == one.amount:
            _judge_anew(one, by=by, on=on)
    _ask_to_mend(sample, rows, on)
    audit.write(by=by, action="health_equity.sample_closed", subject=sample,
                rate=sample.result["estimate"]["rate"])  # fmt: skip
    return sample


def _result(sample: Sample, rows: Sequence[SampledClaim]) -> dict[str, Any]:
    """Give the estimate of all claims, and what each facility was found to be paid too much."""
    on = sample.month
    confidence = int(policy.value(CONFIDENCE, on=on).value)
    tolerated = policy.value(TOLERATED, on=on).value
    strata = [Stratum(one["code"], one["claims"], Decimal(one["amount"]), one["drawn"])
              for one in sample.strata]  # fmt: skip
    every = estimate(strata, (_checked(one) for one in rows), confidence=confidence)
    facilities = {}
    for code, own in strata_of(sample).items():
        mine = [one for one in rows if one.claim.facility.code == code]
        found = sum((_checked(one).too_much for one in mine), Decimal(0))
        estimated = estimate(own, (_checked(one) for one in mine), confidence=confidence)
        back = penalty(found, estimated, tolerated=tolerated)
        facilities[code] = {
            "checked": len(mine), "wrong": sum(one.finding != Finding.RIGHT for one in mine),
            "found": str(found), "gives_back": str(back), "low": str(estimated.low),
            "rate_low": str(estimated.rate_low),
        }  # fmt: skip
    shown = {name: str(getattr(every, name)) for name in SHOWN}
    return {"estimate": shown, "facilities": facilities, "confidence": confidence,
            "tolerated": str(tolerated)}  # fmt: skip


def _checked(one: SampledClaim) -> Checked:
    return Checked(one.stratum, one.amount - (one.right_amount or Decimal(0)))


def _judge_anew(one: SampledClaim, *, by: Actor, on: date) -> None:
    """Pay the lines from the first on, until what is right is reached."""
    left = int(one.right_amount or 0)
    amounts = {}
    for line in one.claim.lines.order_by("place"):
        amounts[line.place] = min(left, int(line.asked))
        left -= amounts[line.place]
    reason = f"{FindingName(one.finding).value}: {one.note or one.get_finding_display()}"
    judge(one.claim, amounts, Adjudication.Kind.VERIFICATION, reason, by, on)


def _ask_to_mend(sample: Sample, rows: Sequence[SampledClaim], on: date) -> None:
    due = on + timedelta(days=int(policy.value(MENDING, on=on).value))
    places = {one.claim.facility_id: one.claim for one in rows}
    counts = Counter(
        (one.claim.facility_id, one.finding) for one in rows if one.finding != Finding.RIGHT
    )
    FacilityAction.objects.bulk_create(
        FacilityAction(sample=sample, facility_id=facility, area=places[facility].area,
                       finding=finding, claims=count, due_on=due)
        for (facility, finding), count in counts.items()
    )  # fmt: skip


@transaction.atomic
def answer_action(*, action_id: UUID, answer: str, by: Actor, on: date) -> FacilityAction:
    """Say what a facility has done about a finding.

    Raises NotFound, NotAllowed, GroundsNeeded, MendedAlready.
    """
    found = action_for(action_id, lock=True)
    access.require(by, MEND, area=found.area)
    if not answer.strip():
        raise GroundsNeeded
    if found.answer:
        raise MendedAlready
    found.answer, found.done_by, found.done_on = answer.strip()[:500], by.name, on
    found.save(update_fields=["answer", "done_by", "done_on"])
    audit.write(by=by, action=MEND, subject=found, area=found.area)
    return found
