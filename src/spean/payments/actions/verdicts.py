"""A person decides about an answer that goes against the books; what it moves is booked."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict
from spean.payments.actions.decisions import GroundsMissing
from spean.payments.actions.ledger import NOT_ABOVE, guarded, move
from spean.payments.models import AnswerVerdict, ChannelAnswer, Payment
from spean.payments.queries import APPROVE, answer_for
from spean.payments.rules import EntryKind, Outcome, Verdict, verdicts

PAID_ONCE = "payments_payment_an_obligation_is_paid_once"


class VerdictGiven(Conflict):
    """Refuse a second decision about an answer."""

    code = "payments.verdict_given"
    message = N_("This was decided meanwhile. Look at it again.")


class VerdictImpossible(Conflict):
    """Refuse a decision that the payment's state does not allow."""

    code = "payments.verdict_impossible"
    message = N_("The payment has changed meanwhile, so this moves nothing. Look at it again.")


class PaidOtherwise(Conflict):
    """Refuse to book a second payment of what a family was owed once."""

    code = "payments.paid_otherwise"
    message = N_(
        "The family was paid this by another payment since, or one is under way. Let the books "
        "stand, and ask the channel for its money back."
    )


@transaction.atomic
def decide_answer(
    *, answer_id: int, verdict: str, grounds: str, by: Actor, on: date
) -> AnswerVerdict:
    """Decide what holds: the books, or that the family has the money, a part of it, or nothing.

    The money moves to where it is by the verdict, as one entry. Raises NotFound, NotAllowed,
    GroundsMissing, VerdictGiven, VerdictImpossible, PaidOtherwise, BudgetExceeded.
    """
    access.require(by, APPROVE, area="")
    answer = answer_for(answer_id, lock=True)
    if not grounds.strip():
        raise GroundsMissing
    if AnswerVerdict.objects.filter(answer=answer).exists():
        raise VerdictGiven
    payment = Payment.objects.select_for_update().filter(reference=answer.reference).first()
    standing = payment.standing if payment else None
    possible = verdicts(standing, Outcome(answer.outcome), answer.amount)
    if verdict not in possible:
        raise VerdictImpossible
    decided = Verdict(verdict)
    if payment and decided != Verdict.STANDS:
        _move(payment, decided, possible[decided], answer, by, on)
    made = AnswerVerdict.objects.create(
        answer=answer, verdict=decided, grounds=grounds.strip()[:300], decided_by=by.name
    )
    audit.write(by=by, action="payments.decide_answer", subject=answer, verdict=decided,
                reference=answer.reference)  # fmt: skip
    return made


def _move(
    payment: Payment, verdict: Verdict, holds: Decimal, answer: ChannelAnswer, by: Actor, on: date
) -> None:
    gains = payment.standing.moves(holds)
    payment.state, payment.held = verdict.value, holds
    payment.settled_on, payment.reason = answer.on or on, answer.reason
    with guarded(PAID_ONCE, PaidOtherwise), guarded(NOT_ABOVE, PaidOtherwise):
        payment.save(update_fields=["state", "held", "settled_on", "reason"])
    move(
        EntryKind.VERDICT, f"verdict:{answer.pk}", payment.order, gains, on=on, by=by,
        payment=payment,
    )  # fmt: skip
