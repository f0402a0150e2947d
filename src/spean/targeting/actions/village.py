"""What happens in the village: the representatives' review and the public display."""

from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.targeting.actions import terms
from spean.targeting.actions.cases import locked, take
from spean.targeting.models import Assessment, Circumstance, Level, Opinion, State, Step, following
from spean.targeting.rules import PovertyLevel, levels_apart


class ProposalIncomplete(SpeanError):
    """Refuse a proposal of another level without that level."""

    code = "targeting.proposal_incomplete"
    message = N_("Choose the level that the village proposes: another one than the scored level.")
    field = "proposed_level"


class ProposalTooFar(SpeanError):
    """Refuse a proposal further from the scored level than circumstances may move a household."""

    code = "targeting.proposal_too_far"
    message = N_(
        "Special circumstances may move a household by %(most)s level(s) from the scored level, "
        "“%(scored)s”."
    )
    field = "proposed_level"


class CircumstanceNeeded(SpeanError):
    """Refuse to move a household from its scored level without a listed circumstance."""

    code = "targeting.circumstance_needed"
    message = N_("Choose the special circumstance for which the level should be another.")
    field = "circumstance"


@transaction.atomic
def review_in_village(
    *,
    assessment_id: UUID,
    version: int,
    opinion: str,
    proposed_level: str = "",
    circumstance: str = "",
    note: str = "",
    by: Actor,
    on: date,
) -> Assessment:
    """Record that the village agrees with the scored level, or which one it proposes and why.

    Raises NotAllowed, ChangedMeanwhile, NotAtThisStep, ProposalIncomplete, CircumstanceNeeded,
    ProposalTooFar.
    """
    case = locked(assessment_id, version, "targeting.review_in_village", by=by, on=on)
    following(Step.REVIEW, State(case.state))
    given = Opinion(opinion)
    proposes = given == Opinion.PROPOSES_OTHER
    level, reason = _proposal(case, proposed_level, circumstance, on) if proposes else ("", "")
    return take(
        case,
        Step.REVIEW,
        by=by,
        on=on,
        note=note,
        detail={"opinion": str(given), "proposed_level": str(level), "circumstance": str(reason)},
        reviewed_on=on,
        reviewed_by=by.name,
        opinion=given,
        proposed_level=level,
        circumstance=reason,
        review_note=note,
    )


def _proposal(
    case: Assessment, proposed_level: str, circumstance: str, on: date
) -> tuple[Level, Circumstance]:
    if not proposed_level or proposed_level == case.scored_level:
        raise ProposalIncomplete
    if not circumstance:
        raise CircumstanceNeeded
    level = Level(proposed_level)
    most = terms.max_level_moves(on).whole
    if levels_apart(PovertyLevel(level), PovertyLevel(case.scored_level)) > most:
        raise ProposalTooFar(most=most, scored=Level(case.scored_level).label)
    return level, Circumstance(circumstance)


@transaction.atomic
def put_on_display(*, assessment_id: UUID, version: int, by: Actor, on: date) -> Assessment:
    """Put a reviewed case on the list in the village, for as many days as the policy says.

    Raises NotAllowed, ChangedMeanwhile, NotAtThisStep, NotInForce.
    """
    case = locked(assessment_id, version, "targeting.display", by=by, on=on)
    until = terms.display_until(on)
    return take(
        case,
        Step.DISPLAY,
        by=by,
        on=on,
        detail={"until": until.isoformat()},
        display_from=on,
        display_until=until,
        displayed_by=by.name,
    )
