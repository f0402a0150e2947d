"""How many families were struck, by poverty level, as of the last snapshot."""

from collections.abc import Sequence

import duckdb

from spean.kernel import snapshots
from spean.locations import queries as locations
from spean.results.queries.words import VALUE_NAMES


def affected(
    places: Sequence[str], families: Sequence[str] = (), left_out: Sequence[str] = ()
) -> dict[str, int]:
    """Count the families of places of any level, and those besides, without who is left out.

    Raises what `latest` raises.
    """
    snapshot = snapshots.latest()
    with duckdb.connect() as engine:
        snapshot.view(engine, "households")
        found = engine.execute(
            "SELECT coalesce(status, 'not_poor'), count(*) FROM households"
            f" WHERE ({locations.lying_in(places)} OR coalesce(household_id IN $besides, false))"
            " AND NOT coalesce(household_id IN $left_out, false) GROUP BY 1",
            {"besides": list(families), "left_out": list(left_out)},
        )
        counted = dict(found.fetchall())
    return {level: counted.get(level, 0) for level in VALUE_NAMES["level"]}
