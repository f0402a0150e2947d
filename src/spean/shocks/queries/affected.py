"""How many families live in some places, by poverty level, as of the last snapshot."""

from collections.abc import Sequence

import duckdb

from spean.kernel import snapshots

LEVELS = ("poor_1", "poor_2", "at_risk", "not_poor")


def affected(places: Sequence[str]) -> dict[str, int]:
    """Count the families of places (digits only, of any level). Raises what `latest` raises."""
    snapshot = snapshots.latest()
    tests = " OR ".join(f"starts_with(village, '{code}')" for code in places) or "false"
    with duckdb.connect() as engine:
        snapshot.view(engine, "households")
        counted = dict(
            engine.execute(
                "SELECT coalesce(status, 'not_poor'), count(*) FROM households"
                f" WHERE {tests} GROUP BY 1"
            ).fetchall()
        )
    return {level: counted.get(level, 0) for level in LEVELS}
