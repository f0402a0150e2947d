"""The five shapes of policy: amount, scale, table, schedule, scorecard.

Each is one dataclass (what code receives) and one reader (what a file may hold); a reader refuses
unknown keys and names what is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from spean.kernel.decisions import PolicyRef
from spean.kernel.policy.strict_yaml import BadPolicy

UNITS = {
    "KHR", "USD", "years", "months", "days", "hours", "percent", "points",
    "levels", "households", "people", "visits", "yes or no",
}  # fmt: skip
ASSUMED = "ASSUMED"


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


@dataclass(frozen=True, slots=True)
class TableValue(InForce):
    """Rows and columns of numbers, dated as a whole."""

    unit: str
    rows: Mapping[str, Mapping[str, Decimal]]

    def cell(self, row: str, column: str) -> Decimal:
        """Give one cell. Raises LookupError where the table has none."""
        try:
            return self.rows[row][column]
        except KeyError:
            raise LookupError(f"{self.key} has no cell {row} × {column}") from None


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of a schedule; ages and intervals in days."""

    code: str
    due: int
    earliest: int
    latest: int | None
    shortest_interval: int | None


@dataclass(frozen=True, slots=True)
class ScheduleValue(InForce):
    """Contacts or doses in their order."""

    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a question and its points."""

    code: str
    text: Text
    points: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a scorecard. A derived one is answered from the household's record."""

    code: str
    text: Text
    answers: tuple[Answer, ...]
    derived: bool


@dataclass(frozen=True, slots=True)
class Scorecard(InForce):
    """Questions, and the lowest points that make a household each level, the poorest first."""

    questions: tuple[Question, ...]
    levels: tuple[tuple[str, int], ...]

    @property
    def cut_offs(self) -> Mapping[str, int]:
        """Give the lowest points of each level, the poorest first."""
        return dict(self.levels)

    @property
    def most_points(self) -> int:
        """Give the points of a household that gets the most on every question."""
        return sum(max(a.points for a in q.answers) for q in self.questions)


def _need(body: object, where: str, required: set[str], optional: set[str]) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise BadPolicy(f"{where}: a mapping is needed")
    if missing := required - body.keys():
        raise BadPolicy(f"{where}: missing {', '.join(sorted(missing))}")
    if unknown := body.keys() - required - optional:
        raise BadPolicy(f"{where}: unknown {', '.join(sorted(map(str, unknown)))}")
    return body


