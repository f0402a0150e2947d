"""People judge claims too: a reviewer overrides, a facility appeals, another person answers."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from spean.health_equity.actions.claims import WhyMissing
from spean.health_equity.models import Adjudication, Appeal, Claim
from spean.health_equity.queries.cases import case_of
from spean.health_equity.queries.claims import (
    REVIEW,
    SUBMIT,
    appeal_for,
    claim_for,
    last_day_of_appeal,
    last_judgement,
    objectionable,
)
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.formats import number
from spean.kernel.policy import policy


class NotOwnClaim(SpeanError):
    """Refuse to judge what one has claimed, or one's own judgement, oneself."""

    code = "health_equity.not_own_claim"
    message = N_("Who claimed, judged or appealed can't decide about it. Ask another reviewer.")
    status = 403


class NotJudged(Conflict):
    """Refuse to override what the rules have not judged."""

    code = "health_equity.claim_not_judged"
    message = N_("The rules have not judged this claim yet, or it was withdrawn.")


class AmountImpossible(SpeanError):
    """Refuse an amount above what a line asked for, or for a line that isn't there."""

    code = "health_equity.amount_impossible"
    message = N_("Give each line an amount from 0 to what it asked for. Look at line %(place)s.")
    field = "amounts"


class MoreThanFee(Conflict):
    """Refuse what would pay a facility more than the fee, all schemes of a case together."""

    code = "health_equity.more_than_fee"
    message = N_("Other schemes pay %(paid)s riel for this case. At most %(left)s riel are left.")
    field = "amounts"


class NothingToAppeal(Conflict):
    """Refuse an appeal against what was not cut."""

    code = "health_equity.nothing_to_appeal"
    message = N_(
        "Only a claim that was rejected or reduced can be appealed, and each judgement once."
    )


class AppealLate(SpeanError):
    """Refuse an appeal after the deadline."""

    code = "health_equity.appeal_late"
    message = N_("The deadline for an appeal was %(until)s.")
    field = "text"


class AnsweredAlready(Conflict):
    """Refuse a second answer."""

    code = "health_equity.appeal_answered_already"
    message = N_("This appeal was answered already.")


@transaction.atomic
def override_claim(
    *, claim_id: UUID, amounts: Mapping[int, int], reason: str, by: Actor, on: date
) -> Adjudication:
    """Judge a claim by a person, line by line: the riel to be paid for each line's place.

    All 0 rejects it. Raises NotFound, NotAllowed, NotJudged, NotOwnClaim, WhyMissing,
    AmountImpossible.
    """
    found = claim_for(claim_id, lock=True)
    access.require(by, REVIEW, area=found.area)
    if found.state in (Claim.State.SUBMITTED, Claim.State.WITHDRAWN):
        raise NotJudged
    if by.name == found.submitted_by:
        raise NotOwnClaim
    return judge(found, amounts, Adjudication.Kind.OVERRIDE, reason, by, on)


@transaction.atomic
def appeal_claim(*, claim_id: UUID, text: str, by: Actor, on: date) -> Appeal:
    """Object to the last judgement of a claim of one's facility, within the deadline.

    Raises NotFound, NotAllowed, WhyMissing, NothingToAppeal, AppealLate, NotInForce.
    """
    found = claim_for(claim_id, lock=True)
    access.require(by, SUBMIT, area=found.area)
    if not text.strip():
        raise WhyMissing
    last = objectionable(found)
    if last is None:
        raise NothingToAppeal
    if on > (until := last_day_of_appeal(last)):
        raise AppealLate(until=until.isoformat())
    made = Appeal.objects.create(
        claim=found, against=last, text=text.strip()[:1000], made_on=on, made_by=by.name
    )
    audit.write(by=by, action="health_equity.appeal_claim", subject=found, area=found.area)
    return made


@transaction.atomic
def answer_appeal(
    *, appeal_id: UUID, upheld: bool, amounts: Mapping[int, int], answer: str, by: Actor, on: date
) -> Appeal:
    """Answer a facility's appeal; one that is upheld judges the claim anew, line by line.

    Raises NotFound, NotAllowed, AnsweredAlready, NotOwnClaim, WhyMissing, AmountImpossible.
    """
    appeal = appeal_for(appeal_id, lock=True)
    claim = claim_for(appeal.claim_id, lock=True)
    access.require(by, REVIEW, area=claim.area)
    if appeal.answer:
        raise AnsweredAlready
    if by.name in (appeal.made_by, claim.submitted_by, appeal.against.judged_by):
        raise NotOwnClaim
    if not answer.strip():
        raise WhyMissing
    if upheld:
        judge(claim, amounts, Adjudication.Kind.APPEAL, answer, by, on)
    appeal.answer, appeal.upheld = answer.strip()[:1000], upheld
    appeal.answered_on, appeal.answered_by = on, by.name
    appeal.save(update_fields=["answer", "upheld", "answered_on", "answered_by"])
    audit.write(by=by, action="health_equity.answer_appeal", subject=claim, area=claim.area,
                upheld=upheld)  # fmt: skip
    return appeal


def judge(
    claim: Claim, amounts: Mapping[int, int], kind: str, reason: str, by: Actor, on: date
) -> Adjudication:
    """Add a person's judgement of a claim that is locked; the caller has checked the right."""
    if not reason.strip():
        raise WhyMissing
    lines = list(claim.lines.order_by("place"))
    for place in sorted({*amounts, *(one.place for one in lines)}):
        asked = next((one.asked for one in lines if one.place == place), None)
        if asked is None or place not in amounts or not 0 <= amounts[place] <= asked:
            raise AmountImpossible(place=place)
    paid = Decimal(sum(amounts.values()))
    _keep_to_fee(claim, paid)
    claim.state = (
        Claim.State.REJECTED if not paid
        else Claim.State.ACCEPTED if paid == claim.asked else Claim.State.REDUCED
    )  # fmt: skip
    claim.amount = paid
    claim.save(update_fields=["state", "amount"])
    last = last_judgement(claim)
    made = Adjudication.objects.create(
        claim=claim, sequence=last.sequence + 1 if last else 1, kind=kind, outcome=claim.state,
        amount=paid, policy_version=policy.version(), reason=reason.strip()[:300],
        judged_on=on, judged_by=by.name,
        lines=[{"place": one.place, "codes": [], "quantity": one.quantity,
                "amount": amounts[one.place]} for one in lines],
    )  # fmt: skip
    audit.write(by=by, action=REVIEW, subject=claim, area=claim.area, kind=str(kind),
                outcome=str(claim.state))  # fmt: skip
    return made


def _keep_to_fee(claim: Claim, paid: Decimal) -> None:
    """Refuse an amount with which the schemes of a case would pay more than its fee.

    A trigger refuses it too where another judges the case at the same moment (migration 0011).
    """
    case = case_of(claim)
    others = sum((one.amount or Decimal(0) for one in case if one.pk != claim.pk), Decimal(0))
    most = max(one.asked if one.whole is None else one.whole for one in case)
    if others + paid > most:
        raise MoreThanFee(paid=number(others), left=number(max(most - others, Decimal(0))))
