"""What one payer leaves of a case is claimed from the next one, by a claim of its own."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from spean.health_equity.actions.claims import Claimed, Line, named, submit_claims
from spean.health_equity.models import Claim, ClaimLine, Contract
from spean.health_equity.queries.cases import Given, case_of, paid_for
from spean.health_equity.queries.claims import SUBMIT, claim_for, last_judgement
from spean.health_equity.queries.grounds import grounds_of
from spean.health_equity.queries.patients import find_patients
from spean.health_equity.rules import Outcome, covers
from spean.health_equity.rules.fees import Levels, fee_at
from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.periods import Period
from spean.locations import queries as locations

SETTLED = (Claim.State.ACCEPTED, Claim.State.REDUCED, Claim.State.REJECTED)
LEFT = (Claim.State.REDUCED, Claim.State.REJECTED)  # by a payer who may leave a part to the next


class NothingLeft(Conflict):
    """Refuse to claim what no other scheme pays, or before the others have answered."""

    code = "health_equity.nothing_left"
    message = N_(
        "No other scheme of the patient, under contract here, pays more for this case; "
        "or one that was asked has not answered yet."
    )


class NotOfCase(SpeanError):
    """Refuse as a remainder what is another case."""

    code = "health_equity.not_of_case"
    message = N_(
        "What a scheme left is claimed as the same case: by the same facility, for the same "
        "patient and days, and of its services only. Correct “%(column)s”, or send a new claim."
    )
    field = "remainder_of"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its payers have settled it so far: the first claim, and who paid what."""

    first: Claim
    lines: Sequence[ClaimLine]
    schemes: Collection[str]
    paid: Mapping[Given, int]


@transaction.atomic
def claim_remainder(*, claim_id: UUID, by: Actor, on: date) -> Claim:
    """Claim what a case's payers left from the next one. Raises NotFound, NotAllowed, NothingLeft.

    The patient's schemes are asked in their order, each once, when all before have answered.
    """
    found = claim_for(claim_id, lock=True)
    access.require(by, SUBMIT, area=found.area)
    first = claim_for(found.remainder_of_id, lock=True) if found.remainder_of_id else found
    made = claim_remainders([first], by=by, on=on)
    if not made:
        raise NothingLeft
    return made[0]


def claim_remainders(firsts: Iterable[Claim], *, by: Actor, on: date) -> Sequence[Claim]:
    """Claim what is left of some cases of one facility, by their first claims; give the new claims.

    Who calls has locked them, or holds the facility's month, and has checked the right.
    """
    known = [one for one in firsts if one.person_id is not None]
    if not known:
        return ()
    facility = known[0].facility
    levels = locations.levels_by_period(facility)
    asked = [
        claimed
        for first, schemes in _payers(known)
        if (case := _settled(first)) is not None
        and (claimed := _next(case, schemes, levels)) is not None
    ]
    if not asked:
        return ()
    taken = submit_claims(facility=facility.code, claims=asked, source=Claim.Source.VISIT,
                          keep_good=False, by=by, on=on)  # fmt: skip
    for _, error in taken.refused:
        raise error
    return taken.kept


def _payers(firsts: Sequence[Claim]) -> Iterator[tuple[Claim, list[str]]]:
    """Give the cases that other schemes cover, with those under contract there, in their order."""
    contracts = [
        (one.scheme, Period(one.start, one.end))
        for one in Contract.objects.filter(facility=firsts[0].facility_id)
    ]
    grounds = grounds_of(one.person_id for one in firsts if one.person_id)
    for first in firsts:
        held = {scheme for scheme, days in contracts if days.contains(first.came_on)}
        found = covers(grounds.get(first.person_id, []), on=first.came_on)  # type: ignore[arg-type]
        covering = [str(one.scheme) for one in found if one.outcome is Outcome.COVERED]
        schemes = [one for one in covering if one in held and one != first.scheme]
        if schemes:
            yield first, schemes


