"""Whether a family without a card is found poor by the short interview at a facility."""

from collections.abc import Mapping
from datetime import date

from spean.kernel.decisions import Criterion, Decision
from spean.kernel.errors import N_, SpeanError
from spean.kernel.policy import Policy, policy

INTERVIEW = "health_equity.short_interview"
FOUND, NOT_FOUND = "post_identified", "not_identified"


class AnswersIncomplete(SpeanError):
    """Refuse an interview with an answer missing, or one that the question doesn't have."""

    code = "health_equity.answers_incomplete"
    message = N_("Answer every question of the interview with one of its answers.")


def identify(answers: Mapping[str, str], *, on: date, rules: Policy = policy) -> Decision:
    """Give the points of a short interview, and whether they make the family poor.

    Raises AnswersIncomplete, NotInForce.
    """
    card = rules.scorecard(INTERVIEW, on=on)
    points = 0
    for question in card.questions:
        found = {one.code: one.points for one in question.answers}.get(
            answers.get(question.code, "")
        )
        if found is None:
            raise AnswersIncomplete
        points += found
    least = card.cut_offs[FOUND]
    held = Criterion("points", points >= least, points, least, card.key)
    return Decision(
        kind="health_equity.post_identification", outcome=FOUND if held.held else NOT_FOUND, on=on,
        criteria=(held,), facts={"points": points, "answers": dict(answers)}, policies=(card.ref,),
    )  # fmt: skip
