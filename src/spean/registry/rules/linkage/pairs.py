"""Pairs of records that are likely one person, each with what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from spean.registry.rules.linkage.comparisons import Compared
from spean.registry.rules.linkage.measures import DOUBLE_SHARE, measure
from spean.registry.rules.linkage.model import compared, settings
from spean.registry.rules.linkage.prepare import prepare
from spean.registry.rules.linkage.scores import SCORED, Score, score_here

PAIRS: Final = "linkage_pairs"
# Of the pairs above it 99 in 100 are right in an invented country of 16 million; in less, more.
THRESHOLD: Final = 0.55


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found: the table of its pairs, of how many records, of how many candidates.

    `comparisons` are those columns of the table that name the level reached.
    """

    pairs: str
    records: int
    candidates: int
    comparisons: tuple[str, ...]


def find_pairs(
    connection: Any,
    people: str,
    *,
    threshold: float = THRESHOLD,
    double_share: float = DOUBLE_SHARE,
    scored_by: Score = score_here,
) -> Found:
    """Find the pairs that are at least so probably (0 to 1) one person.

    Their table has first, second (the `person` of each record, first < second), probability, and
    a column for each comparison that names the level reached. A record has at most one pair with
    each other household, the likeliest: of twins each finds himself. The columns are prepared and
    the likeliest chosen in the connection; `scored_by` compares the candidates, here or elsewhere.
    """
    prepared = prepare(connection, people)
    measures = measure(connection, prepared, double_share=double_share)
    comparisons = compared(measures)
    candidates = scored_by(connection, prepared, settings(measures), threshold)
    connection.execute(best_pairs_sql(SCORED, prepared, comparisons))
    connection.execute(f"DROP TABLE {SCORED}")
    return Found(PAIRS, measures.records, candidates, tuple(one.name for one in comparisons))


def best_pairs_sql(scored: str, prepared: str, comparisons: Sequence[Compared]) -> str:
    """Give the SQL that keeps, of each record and each other household, the likeliest pair."""
    levels = ", ".join(_level_sql(one) for one in comparisons)
    return f"""
        CREATE OR REPLACE TABLE {PAIRS} AS
        WITH ranked AS (
            SELECT s.*, l.person AS person_l, r.person AS person_r,
                row_number() OVER (PARTITION BY s.record_l, r.household
                                   ORDER BY match_weight DESC, s.record_r) AS place_l,
                row_number() OVER (PARTITION BY s.record_r, l.household
                                   ORDER BY match_weight DESC, s.record_l) AS place_r
            FROM {scored} s
            JOIN {prepared} l ON l.record = s.record_l
            JOIN {prepared} r ON r.record = s.record_r
        )
        SELECT least(person_l, person_r) AS first, greatest(person_l, person_r) AS second,
            match_probability AS probability, {levels}
        FROM ranked WHERE place_l = 1 AND place_r = 1
    """


def _level_sql(comparison: Compared) -> str:
    whens = " ".join(
        f"WHEN {number} THEN '{name}'" for number, name in comparison.level_names().items()
    )
    return f"CASE gamma_{comparison.name} {whens} END AS {comparison.name}"
