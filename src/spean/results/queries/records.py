"""The records behind a figure: for who may read them, one click away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.policy import Indicator
from spean.maternal_child.queries import countable
from spean.results.queries import frozen, indicators
from spean.results.queries.counting import Asked, where
from spean.results.queries.figures import RECORDS, Wanted
from spean.results.rules import part

MOST = 500
SIDES = ("counted", "of", "not_counted")


@dataclass(frozen=True, slots=True)
class Record:
    """One record that counts: who stands behind it, where they lived, and its day."""

    behind: countable.Behind
    village: str
    day: date


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one side of an indicator; `number` is how many there are in all."""

    indicator: Indicator
    side: str
    as_of: date
    number: int
    rows: Sequence[Record]


def records(code: str, side: str, asked: Wanted, *, by: Actor, on: date) -> Records:
    """Give the records that were counted, that could have been, or that were not though they could.

    Raises NotAllowed, NoIndicators, UnknownIndicator; the reading is audited.
    """
    access.require(by, RECORDS, area=asked.area)
    run = frozen.latest()
    indicator, _ = indicators.indicator(code, run.as_of)
    kind, tests = _tests(indicator, side)
    place, values = where(Asked(asked.area, [asked.period], "", asked.only))
    with frozen.cursor() as engine:
        found = engine.execute(
            f"SELECT id, village, day FROM {run.tables[kind]} WHERE {tests} AND {place}"
            " AND day >= ? AND day < ? AND (until IS NULL OR until >= ?) ORDER BY day DESC, id",
            [*values, asked.period.start, asked.period.end, asked.period.end],
        ).fetchall()
    shown = found[:MOST]
    people = countable.behind({row[0] for row in shown}, area=asked.area, by=by, on=on)
    rows = [Record(people[key], village, day) for key, village, day in _known(shown, people)]
    return Records(indicator, side, run.as_of, len(found), rows)


def _known(
    rows: Sequence[tuple[UUID, str, date]], people: dict[UUID, countable.Behind]
) -> Sequence[tuple[UUID, str, date]]:
    """Leave out records that were merged away since the run."""
    return [row for row in rows if row[0] in people]


def _tests(indicator: Indicator, side: str) -> tuple[str, str]:
    """Give the kind of record and the conditions of a side of an indicator."""
    counted = part(indicator.counts)
    of = part(indicator.of) if indicator.of else counted
    if side == "counted":
        return counted.kind, _all(counted.flags)
    if side == "not_counted" and counted.kind == of.kind:
        return of.kind, f"{_all(of.flags)} AND NOT ({_all(counted.flags)})"
    return of.kind, _all(of.flags)


def _all(flags: Sequence[str]) -> str:
    return " AND ".join(f'"{flag}"' for flag in flags) or "true"
