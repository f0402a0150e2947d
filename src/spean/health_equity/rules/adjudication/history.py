"""Whether the same was claimed before, at the same time, or too often.

Before means: submitted on an earlier day, or on the same day under a smaller number, and not
withdrawn since. So the order in which claims are judged changes nothing, and a claim that is wrong
is withdrawn before its care is claimed again. What one payer left and the next is asked for is no
care of its own. A ceiling counts of it what the other payers of the case don't pay.
"""

from spean.health_equity.rules.adjudication.rule import Effect, Rule
from spean.kernel.errors import N_

LIMITS = "health_equity.limits"
HISTORY = (
    Rule(
        "duplicate", Effect.REJECT,
        N_("This service was claimed for the same patient and day already. "
           "If the other claim is the wrong one, withdraw it and send this one again."),
        lambda t: t.same_day > 0,
    ),
    Rule(
        "overlapping_stay", Effect.REJECT,
        N_("Another claim has the same patient in a ward on these days."),
        lambda t: t.stays > 0,
    ),
    Rule(
        "service_too_often", Effect.REJECT,
        N_("This service was claimed for the patient as often as it is paid."),
        lambda t: t.service_times >= t.most_service_times, policy=LIMITS,
    ),
    Rule(
        "care_too_often", Effect.REJECT,
        N_("Care of this kind was claimed for the patient as often as it is paid."),
        lambda t: t.kind_times >= t.most_kind_times, policy=LIMITS,
    ),
)  # fmt: skip
