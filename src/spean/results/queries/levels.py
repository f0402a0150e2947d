"""Each household's poverty level over time, and how many people live where."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from spean.kernel import columnar

COLUMNS: Mapping[str, str] = {
    "statuses": "household UUID, level VARCHAR, start DATE, ended DATE",
    "people": "village VARCHAR, level VARCHAR, people INTEGER",
}
SQL: Mapping[str, str] = {
    "statuses": """
        SELECT household_id, level, start, "end" FROM targeting_povertystatus
        WHERE start <= %(on)s""",
    "people": """
        SELECT village.code, coalesce(status.level, 'not_poor'), count(*)
        FROM registry_membership member
        JOIN registry_household home ON home.id = member.household_id
        JOIN locations_place village ON village.id = home.village_id
        LEFT JOIN targeting_povertystatus status ON status.household_id = home.id
             AND status.start <= %(on)s AND status."end" > %(on)s
        WHERE member.start <= %(on)s AND (member."end" IS NULL OR member."end" > %(on)s)
        GROUP BY 1, 2""",
}


def read_levels(db: duckdb.DuckDBPyConnection, folder: Path, *, on: date) -> None:
    """Make the tables `statuses` and `people` in DuckDB."""
    for name, sql in SQL.items():
        columnar.copy(db, name, COLUMNS[name], sql, {"on": on}, folder)
