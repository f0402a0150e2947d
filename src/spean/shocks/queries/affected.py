"""How many families live in some places, by poverty level, as of the last snapshot."""

from collections.abc import Sequence

import duckdb

from spean.kernel import snapshots
from spean.locations import queries as locations
from spean.results.queries.words import VALUE_NAMES


def affected(places: Sequence[str]) -> dict[str, int]:
    """Count the families of places of any level. Raises what `latest` raises."""
    snapshot = snapshots.latest()
    with duckdb.connect() as engine:
        snapshot.view(engine, "households")
        counted = dict(
            engine.execute(
                "SELECT coalesce(status, 'not_poor'), count(*) FROM households"
                f" WHERE {locations.lying_in(places)} GROUP BY 1"
            ).fetchall()
        )
    return {level: counted.get(level, 0) for level in VALUE_NAMES["level"]}
