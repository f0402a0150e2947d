"""The tables that a draft may change: programmes, minimum expenditure, poverty line, scorecard."""

from collections.abc import Iterator
from datetime import date

from spean.kernel.policy import TableValue, policy
from spean.programmes import queries as programmes
from spean.programmes.queries import Adjustable
from spean.simulation.rules import LINE, MINIMUM, Changes
from spean.targeting import queries as targeting
from spean.targeting.queries import SCORECARD

LINES = "simulation.poverty_line"


def adjustable(on: date) -> Iterator[Adjustable]:
    """Give what a draft may change on a day, the scorecard last. Raises NotInForce."""
    yield from programmes.adjustable(on)
    yield from programmes.of_minimum(on)
    lines = policy.table(LINES, on=on)
    yield Adjustable(LINES, lines, in_force=True, needed=True, complete=True, least=1)
    card = targeting.scorecard(on=on)
    table = TableValue(card.key, card.since, card.reference, "points", card.rows)
    yield Adjustable(SCORECARD, table, in_force=True, needed=True)


def yardsticks(changes: Changes) -> frozenset[str]:
    """Give by what a draft measures otherwise: the poverty line, the minimum expenditure."""
    keys = {LINE: (LINES,), MINIMUM: programmes.MINIMUM}
    return frozenset(one for one, tables in keys.items() if any(key in changes for key in tables))
