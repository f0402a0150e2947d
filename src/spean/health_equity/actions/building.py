"""A facility's claims of a month are built from its visits that have ended."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from spean.health_equity.actions.claims import Claimed, Line, submit_claims
from spean.health_equity.actions.remainders import LEFT, claim_remainders
from spean.health_equity.models import Claim, Visit, VisitOutcome
from spean.health_equity.queries.claims import SUBMIT
from spean.health_equity.rules import CLAIMED
from spean.health_equity.rules.fees import Levels, claimable, fee_at
from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.periods import Period
from spean.locations import queries as locations


@transaction.atomic
def build_claims(*, facility: str, month: date, by: Actor, on: date) -> Sequence[Claim]:
    """Claim each visit that ended in the month for which a scheme pays, once, and what a scheme
    left of a case from the next one; give the new claims.

    A line asks for the scheme's fee on the day of the service, at the facility's level of that day.
    Called again, it claims only what is new, or was withdrawn. Raises UnknownFacility, NotAllowed.
    """
    place = locations.facility(facility, on)
    access.require(by, SUBMIT, area=place.place.code)
    ended = Period.of_months(month.replace(day=1), 1)
    visits = (
        Visit.objects.filter(facility=place, scheme__in=CLAIMED, left_on__gte=ended.start,
                             left_on__lt=ended.end, services__isnull=False)
        .exclude(outcome=VisitOutcome.MISTAKEN)
        .exclude(claims__in=Claim.objects.exclude(state=Claim.State.WITHDRAWN))
        .select_related("person").prefetch_related("services").order_by("number").distinct()
    )  # fmt: skip
    levels = locations.levels_by_period(place)
    before = Counter(Claim.objects.filter(visit__in=visits).values_list("visit", flat=True))
    claims = [_claimed(one, before[one.pk], levels) for one in visits]
    taken = submit_claims(facility=facility, claims=claims, source=Claim.Source.VISIT,
                          keep_good=False, by=by, on=on)  # fmt: skip
    for _, error in taken.refused:
        raise error
    answered = Claim.objects.filter(facility=place, month=ended.start, remainder_of=None)
    left = claim_remainders(answered.filter(state__in=LEFT).order_by("number"), by=by, on=on)
    return [*taken.kept, *left]


def _claimed(visit: Visit, times: int, levels: Levels) -> Claimed:
    lines = [
        Line(one.service, one.on, quantity := claimable(one.service, one.quantity),
             quantity * fee_at(levels, visit.scheme, one.service, on=one.on))
        for one in sorted(visit.services.all(), key=lambda one: (one.on, one.service))
    ]  # fmt: skip
    person = visit.person
    return Claimed(
        external=f"{visit.number}/{times + 1}" if times else visit.number, scheme=visit.scheme,
        came_on=visit.came_on, left_on=visit.left_on or visit.came_on, lines=lines,
        diagnoses=visit.diagnoses,
        card=visit.card, person=person.pk, patient=person.name_km[:60], sex=person.sex,
        birth_date=person.birth_date, referred=visit.referred_from_id is not None,
        documents=visit.documents, visit=visit.pk,
    )  # fmt: skip
