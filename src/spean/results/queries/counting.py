"""Counting: the parts that indicators name, over tables of flags, in one statement a table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from spean.kernel.policy import Indicator
from spean.results.rules import Part, Span, part

LEVELS = ("poor_1", "poor_2", "at_risk", "not_poor")
SEXES = ("female", "male")
VALUES: Mapping[str, Sequence[str]] = {"level": LEVELS, "sex": SEXES}
Counts = Mapping[str, Mapping[Part, int]]  # of each group


@dataclass(frozen=True, slots=True)
class Asked:
    """Which records are counted, and into what they are divided ("" for all together).

    `only` narrows a division ("level", "sex") to one of its values.
    """

    area: str
    spans: Sequence[Span]
    by: str = ""
    only: Mapping[str, str] = field(default_factory=dict)


def parts_of(indicators: Iterable[Indicator]) -> list[Part]:
    """Give what has to be counted for these indicators, each once."""
    named = (text for one in indicators for text in (one.counts, one.of) if text)
    return list(dict.fromkeys(part(text) for text in named))


def count(
    engine: duckdb.DuckDBPyConnection,
    tables: Mapping[str, str],
    parts: Sequence[Part],
    asked: Asked,
) -> Counts:
    """Count the parts; `tables` says how each kind of record is read. Empty groups are left out."""
    found: dict[str, dict[Part, int]] = defaultdict(dict)
    for kind in dict.fromkeys(one.kind for one in parts):
        mine = [one for one in parts if one.kind == kind]
        statement, values = _statement(tables[kind], mine, asked)
        for group, *counts in engine.execute(statement, values).fetchall():
            found[group] |= dict(zip(mine, counts, strict=True))
    return found


def _statement(table: str, parts: Sequence[Part], asked: Asked) -> tuple[str, list[object]]:
    counted = ", ".join(
        "count(*)" + (f" FILTER ({' AND '.join(_quoted(one.flags))})" if one.flags else "")
        for one in parts
    )
    spans = ", ".join("(?, ?::DATE, ?::DATE)" for _ in asked.spans)
    values: list[object] = [x for one in asked.spans for x in (one.code, one.start, one.end)]
    tests, given = where(asked)
    return (
        f"SELECT {_group(asked)} AS code, {counted} FROM {table} record"
        f" JOIN (VALUES {spans}) span(period, since, until_day)"
        " ON day >= since AND day < until_day AND (until IS NULL OR until >= until_day)"
        f" WHERE {tests} GROUP BY 1 ORDER BY 1",
        values + given,
    )


def where(asked: Asked) -> tuple[str, list[object]]:
    """Give the conditions of place, level and sex, and their values."""
    tests = ["starts_with(village, ?)", *(f"{name} = ?" for name in asked.only)]
    return " AND ".join(tests), [asked.area, *asked.only.values()]


def _group(asked: Asked) -> str:
    named = {"": "''", "period": "period", "level": "level", "sex": "sex"}
    if asked.by == "place":
        return f"village[:{len(asked.area) + 2}]"
    return named[asked.by]


def _quoted(flags: Sequence[str]) -> list[str]:
    return [f'"{flag}"' for flag in flags]
