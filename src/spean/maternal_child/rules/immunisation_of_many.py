"""The doses of a nation's children, one series at a time: the forecast of `immunisation.history`.

Each step takes the next dose of every child at once. Days are whole numbers (since 1970); children
are numbered from 0. A generative test holds it against `history`, child by child.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spean.kernel.policy import Contact

Days = np.ndarray[tuple[int], np.dtype[np.int32]]
NEVER, ENDLESS, NONE = -(10**6), 10**6, -1


@dataclass(frozen=True, slots=True)
class SeriesDoses:
    """The doses of one series: child by child, by day, one a day, none before birth.

    `other_live` is the last day before it of a live vaccine of another series, NEVER if none.
    """

    child: Days
    day: Days
    other_live: Days


@dataclass(frozen=True, slots=True)
class Forecasts:
    """What is due or overdue: child, the number of the line in its series, and its days.

    `progress` says of every child how far the series has come; the most where it is met.
    """

    child: Days
    line: Days
    due: Days
    overdue: Days
    progress: Days


class _Lines:
    """The lines of a series as columns, with one more at the end for a series that is met."""

    def __init__(self, lines: Sequence[Contact]) -> None:
        self.number = len(lines)
        self.after = {n: [one.code for one in lines].index(line.after)
                      for n, line in enumerate(lines) if line.after}  # fmt: skip
        self.earliest = _column([line.earliest for line in lines], 0)
        self.interval = _column([line.shortest_interval or 0 for line in lines], 0)
        self.after_interval = _column([line.after_interval for line in lines], 0)
        self.due = _column([line.due for line in lines], 0)
        self.overdue = _column([line.overdue for line in lines], 0)
        self.latest = _column([_or(line.latest) for line in lines], ENDLESS)
        self.not_needed = _column([_or(line.not_needed_from) for line in lines], ENDLESS)
        self.live = np.array([*(line.live for line in lines), False])


def _or(value: int | None) -> int:
    return ENDLESS if value is None else value


def _column(values: Sequence[int], last: int) -> Days:
    return np.array([*values, last], np.int32)


class _State:
    """How far every child has come: the next line, the last dose, the days of lines met."""

    def __init__(self, lines: _Lines, born: Days) -> None:
        self.lines, self.born = lines, born
        self.next = np.zeros(len(born), np.int32)
        self.last = np.full(len(born), NEVER, np.int32)
        self.valid_age = np.full(len(born), -1, np.int32)
        self.valid = np.zeros(len(born), np.int32)
        self.met = {n: np.full(len(born), NEVER, np.int32) for n in lines.after.values()}

    def wanted(self, who: Any, day: Any) -> Days:
        """Give the first open line that each child isn't too old for, else the first open one."""
        age, lines = day - self.born[who], self.lines
        first = np.full(len(age), lines.number, np.int32)
        fitting = first.copy()
        for n in reversed(range(lines.number)):
            open_ = (n >= self.next[who]) & (self.valid_age[who] < lines.not_needed[n])
            first = np.where(open_, n, first)
            fitting = np.where(open_ & (age <= lines.latest[n]), n, fitting)
        return np.asarray(np.where(fitting < lines.number, fitting, first), np.int32)

    def earliest(self, who: Any, line: Days) -> Days:
        """Give the first day of a line by its lowest age and its intervals, without grace."""
        lines = self.lines
        day = np.maximum(
            self.born[who] + lines.earliest[line], self.last[who] + lines.interval[line]
        )
        for n, before in lines.after.items():
            spaced = self.met[before][who] + lines.after_interval[n]
            day = np.where(line == n, np.maximum(day, spaced), day)
        return np.asarray(day, np.int32)

    def take(self, who: Days, day: Days, other_live: Days, grace: int, gap: int) -> Days:
        """Take one dose of each of these children; give the line that it meets, NONE if none."""
        lines, line = self.lines, self.wanted(who, day)
        age = day - self.born[who]
        looked_at = (line < lines.number) & (age <= lines.latest[line])
        good = (age >= lines.earliest[line] - grace) & (day + grace >= self.earliest(who, line))
        good &= ~(lines.live[line] & (other_live > day - gap))
        valid = looked_at & good
        self.last[who[looked_at]] = day[looked_at]
        self.next[who[valid]] = line[valid] + 1
        self.valid_age[who[valid]] = age[valid]
        self.valid[who[valid]] += 1
        for n, met in self.met.items():
            these = valid & (line == n)
            met[who[these]] = day[these]
        return np.asarray(np.where(valid, line, NONE), np.int32)


def _taken(state: _State, doses: SeriesDoses, grace: int, gap: int) -> Days:
    """Take all doses, the first of every child at once, then the second; give what each meets."""
    found = np.full(len(doses.child), NONE, np.int32)
    nth = np.arange(len(doses.child)) - np.searchsorted(doses.child, doses.child)
    for n in range(int(nth.max(initial=-1)) + 1):
        now = nth == n
        found[now] = state.take(doses.child[now], doses.day[now], doses.other_live[now], grace, gap)
    return found


def lines_met(
    lines: Sequence[Contact], born: Days, doses: SeriesDoses, *, grace: int, gap: int
) -> Days:
    """Give for each dose the number of the line of its series that it meets, NONE where none."""
    return _taken(_State(_Lines(lines), born), doses, grace, gap)


def forecast(
    lines: Sequence[Contact], born: Days, doses: SeriesDoses, last_live: Days,
    *, on: int, grace: int, gap: int,
) -> Forecasts:  # fmt: skip
    """Give what is due or overdue of one series; `last_live` is each child's last other live day.

    `last_live` counts days before `on` alone.
    """
    columns = _Lines(lines)
    state = _State(columns, born)
    _taken(state, doses, grace, gap)
    everybody = np.arange(len(born))
    line = state.wanted(everybody, np.full(len(born), on, np.int32))
    opens = state.earliest(everybody, line)
    opens = np.where(columns.live[line], np.maximum(opens, last_live + gap), opens)
    due = np.maximum(opens, born + columns.due[line])
    closes = born + columns.latest[line]
    awaited = (line < columns.number) & (due <= on) & (on <= closes) & (opens <= closes)
    overdue = due + columns.overdue[line] - columns.due[line]
    progress = np.where(line < columns.number, 0, ENDLESS) + state.valid
    child, line, due, overdue = (
        np.asarray(one[awaited], np.int32) for one in (everybody, line, due, overdue)
    )
    return Forecasts(child, line, due, overdue, np.asarray(progress, np.int32))
