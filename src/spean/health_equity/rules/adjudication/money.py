"""How much is paid: the quantity and the fee allowed, then what the ceilings leave.

The ceilings read what `judge` adds to the facts: `priced`, what the claim comes to before them.
"""

import ibis
import ibis.expr.types as ir

from spean.health_equity.rules.adjudication.facility import FEES
from spean.health_equity.rules.adjudication.history import LIMITS
from spean.health_equity.rules.adjudication.rule import Effect, Level, Rule
from spean.health_equity.rules.cover import PAYERS
from spean.kernel.errors import N_

CEILINGS = "health_equity.ceilings"


def unpaid(t: ir.Table, quantity: ir.IntegerValue) -> ir.IntegerValue:
    """Give the riel of the fee that no scheme before this one pays."""
    return ibis.greatest(t.fee * quantity - t.paid_before, 0)


def year_left(t: ir.Table) -> ir.IntegerValue:
    """Give the riel that the person's ceiling of the year leaves; NULL without a ceiling."""
    left = ibis.greatest(t.year_ceiling - t.claimed_in_year, 0)
    return t.year_ceiling.notnull().ifelse(left, ibis.null("int64"))


MONEY = (
    Rule(
        "nothing_asked", Effect.REJECT,
        N_("The line asks for nothing."),
        lambda t: (t.asked == 0) | (t.quantity == 0),
    ),
    Rule(
        "quantity_over", Effect.REDUCE,
        N_("More was claimed than one case may have; the rest is paid."),
        lambda t: t.quantity > t.most_quantity, policy=LIMITS,
    ),
    Rule(
        "over_fee", Effect.REDUCE,
        N_("More was asked for than the scheme's fee; the fee is paid."),
        lambda t: t.asked > t.fee * t.quantity, policy=FEES,
    ),
    Rule(
        "paid_by_another", Effect.REDUCE,
        N_("Another scheme pays for this too; what it leaves of the fee is paid."),
        lambda t: (t.paid_before > 0) & (t.asked > unpaid(t, t.quantity)), policy=PAYERS,
    ),
)  # fmt: skip
CEILING = (
    Rule(
        "over_claim_ceiling", Effect.REDUCE,
        N_("The claim is above what the scheme pays for one claim; it is paid up to that."),
        lambda t: t.priced > t.claim_ceiling, Level.CLAIM, CEILINGS,
    ),
    Rule(
        "over_year_ceiling", Effect.REDUCE,
        N_("The claims of this patient are above what the scheme pays in a year; "
           "it is paid up to that."),
        lambda t: t.priced > year_left(t), Level.CLAIM, CEILINGS,
    ),
)  # fmt: skip
