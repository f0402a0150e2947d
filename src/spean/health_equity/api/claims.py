"""Claims over the API: send, build, list, judge, override, appeal, answer, withdraw."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Status

from spean.health_equity import actions
from spean.health_equity.api.claim_schemas import (
    AppealIn,
    AppealOut,
    AskedIn,
    BuildIn,
    ClaimCorrectionOut,
    ClaimIn,
    ClaimOut,
    ClaimRefusedOut,
    ClaimsIn,
    FundAnswerIn,
    FundReasonIn,
    FundTakenOut,
    JudgedLineOut,
    JudgementIn,
    JudgementOut,
    OneClaimOut,
    ReasonOut,
)
from spean.health_equity.models import Adjudication, Appeal, Claim
from spean.health_equity.queries import claims as queries
from spean.health_equity.queries.judgements import Reason, explained
from spean.health_equity.queries.statements import correction_of
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.kernel.i18n import in_both_languages, stored

router = Router()
READS = (Purpose.PAYMENT, Purpose.OVERSIGHT)


@router.post("/claims", response={201: FundTakenOut, **PROBLEMS})
@access.declared(queries.SUBMIT, purpose=Purpose.PAYMENT)
@idempotent
def submit(request: WithActor, body: ClaimsIn) -> Any:
    """Send claims; the answer names every one refused."""
    taken = actions.submit_claims(
        facility=body.facility, claims=[_claimed(one) for one in body.claims],
        source=Claim.Source.FHIR, keep_good=body.keep == "good", by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    refused = [
        ClaimRefusedOut(place=place, code=error.code, **in_both_languages(stored(error)))
        for place, error in taken.refused
    ]
    kept, again = ([_out(one) for one in listed] for listed in (taken.kept, taken.again))
    return Status(201, FundTakenOut(kept=kept, again=again, refused=refused))


def _claimed(one: ClaimIn) -> actions.Claimed:
    said = one.model_dump(exclude={"lines"})
    return actions.Claimed(lines=[actions.Line(**line.model_dump()) for line in one.lines], **said)


@router.post("/claims/build", response={201: list[ClaimOut], **PROBLEMS})
@access.declared(queries.SUBMIT, purpose=Purpose.PAYMENT)
@idempotent
def build(request: WithActor, body: BuildIn) -> Any:
    """Claim each visit that ended in a month, once."""
    made = actions.build_claims(
        facility=body.facility, month=body.month, by=request.actor, on=timezone.localdate()
    )
    return Status(201, [_out(one).model_dump(mode="json") for one in made])


@router.get("/claims", response={200: Page[ClaimOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def claims(
    request: WithActor, asked: Query[AskedIn], cursor: str | None = None, limit: int = 25
) -> Any:
    """List the claims of the caller's areas, the newest first."""
    listed = queries.claims(queries.Asked(**asked.model_dump()), by=request.actor)
    rows, following = page_of(listed, cursor=cursor, limit=limit, key="-number")
    return {"items": [_out(row) for row in rows], "next": following}


