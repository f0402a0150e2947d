"""The shapes of policy: amount, scale, table, schedule, scorecard, text, decisions, indicators."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Self

from spean.kernel.decisions import PolicyRef

ASSUMED = "ASSUMED"
Rows = Mapping[str, Mapping[str, Decimal]]
CUT_OFFS, POINTS = "cut_offs", "points"
VALUE = "value"


@dataclass(frozen=True, slots=True)
class Text:
    """A text that people read, in both languages."""

    km: str
    en: str


@dataclass(frozen=True, slots=True)
class InForce:
    """What every value in force knows of itself."""

    key: str
    since: date
    reference: str

    @property
    def assumed(self) -> bool:
        """Say whether the value has no public source."""
        return self.reference.startswith(ASSUMED)

    @property
    def ref(self) -> PolicyRef:
        """Give what a decision keeps of the value."""
        return PolicyRef(self.key, self.since, self.reference)


@dataclass(frozen=True, slots=True)
class PolicyValue(InForce):
    """One number (or yes or no), with its unit."""

    value: Decimal
    unit: str

    @property
    def whole(self) -> int:
        """Give the value as a whole number. Raises ValueError where it isn't one."""
        if self.value != int(self.value):
            raise ValueError(f"{self.key} is not a whole number: {self.value}")
        return int(self.value)


@dataclass(frozen=True, slots=True)
class TextValue(InForce):
    """What something is called, or says, by law."""

    text: Text


@dataclass(frozen=True, slots=True)
class Bracket:
    """From this amount on, this value."""

    start: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class ScaleValue(InForce):
    """Brackets in rising order."""

    brackets: tuple[Bracket, ...]

    def at(self, amount: Decimal | int) -> Decimal:
        """Give the value of the amount's bracket. Raises LookupError below the first."""
        found = [bracket.value for bracket in self.brackets if bracket.start <= amount]
        if not found:
            raise LookupError(f"{self.key} has no bracket for {amount}")
        return found[-1]

    @property
    def rows(self) -> Rows:
        """Give its numbers as a table: where each bracket starts × value."""
        return {f"{one.start:f}": {VALUE: one.value} for one in self.brackets}

    def with_rows(self, rows: Rows) -> Self:
        """Give the scale with other brackets, as `rows` gives them, in any order."""
        found = (Bracket(Decimal(start), cells[VALUE]) for start, cells in rows.items())
        return replace(self, brackets=tuple(sorted(found, key=lambda one: one.start)))


@dataclass(frozen=True, slots=True)
class TableValue(InForce):
    """Rows and columns of numbers, dated as a whole; `per` is what each is for ("month")."""

    unit: str
    rows: Rows
    per: str = ""

    def with_rows(self, rows: Rows) -> Self:
        """Give the table with other rows."""
        return replace(self, rows=rows)

    def cell(self, row: str, column: str) -> Decimal:
        """Give one cell. Raises LookupError where the table has none."""
        try:
            return self.rows[row][column]
        except KeyError:
            raise LookupError(f"{self.key} has no cell {row} × {column}") from None


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of a schedule; ages and intervals in days.

    After `overdue` a line that was not met is overdue. A dose belongs to a `series`, met by any of
    its `vaccines`; `after_interval` is counted from the line `after`, besides the shortest interval
    from the dose before. A line is left out where the dose before was given at `not_needed_from` or
    later, and for the other sex where it names one. A series may stand `instead_of` another one:
    one of the two is enough. A dose isn't given `not_with` these conditions of a person, and with
    care `careful_with` those.
    """

    code: str
    due: int
    earliest: int
    latest: int | None
    shortest_interval: int | None
    overdue: int = -1
    series: str = ""
    vaccines: tuple[str, ...] = ()
    after: str = ""
    after_interval: int = 0
    not_needed_from: int | None = None
    live: bool = False
    sex: str = ""
    instead_of: str = ""
    not_with: tuple[str, ...] = ()
    careful_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleValue(InForce):
    """Contacts or doses in their order."""

    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a question and its points.

    A derived question has the answer whose `above` its measure exceeds, the highest first.
    """

    code: str
    text: Text
    points: int
    above: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a scorecard. A derived one is answered from the household's record."""

    code: str
    text: Text
    answers: tuple[Answer, ...]
    derived: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A circumstance, one of those without which points alone don't give a level."""

    level: str
    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Scorecard(InForce):
    """Questions, and the lowest points that make a household each level, the poorest first."""

    questions: tuple[Question, ...]
    levels: tuple[tuple[str, int], ...]
    conditions: tuple[Condition, ...] = ()

    @property
    def cut_offs(self) -> Mapping[str, int]:
        """Give the lowest points of each level, the poorest first."""
        return dict(self.levels)

    @property
    def rows(self) -> Rows:
        """Give its numbers as a table: `<question>.<answer>` and `cut_offs.<level>` × points."""
        points = {f"{q.code}.{a.code}": a.points for q in self.questions for a in q.answers}
        points |= {f"{CUT_OFFS}.{level}": lowest for level, lowest in self.levels}
        return {row: {POINTS: Decimal(number)} for row, number in points.items()}

    def with_rows(self, rows: Rows) -> Self:
        """Give the scorecard with other numbers, named as `rows` names them."""
        held = {row: int(cells[POINTS]) for row, cells in {**self.rows, **rows}.items()}
        questions = tuple(
            replace(q, answers=tuple(replace(a, points=held[f"{q.code}.{a.code}"])
                                     for a in q.answers))
            for q in self.questions
        )  # fmt: skip
        levels = tuple((level, held[f"{CUT_OFFS}.{level}"]) for level, _ in self.levels)
        return replace(self, questions=questions, levels=levels)

    @property
    def most_points(self) -> int:
        """Give the points of a household that gets the most on every question."""
        return sum(max(a.points for a in q.answers) for q in self.questions)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One row of a decision table: it fires where every condition holds.

    A condition is a range of whole numbers ("140..159", "160.."), a code, or "absent".
    """

    code: str
    when: Mapping[str, str]
    urgency: str
    text: Text
    source: str


@dataclass(frozen=True, slots=True)
class DecisionTable(InForce):
    """Rows in their order; several may fire."""

    rows: tuple[DecisionRow, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted, of what, per how many; `of` is "" for a plain count.

    Both name a kind of record, then what must hold of it: "babies.live.female". `better` says
    where it should go, `shortest` the shortest period for which it says anything.
    """

    code: str
    text: Text
    counts: str
    of: str = ""
    per: int = 1
    better: str = "neither"
    shortest: str = "month"
    source: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorSet(InForce):
    """Indicators in their order, dated as a whole; `title` is what the file describes."""

    title: Text
    rows: tuple[Indicator, ...]
