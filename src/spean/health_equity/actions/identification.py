"""A family without a card is found poor at the facility: covered for a time, and followed up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from spean.health_equity.models import PostIdentification
from spean.health_equity.queries import patient
from spean.health_equity.rules import FOUND, Outcome, Scheme, identify
from spean.kernel import access, audit
from spean.kernel.access import Actor, Purpose
from spean.kernel.actions import store_decision
from spean.kernel.decisions import Decision
from spean.kernel.errors import N_, Conflict
from spean.kernel.ids import new_id
from spean.kernel.policy import policy
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.targeting import actions as targeting
from spean.targeting import queries as cases

IDENTIFY, DAYS = "health_equity.identify", "health_equity.provisional_cover"
FOLLOWS = Actor.system("post_identification", purpose=Purpose.TARGETING)


class CoveredAlready(Conflict):
    """Refuse to ask a family whom the Fund covers."""

    code = "health_equity.covered_already"
    message = N_("The Health Equity Fund covers this patient already. Record the visit.")


@dataclass(frozen=True, slots=True)
class Identified:
    """What the short interview came to; `cover` where the family was found poor."""

    decision: Decision
    cover: PostIdentification | None


@transaction.atomic
def identify_household(
    *, handle: str, facility: str, answers: Mapping[str, str], by: Actor, on: date
) -> Identified:
    """Hold the short interview: a family found poor is covered at once, and its commune is asked.

    Found poor or not, the decision is kept. Raises NotAllowed, PatientGone, UnknownFacility,
    CoveredAlready, AnswersIncomplete, NotInForce.
    """
    place = locations.facility(facility, on)
    access.require(by, IDENTIFY, area=place.place.code)
    found = patient(handle, by=by, on=on)
    home = registry.household_for(found.household_id)
    if any(one.scheme is Scheme.HEF and one.outcome is Outcome.COVERED for one in found.covers):
        raise CoveredAlready
    decision = identify(answers, on=on)
    made = PostIdentification(
        pk=new_id(), household=home, facility=place, answers=dict(answers),
        points=decision.facts["points"], start=on, found_by=by.name,
        end=on + timedelta(days=int(policy.value(DAYS, on=on).value)),
    )  # fmt: skip
    made.decision = store_decision(decision, subject=made, by=by)
    audit.write(by=by, action="health_equity.short_interview", subject=home,
                area=place.place.code, outcome=decision.outcome)  # fmt: skip
    if decision.outcome != FOUND:
        return Identified(decision, None)
    made.assessment_id = _ask_commune(home.pk, place.name_km, on)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise CoveredAlready from error
    return Identified(decision, made)


def _ask_commune(household_id: UUID, facility: str, on: date) -> UUID:
    """Give the case by which the commune looks at the family: the open one, or a new one."""
    if open_case := cases.open_case_of(household_id):
        return open_case
    case = targeting.request_assessment(
        household_id=household_id, channel="health_facility", note=facility, by=FOLLOWS, on=on
    )
    return case.pk


@transaction.atomic
def end_provisional_cover(*, assessment_id: UUID, by: Actor, on: date) -> int:
    """End the cover that waited for a case, once the case has its answer; give how many ended."""
    ended = 0
    for one in PostIdentification.objects.select_for_update().filter(
        assessment=assessment_id, start__lt=on, end__gt=on
    ):
        one.end = on
        one.save(update_fields=["end"])
        audit.write(by=by, action="health_equity.provisional_cover_ended", subject=one)
        ended += 1
    return ended
