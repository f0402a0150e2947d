"""One claim comes in from a system that waits for the answer: it is judged at once."""

from datetime import date

from django.db import transaction

from spean.health_equity.actions.adjudication import adjudicate
from spean.health_equity.actions.claims import Claimed, Taken, submit_claims
from spean.health_equity.actions.remainders import remainder_sent
from spean.kernel.access import Actor, Purpose

RULES = Actor.system("claim_rules", purpose=Purpose.PAYMENT)


@transaction.atomic
def submit_claim(*, facility: str, claim: Claimed, source: str, by: Actor, on: date) -> Taken:
    """Take in one claim and let the rules judge it; one that came before is given as it stands.

    Who sends needs no right to judge: the rules do. With `remainder_of`, any claim of a case, it
    asks for what the case's payers left. Raises UnknownFacility, NotAllowed, and whatever is wrong
    with the claim.
    """
    if claim.remainder_of is not None:
        claim = remainder_sent(facility=facility, claim=claim, of=claim.remainder_of)
    taken = submit_claims(
        facility=facility, claims=[claim], source=source, keep_good=False, by=by, on=on
    )
    for _, error in taken.refused:
        raise error
    if taken.kept:
        adjudicate(claim_ids=[one.pk for one in taken.kept], by=RULES, on=on)
    return taken