def _settled(first: Claim) -> Case | None:
    """Give a case to which each payer asked so far has answered; None while one has not."""
    claims = case_of(first)
    if not all(one.state in SETTLED for one in claims):
        return None
    lines = list(first.lines.order_by("place"))
    paid = paid_for((one.lines.all(), last_judgement(one)) for one in claims)
    return Case(first, lines, {one.scheme for one in claims}, paid)


def _next(case: Case, schemes: Iterable[str], levels: Levels) -> Claimed | None:
    """Give the claim to the next scheme that pays more than was paid; None if there is none."""
    for scheme in schemes:
        if scheme not in case.schemes and (lines := _lines(case, scheme, levels)):
            return _claimed(case, scheme, lines)
    return None


def _lines(case: Case, scheme: str, levels: Levels) -> list[Line]:
    """Give of each service what the scheme's fee leaves above what was paid, if it does."""
    left = ((one, _left(case, scheme, one, levels)) for one in case.lines)
    return [Line(one.service, one.on, one.quantity, riel) for one, riel in left if riel > 0]


def _left(case: Case, scheme: str, line: Line | ClaimLine, levels: Levels) -> int:
    """Give the riel of a scheme's fee that those before don't pay; below 0 where they pay more."""
    whole = line.quantity * fee_at(levels, scheme, line.service, on=line.on)
    return whole - case.paid.get((line.service, line.on), 0)


def _claimed(case: Case, scheme: str, lines: Sequence[Line]) -> Claimed:
    first = case.first
    again = first.remainders.count()
    return Claimed(
        external=f"{first.number}+{again + 1}", scheme=scheme, came_on=first.came_on,
        left_on=first.left_on, lines=lines, diagnoses=first.diagnoses, person=first.person_id,
        patient=first.patient, sex=first.sex, birth_date=first.birth_date, referred=first.referred,
        documents=first.documents, visit=first.visit_id, remainder_of=first.pk,
        whole=_whole(case, (line.asked for line in lines)),
    )  # fmt: skip


def _whole(case: Case, adds: Iterable[int]) -> Decimal:
    """Give what all payers of a case may pay together, where the next adds so much of each line."""
    return Decimal(sum(case.paid.values()) + sum(adds))


def remainder_sent(*, facility: str, claim: Claimed, of: UUID) -> Claimed:
    """Give a claim that another system sends for what the payers left of a case, put to that case.

    `of` is any claim of the case. It may ask for the whole fee, as FHIR has it: the rules take off
    what the others pay. The case is locked. Raises NotFound, NotOfCase, NothingLeft.
    """
    found = claim_for(of)
    first = claim_for(found.remainder_of_id or found.pk, lock=True)
    place = first.facility
    if place.code != facility:
        raise NotOfCase(column="facility")
    of_case = replace(claim, remainder_of=first.pk, visit=first.visit_id)
    if Claim.objects.filter(facility=place, external=claim.external).exists():
        return of_case  # it came before: whether it is the same is seen where it is taken in
    case = _settled(first)
    if case is None or claim.scheme in case.schemes:
        raise NothingLeft
    _check_same(claim, case)
    levels = locations.levels_by_period(place)
    left = (min(one.asked, _left(case, claim.scheme, one, levels)) for one in claim.lines)
    return replace(of_case, whole=_whole(case, (max(riel, 0) for riel in left)))


def _check_same(claim: Claimed, case: Case) -> None:
    """Refuse what is not of the case. Raises NotOfCase."""
    first = case.first
    there = {(one.service, one.on): one.quantity for one in case.lines}
    (person,) = find_patients([named(claim)])
    same = {
        "patient": person is not None and person in _records(first),
        "came_on": claim.came_on == first.came_on,
        "left_on": claim.left_on == first.left_on,
        "lines": all(one.quantity <= there.get((one.service, one.on), -1) for one in claim.lines),
    }
    for column, alike in same.items():
        if not alike:
            raise NotOfCase(column=column)


def _records(first: Claim) -> Collection[UUID | None]:
    """Give the record of the patient of a claim, and the one it was joined to since."""
    return (first.person_id, first.person.merged_into_id if first.person else None)