@router.get("/claims/{claim_id}", response={200: OneClaimOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def claim(request: WithActor, claim_id: UUID) -> Any:
    """Give a claim with its judgements, each explained line by line."""
    found = queries.claim(claim_id, by=request.actor)
    judgements = [_judgement(found, one) for one in found.adjudications.order_by("-sequence")]
    corrected = correction_of(found)
    return OneClaimOut(
        correction=ClaimCorrectionOut(**asdict(corrected)) if corrected else None,
        person=found.person_id, judgements=judgements,
        appeals=[_appeal(one) for one in found.appeals.order_by("-made_on", "-id")],
        **_out(found).model_dump(),
    )  # fmt: skip


@router.post("/claims/{claim_id}/judgements", response={201: JudgementOut, **PROBLEMS})
@access.declared(queries.REVIEW, purpose=Purpose.PAYMENT)
@idempotent
def override(request: WithActor, claim_id: UUID, body: JudgementIn) -> Any:
    """Judge a claim by a person, line by line."""
    made = actions.override_claim(
        claim_id=claim_id, amounts=body.amounts, reason=body.reason, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, _judgement(made.claim, made))


@router.post("/claims/{claim_id}/remainder", response={201: ClaimOut, **PROBLEMS})
@access.declared(queries.SUBMIT, purpose=Purpose.PAYMENT)
@idempotent
def remainder(request: WithActor, claim_id: UUID) -> Any:
    """Claim what the payers asked so far left from the next one."""
    made = actions.claim_remainder(claim_id=claim_id, by=request.actor, on=timezone.localdate())
    return Status(201, _out(made).model_dump(mode="json"))


@router.post("/claims/{claim_id}/appeals", response={201: AppealOut, **PROBLEMS})
@access.declared(queries.SUBMIT, purpose=Purpose.PAYMENT)
@idempotent
def appeal(request: WithActor, claim_id: UUID, body: AppealIn) -> Any:
    """Object to the last judgement."""
    made = actions.appeal_claim(
        claim_id=claim_id, text=body.text, by=request.actor, on=timezone.localdate()
    )
    return Status(201, _appeal(made))


@router.post("/appeals/{appeal_id}/answer", response={200: AppealOut, **PROBLEMS})
@access.declared(queries.REVIEW, purpose=Purpose.PAYMENT)
@idempotent
def answer(request: WithActor, appeal_id: UUID, body: FundAnswerIn) -> Any:
    """Answer an appeal."""
    return _appeal(actions.answer_appeal(
        appeal_id=appeal_id, upheld=body.upheld, amounts=body.amounts, answer=body.answer,
        by=request.actor, on=timezone.localdate(),
    ))  # fmt: skip


@router.post("/claims/{claim_id}/withdraw", response={200: ClaimOut, **PROBLEMS})
@access.declared(queries.SUBMIT, purpose=Purpose.PAYMENT)
@idempotent
def withdraw(request: WithActor, claim_id: UUID, body: FundReasonIn) -> Any:
    """Take back a claim that is wrong."""
    return _out(actions.withdraw_claim(
        claim_id=claim_id, reason=body.reason, by=request.actor, on=timezone.localdate()
    ))  # fmt: skip


def _out(one: Claim) -> ClaimOut:
    same = ("id", "number", "external", "scheme", "month", "came_on", "left_on", "state")
    return ClaimOut(
        **{name: getattr(one, name) for name in same}, facility=one.facility.code,
        asked=int(one.asked), amount=None if one.amount is None else int(one.amount),
        remainder_of=one.remainder_of_id,
    )  # fmt: skip


def _appeal(one: Appeal) -> AppealOut:
    same = ("id", "text", "made_on", "made_by", "answer", "upheld")
    return AppealOut(**{name: getattr(one, name) for name in same})


def _judgement(claim: Claim, one: Adjudication) -> JudgementOut:
    said = explained(claim, one)
    same = ("kind", "outcome", "reason", "judged_on", "judged_by", "policy_version")
    return JudgementOut(
        **{name: getattr(one, name) for name in same},
        amount=None if one.amount is None else int(one.amount),
        reasons=[_reason(reason) for reason in said.reasons],
        lines=[
            JudgedLineOut(
                place=line.line.place, service=line.line.service, on=line.line.on,
                quantity=line.line.quantity, asked=int(line.line.asked), allowed=line.allowed,
                amount=line.amount, reasons=[_reason(reason) for reason in line.reasons],
            )
            for line in said.lines
        ],
    )  # fmt: skip


def _reason(one: Reason) -> ReasonOut:
    source = asdict(one.source) if one.source else {}
    return ReasonOut(
        code=one.code, effect=str(one.effect), **in_both_languages({"message": one.text}),
        policy=source.get("key"), since=source.get("since"), reference=source.get("reference"),
    )  # fmt: skip
