"""A case that several schemes pay, each by a claim of its own: who was asked, and who pays what."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import F, Q

from spean.health_equity.models import Adjudication, Claim, ClaimLine

Given = tuple[str, date]  # a service on a day
BY_PAYER = (F("remainder_of").asc(nulls_first=True), "number")  # the claims of one case


def case_of(found: Claim) -> list[Claim]:
    """Give a case's claims, the first payer's first, to who has checked the right."""
    first = found.remainder_of_id or found.pk
    rows = Claim.objects.filter(Q(pk=first) | Q(remainder_of=first))
    return list(rows.exclude(state=Claim.State.WITHDRAWN).order_by(*BY_PAYER))


def asked_before(found: Claim) -> list[Claim]:
    """Give the claims of a case to the payers before this one, of a claim with all its parts."""
    first = found.remainder_of
    return [first, *(one for one in first.later if one.number < found.number)] if first else []


def paid_before(found: Claim) -> Mapping[Given, int]:
    """Give the riel that the payers before this one pay, of a claim with all its parts."""
    return paid_for((one.in_order, next(iter(one.judged), None)) for one in asked_before(found))


def paid_for(claims: Iterable[tuple[Iterable[ClaimLine], Adjudication | None]]) -> dict[Given, int]:
    """Add up the riel of each service by the lines of some claims, and how each was judged last."""
    paid: dict[Given, int] = {}
    for lines, judged in claims:
        amounts = {row["place"]: row["amount"] for row in judged.lines} if judged else {}
        for line in lines:
            key = line.service, line.on
            paid[key] = paid.get(key, 0) + int(amounts.get(line.place, 0))
    return paid
