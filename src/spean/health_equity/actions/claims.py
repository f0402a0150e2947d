"""Claims come in: sent by another system or in a file; a claim sent twice is one claim."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from spean.health_equity.models import Claim, ClaimLine, Document
from spean.health_equity.queries.claims import SUBMIT, claim_for
from spean.health_equity.queries.patients import Named, find_patients
from spean.health_equity.rules import CLAIMED
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.locations import queries as locations

MOST_CLAIMS, MOST_LINES = 5_000, 500
MOST_QUANTITY, MOST_RIEL = 1_000_000, 10**12
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 1, 1)


class TooManyClaims(SpeanError):
    """Refuse a batch beyond the limit."""

    code = "health_equity.too_many_claims"
    message = N_("At most %(most)s claims are taken in at once, and you sent %(sent)s. Split them.")
    status = 413


class LinesImpossible(SpeanError):
    """Refuse a claim without a line, or with more than a case can have."""

    code = "health_equity.lines_impossible"
    message = N_(
        "A claim has 1 to %(most)s lines, and this one has %(sent)s. Nothing of it was kept."
    )
    field = "lines"


class SchemeNotClaimed(SpeanError):
    """Refuse a scheme that pays no claims."""

    code = "health_equity.scheme_not_claimed"
    message = N_("“%(given)s” pays no claims. Write one of: %(schemes)s.")
    field = "scheme"


class NumberMissing(SpeanError):
    """Ask for the claimant's own number."""

    code = "health_equity.claim_number_missing"
    message = N_("Each claim carries a number of your own, up to 60 characters.")
    field = "external"


class NumberUsed(Conflict):
    """Refuse another claim under a number that was used."""

    code = "health_equity.claim_number_used"
    message = N_(
        "Your number %(number)s stands for another claim already. "
        "Send this one under a new number; withdraw the other if it was wrong."
    )
    field = "external"


class ValueImpossible(SpeanError):
    """Refuse a number, day or text that no record could hold."""

    code = "health_equity.value_impossible"
    message = N_("“%(given)s” can't stand in “%(column)s”. Correct it and send the claim again.")
    field = "lines"


class NotWithdrawable(Conflict):
    """Refuse to withdraw what is to be paid, or is withdrawn."""

    code = "health_equity.claim_not_withdrawable"
    message = N_("Only a claim that waits, is held or was rejected can be withdrawn.")


class RemainderClaimed(Conflict):
    """Refuse to withdraw a claim of which another payer is asked for the rest."""

    code = "health_equity.remainder_claimed"
    message = N_("What this claim left is claimed from another scheme. Withdraw that claim first.")


class WhyMissing(SpeanError):
    """Ask for a reason."""

    code = "health_equity.why_missing"
    message = N_("Say why.")
    field = "reason"


@dataclass(frozen=True, slots=True)
class Line:
    """One service that is claimed, and the riel asked for."""

    service: str
    on: date
    quantity: int
    asked: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim as a facility makes it; `external` is the facility's own number of it.

    What another payer left has that one's claim, and what all may pay together (`models.Claim`).
    """

    external: str
    scheme: str
    came_on: date
    left_on: date
    lines: Sequence[Line]
    diagnoses: Sequence[str] = ()
    card: str = ""
    identifier: str = ""
    person: UUID | None = None
    patient: str = ""
    sex: str = ""
    birth_date: date | None = None
    referred: bool = False
    documents: Sequence[str] = ()
    visit: UUID | None = None
    remainder_of: UUID | None = None
    whole: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of many: the claims kept, those that were sent before, and each one refused by
    its place from 0.
    """

    kept: Sequence[Claim]
    again: Sequence[Claim]
    refused: Sequence[tuple[int, SpeanError]]


@transaction.atomic
def submit_claims(
    *, facility: str, claims: Sequence[Claimed], source: str, keep_good: bool, by: Actor, on: date
) -> Taken:
    """Take in a facility's claims, to be judged; the good ones where some are bad, or none.

    A claim that came before, by its number and content, is given as it was kept. Where nobody is
    found the claim is kept without a person. Raises UnknownFacility, NotAllowed, TooManyClaims;
    nothing about a single claim.
    """
    place = locations.facility(facility, min(on, max((c.left_on for c in claims), default=on)))
    access.require(by, SUBMIT, area=place.place.code)
    if len(claims) > MOST_CLAIMS:
        raise TooManyClaims(most=MOST_CLAIMS, sent=len(claims))
    _one_at_a_time(place.pk)
    known = {one.external: one for one in Claim.objects.prefetch_related("lines").filter(
        facility=place, external__in=[one.external for one in claims])}  # fmt: skip
    good: dict[str, Claimed] = {}
    again: dict[str, Claim] = {}
    refused: list[tuple[int, SpeanError]] = []
    for n, one in enumerate(claims):
        try:
            _check(one)
            _compare(one, known.get(one.external), good.get(one.external))
        except SpeanError as error:
            refused.append((n, error))
        else:
            if one.external in known:
                again[one.external] = known[one.external]
            else:
                good[one.external] = one
    if refused and not keep_good:
        good = {}
    kept = _keep(list(good.values()), place.pk, place.place.code, source, by, on)
    audit.write(by=by, action=SUBMIT, subject=place, area=place.place.code, kept=len(kept),
                again=len(again), refused=len(refused), source=source)  # fmt: skip
    return Taken(kept, list(again.values()), refused)