def _decimal(value: object, where: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise BadPolicy(f"{where}: {value!r} is not a number")
    return Decimal(value)


def _whole(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadPolicy(f"{where}: {value!r} is not a whole number")
    return value


def _text(value: object, where: str) -> Text:
    body = _need(value, where, {"km", "en"}, set())
    if not all(isinstance(part, str) and part.strip() for part in body.values()):
        raise BadPolicy(f"{where}: both languages are needed")
    return Text(**body)


def _amount(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> PolicyValue:
    return PolicyValue(**base, value=_decimal(body["value"], "value"), unit=head["unit"])


def _scale(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> ScaleValue:
    lines = [_need(line, "brackets", {"from", "value"}, set()) for line in body["brackets"]]
    brackets = tuple(
        Bracket(_decimal(b["from"], "from"), _decimal(b["value"], "value")) for b in lines
    )
    starts = [bracket.start for bracket in brackets]
    if starts != sorted(set(starts)):
        raise BadPolicy("brackets: they must rise")
    return ScaleValue(**base, brackets=brackets)


def _table(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> TableValue:
    rows = {
        row: {column: _decimal(value, f"{row} × {column}") for column, value in columns.items()}
        for row, columns in body["rows"].items()
    }
    return TableValue(**base, unit=head["unit"], rows=rows)


def _schedule(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> ScheduleValue:
    contacts = []
    for code, line in body["contacts"].items():
        found = _need(line, code, {"due", "earliest"}, {"latest", "shortest_interval"})
        days = {name: _whole(value, f"{code}.{name}") for name, value in found.items()}
        contact = Contact(
            code, days["due"], days["earliest"], days.get("latest"), days.get("shortest_interval")
        )
        if not contact.earliest <= contact.due <= (contact.latest or contact.due):
            raise BadPolicy(f"{code}: earliest, due and latest must rise")
        contacts.append(contact)
    return ScheduleValue(**base, contacts=tuple(contacts))


def _scorecard(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> Scorecard:
    questions = []
    for code, line in body["questions"].items():
        found = _need(line, code, {"text", "answers"}, {"derived"})
        answers = []
        for name, answer in found["answers"].items():
            given = _need(answer, f"{code}.{name}", {"km", "en", "points"}, set())
            text = _text({"km": given["km"], "en": given["en"]}, f"{code}.{name}")
            answers.append(Answer(name, text, _whole(given["points"], f"{code}.{name}")))
        text = _text(found["text"], code)
        questions.append(Question(code, text, tuple(answers), bool(found.get("derived", False))))
    cut_offs = {level: _whole(points, level) for level, points in body["cut_offs"].items()}
    if list(cut_offs.values()) != sorted(set(cut_offs.values()), reverse=True):
        raise BadPolicy("cut_offs: the poorest level stands first, with the most points")
    card = Scorecard(**base, questions=tuple(questions), levels=tuple(cut_offs.items()))
    if max(cut_offs.values()) > card.most_points:
        raise BadPolicy("cut_offs: no household could reach them")
    return card


Reader = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], InForce]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file of one shape is read: what stands in its head, and under each date."""

    head: frozenset[str]
    body: frozenset[str]
    read: Reader


SHAPES: Mapping[str, Shape] = {
    "amount": Shape(frozenset({"unit"}), frozenset({"value"}), _amount),
    "scale": Shape(frozenset({"unit"}), frozenset({"brackets"}), _scale),
    "table": Shape(frozenset({"unit"}), frozenset({"rows"}), _table),
    "schedule": Shape(frozenset(), frozenset({"contacts"}), _schedule),
    "scorecard": Shape(frozenset(), frozenset({"questions", "cut_offs"}), _scorecard),
}


def read_file(key: str, body: dict[str, Any]) -> dict[date, InForce | None]:
    """Read one file into what holds from each date on (None: ceased). Raises BadPolicy."""
    name = body.get("shape", "amount")
    if name not in SHAPES:
        raise BadPolicy(f"shape: {name!r} is none of {', '.join(SHAPES)}")
    shape = SHAPES[name]
    required = {"description", "values", "checked_on", *shape.head}
    head = _need(body, "file", required, {"shape", "per"})
    if "unit" in head and head["unit"] not in UNITS:
        raise BadPolicy(f"unit: {head['unit']!r} is none of {', '.join(sorted(UNITS))}")
    if not isinstance(head["checked_on"], date):
        raise BadPolicy("checked_on: a date is needed")
    _text(head["description"], "description")
    values: dict[date, InForce | None] = {}
    for since, value in _need_dates(head["values"]).items():
        values[since] = None if value is None else _dated(key, since, value, shape, head)
    return dict(sorted(values.items()))


def _need_dates(values: object) -> dict[date, Any]:
    if not isinstance(values, dict) or not values:
        raise BadPolicy("values: at least one date is needed")
    if wrong := [since for since in values if not isinstance(since, date)]:
        raise BadPolicy(f"values: {wrong[0]!r} is not a date")
    return values


def _dated(key: str, since: date, value: Any, shape: Shape, head: dict[str, Any]) -> InForce:
    body = _need(value, str(since), {"reference", *shape.body}, set())
    if not isinstance(body["reference"], str) or len(body["reference"]) < 8:
        raise BadPolicy(f"{since}: reference: a source is needed")
    if body["reference"].startswith(ASSUMED) and " — " not in body["reference"]:
        raise BadPolicy(f"{since}: reference: write 'ASSUMED — ' and why")
    base = {"key": key, "since": since, "reference": body["reference"]}
    try:
        return shape.read(base, body, head)
    except (AttributeError, TypeError) as error:
        raise BadPolicy(f"{since}: {error}") from error
