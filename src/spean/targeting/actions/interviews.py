"""The interview: all answers at once, scored by the scorecard in force on the day."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from spean.kernel.access import Actor
from spean.kernel.actions import store_decision
from spean.kernel.policy import policy
from spean.registry import queries as registry
from spean.targeting import rules
from spean.targeting.actions.cases import locked, take
from spean.targeting.models import Assessment, State, Step, following

SCORECARD = "targeting.scorecard"


@transaction.atomic
def record_interview(
    *,
    assessment_id: UUID,
    version: int,
    answers: Mapping[str, str],
    note: str = "",
    by: Actor,
    on: date,
) -> Assessment:
    """Record a household's answers (question code to answer code) and score them.

    Raises NotAllowed, ChangedMeanwhile, NotAtThisStep; NotInForce where no scorecard holds on the
    day; AnswersRefused with every answer that is missing or not on the scorecard.
    """
    case = locked(assessment_id, version, "targeting.interview", by=by, on=on)
    following(Step.INTERVIEW, State(case.state))
    scorecard = policy.scorecard(SCORECARD, on=on)
    decision = rules.score_household(answers, _facts(case.household_id, on), scorecard, on=on)
    kept = store_decision(decision, subject=case, by=by)
    points = Decimal(str(decision.facts["points"]))
    return take(
        case,
        Step.INTERVIEW,
        by=by,
        on=on,
        note=note,
        detail={"points": str(points), "level": decision.outcome, "decision": str(kept.pk)},
        answers=dict(answers),
        interviewed_on=on,
        interviewed_by=by.name,
        decision=kept,
        points=points,
        scored_level=decision.outcome,
    )


def _facts(household_id: UUID, on: date) -> rules.HouseholdFacts:
    """Give the registry's counts in the words of the scorecard."""
    counts = registry.household_facts(household_id, on=on)
    return rules.HouseholdFacts(
        members=counts.members,
        members_under_2=counts.under_2,
        members_under_18=counts.under_18,
        members_60_and_over=counts.elderly,
        members_disabled=counts.disabled,
        dependants=counts.dependants,
        members_of_working_age=counts.of_earning_age,
        female_head=counts.female_head,
    )