@transaction.atomic
def withdraw_claim(*, claim_id: UUID, reason: str, by: Actor, on: date) -> Claim:
    """Take back a claim that is wrong, so that its care can be claimed again.

    Raises NotFound, NotAllowed, WhyMissing, NotWithdrawable, RemainderClaimed.
    """
    found = claim_for(claim_id, lock=True)
    access.require(by, SUBMIT, area=found.area)
    if not reason.strip():
        raise WhyMissing
    if found.state not in (Claim.State.SUBMITTED, Claim.State.HELD, Claim.State.REJECTED):
        raise NotWithdrawable
    if found.remainders.exclude(state=Claim.State.WITHDRAWN).exists():
        raise RemainderClaimed
    found.state, found.amount = Claim.State.WITHDRAWN, None
    found.save(update_fields=["state", "amount"])
    audit.write(by=by, action="health_equity.withdraw_claim", subject=found, area=found.area,
                reason=reason.strip()[:300], on=on.isoformat())  # fmt: skip
    return found


def _one_at_a_time(facility_id: int) -> None:
    """Let nobody else send claims of the facility until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                       [f"health_equity.submit:{facility_id}"])  # fmt: skip


def _check(one: Claimed) -> None:
    if not 1 <= len(one.lines) <= MOST_LINES:
        raise LinesImpossible(most=MOST_LINES, sent=len(one.lines))
    if not one.external.strip() or len(one.external) > 60:
        raise NumberMissing
    if one.scheme not in CLAIMED:
        raise SchemeNotClaimed(given=one.scheme, schemes=", ".join(CLAIMED))
    for column, given, fits in _values(one):
        if not fits:
            raise ValueImpossible(given=str(given)[:60], column=column)


def _values(one: Claimed) -> Iterable[tuple[str, object, bool]]:
    """Give each value by its column, and whether the record can hold it, be it right or not."""
    days = [("came_on", one.came_on), ("left_on", one.left_on)]
    days += [("birth_date", one.birth_date)] if one.birth_date else []
    yield from ((column, day, FIRST_DAY <= day <= LAST_DAY) for column, day in days)
    yield "patient", one.patient, len(one.patient) <= 60
    yield "sex", one.sex, one.sex in ("", "female", "male")
    yield from (("diagnoses", code, 0 < len(code) <= 10) for code in one.diagnoses)
    yield from (("documents", name, name in Document.values) for name in one.documents)
    for line in one.lines:
        yield "service", line.service, 0 < len(line.service) <= 30
        yield "on", line.on, FIRST_DAY <= line.on <= LAST_DAY
        yield "quantity", line.quantity, 0 <= line.quantity <= MOST_QUANTITY
        yield "asked", line.asked, 0 <= line.asked <= MOST_RIEL


def _compare(one: Claimed, kept: Claim | None, in_batch: Claimed | None) -> None:
    """Refuse a number that stands for something else. Raises NumberUsed."""
    if in_batch is not None and in_batch != one:
        raise NumberUsed(number=one.external)
    if kept is None:
        return
    lines = [Line(row.service, row.on, row.quantity, int(row.asked))
             for row in sorted(kept.lines.all(), key=lambda row: row.place)]  # fmt: skip
    before = (kept.remainder_of_id, kept.scheme, kept.came_on, kept.left_on, kept.diagnoses, lines)
    if before != (one.remainder_of, one.scheme, one.came_on, one.left_on, list(one.diagnoses),
                  list(one.lines)):  # fmt: skip
        raise NumberUsed(number=one.external)


def _keep(
    claims: Sequence[Claimed], facility_id: int, area: str, source: str, by: Actor, on: date
) -> list[Claim]:
    people = find_patients([named(one) for one in claims])
    made = [
        Claim(
            number=number, facility_id=facility_id, area=area, scheme=one.scheme,
            month=one.left_on.replace(day=1), source=source, external=one.external,
            visit_id=one.visit, remainder_of_id=one.remainder_of, whole=one.whole,
            person_id=person, patient=one.patient, sex=one.sex,
            birth_date=one.birth_date, came_on=one.came_on, left_on=one.left_on,
            diagnoses=list(one.diagnoses), referred=one.referred, documents=list(one.documents),
            asked=Decimal(sum(line.asked for line in one.lines)), submitted_on=on,
            submitted_by=by.name,
        )
        for one, person, number in zip(claims, people, _numbers(len(claims)), strict=True)
    ]  # fmt: skip
    Claim.objects.bulk_create(made)
    ClaimLine.objects.bulk_create(
        ClaimLine(claim=claim, place=place, service=line.service, on=line.on,
                  quantity=line.quantity, asked=Decimal(line.asked))
        for claim, one in zip(made, claims, strict=True)
        for place, line in enumerate(one.lines, start=1)
    )  # fmt: skip
    return made


def named(one: Claimed) -> Named:
    """Give how a claim names its patient."""
    return Named(one.came_on, one.person, one.identifier, one.card, one.patient, one.birth_date)


def _numbers(many: int) -> list[str]:
    """Give the next claim numbers, in their order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_char(nextval('health_equity_claim_number'), 'FM\"C\"0000000000')"
                       " FROM generate_series(1, %s)", [many])  # fmt: skip
        return sorted(number for (number,) in cursor.fetchall())
