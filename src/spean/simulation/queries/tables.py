"""The tables that a draft may change: those of the programmes, and the scorecard."""

from collections.abc import Iterator
from datetime import date

from spean.kernel.policy import TableValue
from spean.programmes import queries as programmes
from spean.programmes.queries import Adjustable
from spean.targeting import queries as targeting
from spean.targeting.queries import SCORECARD


def adjustable(on: date) -> Iterator[Adjustable]:
    """Give what a draft may change on a day, the scorecard last. Raises NotInForce."""
    yield from programmes.adjustable(on)
    card = targeting.scorecard(on=on)
    table = TableValue(card.key, card.since, card.reference, "points", card.rows)
    yield Adjustable(SCORECARD, table, in_force=True)
