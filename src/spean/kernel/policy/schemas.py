"""What a policy file of each shape may hold; unknown keys are refused, missing ones named."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from spean.kernel.policy.shapes import (
    ASSUMED,
    Answer,
    Bracket,
    Condition,
    Contact,
    DecisionRow,
    DecisionTable,
    Indicator,
    IndicatorSet,
    InForce,
    PolicyValue,
    Question,
    ScaleValue,
    ScheduleValue,
    Scorecard,
    TableValue,
    TextValue,
)
from spean.kernel.policy.strict_yaml import BadPolicy
from spean.kernel.policy.taking import (
    CODE,
    as_code,
    as_decimal,
    as_fields,
    as_some,
    as_text,
    as_whole,
)

UNITS = (
    "KHR", "USD", "years", "months", "days", "hours", "percent", "points",
    "levels", "households", "people", "visits", "claims", "payments", "times", "minutes", "km",
    "mm", "g", "SD", "°C", "yes or no", "per 1,000", "per 100,000",
)  # fmt: skip
PART = re.compile(rf"{CODE.pattern}(\.{CODE.pattern})*")
CONDITION = re.compile(rf"{CODE.pattern}|[0-9]+\.\.[0-9]*|\.\.[0-9]+")


def _amount(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> PolicyValue:
    found = PolicyValue(**base, value=as_decimal(body["value"], "value"), unit=head["unit"])
    _fits(found.value, found.unit)
    return found


def _fits(value: Decimal, unit: str) -> None:
    if unit == "yes or no" and value not in (0, 1):
        raise BadPolicy(f"{value} is neither 1 (yes) nor 0 (no)")


def _scale(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> ScaleValue:
    lines = [as_fields(line, "brackets", {"from", "value"}, set()) for line in body["brackets"]]
    brackets = tuple(
        Bracket(as_decimal(b["from"], "from"), as_decimal(b["value"], "value")) for b in lines
    )
    starts = [bracket.start for bracket in brackets]
    if not starts:
        raise BadPolicy("brackets: at least one is needed")
    if starts != sorted(set(starts)):
        raise BadPolicy("brackets: they must rise")
    return ScaleValue(**base, brackets=brackets)


def _table(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> TableValue:
    rows: dict[str, dict[str, Decimal]] = {}
    for row, columns in as_some(body["rows"], "rows").items():
        cells = as_some(columns, row).items()
        rows[row] = {column: as_decimal(value, f"{row} × {column}") for column, value in cells}
        for value in rows[row].values():
            _fits(value, head["unit"])
    return TableValue(**base, unit=head["unit"], rows=rows, per=head.get("per", ""))


def _worded(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> TextValue:
    return TextValue(**base, text=as_text(body["text"], "text"))


DAYS = ("latest", "shortest_interval", "overdue", "after_interval", "not_needed_from")
LISTS = ("vaccines", "not_with", "careful_with")
WORDS = ("series", "after", "sex", "instead_of")
OF_A_DOSE = ("live", *WORDS, *LISTS)


def _schedule(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> ScheduleValue:
    contacts: dict[str, Contact] = {}
    for code, line in as_some(body["contacts"], "contacts").items():
        contact = _contact(code, line)
        before = contacts.get(contact.after)
        if contact.after and (before is None or before.series != contact.series):
            raise BadPolicy(f"{code}.after: {contact.after} is no line before it in its series")
        if contact.instead_of not in ("", *(one.series for one in contacts.values())):
            raise BadPolicy(f"{code}.instead_of: {contact.instead_of} is no series before it")
        contacts[code] = contact
    return ScheduleValue(**base, contacts=tuple(contacts.values()))


def _contact(code: str, line: object) -> Contact:
    found = as_fields(line, code, {"due", "earliest"}, {*DAYS, *OF_A_DOSE})
    days = {name: as_whole(found[name], f"{code}.{name}") for name in found.keys() - {*OF_A_DOSE}}
    words = {name: as_code(found[name], f"{code}.{name}") for name in found.keys() & {*WORDS}}
    lists = {name: _codes(found.get(name, []), f"{code}.{name}") for name in LISTS}
    if bool(lists["vaccines"]) != ("series" in found):
        raise BadPolicy(f"{code}.vaccines: a list, where and only where a series is named")
    live = found.get("live", False)
    if not isinstance(live, bool):
        raise BadPolicy(f"{code}.live: write true, or leave it out")
    optional = {"latest": None, "shortest_interval": None, "overdue": days["due"]}
    contact = Contact(code=code, live=live, **optional | days | words | lists)  # type: ignore[arg-type]
    last = contact.overdue if contact.latest is None else contact.latest
    if not contact.earliest <= contact.due <= contact.overdue <= last:
        raise BadPolicy(f"{code}: earliest, due, overdue and latest must rise")
    return contact


def _codes(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise BadPolicy(f"{where}: write a list")
    return tuple(as_code(one, where) for one in value)


def _scorecard(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> Scorecard:
    questions = as_some(body["questions"], "questions").items()
    given = as_some(body["cut_offs"], "cut_offs")
    cut_offs = {level: as_whole(points, level) for level, points in given.items()}
    if list(cut_offs.values()) != sorted(set(cut_offs.values()), reverse=True):
        raise BadPolicy("cut_offs: the poorest level stands first, with the most points")
    card = Scorecard(
        **base,
        questions=tuple(_question(code, line) for code, line in questions),
        levels=tuple(cut_offs.items()),
        conditions=tuple(_conditions(body.get("needs_one_of", {}), cut_offs)),
    )
    if max(cut_offs.values()) > card.most_points:
        raise BadPolicy("cut_offs: no household could reach them")
    return card


def _question(code: str, line: object) -> Question:
    found = as_fields(line, code, {"text", "answers"}, {"derived"})
    derived = found.get("derived", False)
    if not isinstance(derived, bool):
        raise BadPolicy(f"{code}.derived: write true, or leave it out")
    given = as_some(found["answers"], f"{code}.answers").items()
    answers = tuple(_answer(name, answer, f"{code}.{name}") for name, answer in given)
    if len(answers) < 2:
        raise BadPolicy(f"{code}: a question has two answers or more")
    bounds = [answer.above for answer in answers]
    if not derived and any(bound is not None for bound in bounds):
        raise BadPolicy(f"{code}: only a derived question has answers above something")
    if derived and (bounds[-1] is not None or not _falling(bounds[:-1])):
        raise BadPolicy(f"{code}: 'above' falls from answer to answer, and the last has none")
    return Question(code, as_text(found["text"], code), answers, derived)


def _answer(name: str, body: object, where: str) -> Answer:
    given = as_fields(body, where, {"km", "en", "points"}, {"above"})
    above = as_whole(given["above"], where) if "above" in given else None
    text = as_text({"km": given["km"], "en": given["en"]}, where)
    return Answer(name, text, as_whole(given["points"], where), above)


def _falling(bounds: list[int | None]) -> bool:
    known = [bound for bound in bounds if bound is not None]
    return len(known) == len(bounds) and all(one > next_ for one, next_ in pairwise(known))


def _conditions(body: object, levels: Mapping[str, int]) -> list[Condition]:
    listed = body if body == {} else as_some(body, "needs_one_of")
    found = []
    for level, conditions in as_fields(listed, "needs_one_of", set(), set(levels)).items():
        for code, text in as_some(conditions, level).items():
            found.append(Condition(level, code, as_text(text, f"{level}.{code}")))
    return found


def _decisions(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> DecisionTable:
    rows = as_some(body["rows"], "rows").items()
    return DecisionTable(**base, rows=tuple(_decision(code, row) for code, row in rows))


def _decision(code: str, row: object) -> DecisionRow:
    found = as_fields(row, code, {"when", "urgency", "km", "en", "source"}, set())
    when = as_some(found["when"], f"{code}.when")
    for fact, condition in when.items():
        if not isinstance(condition, str) or not CONDITION.fullmatch(condition):
            raise BadPolicy(f"{code}.when.{fact}: write a code, or a range such as '140..159'")
    if not isinstance(found["source"], str) or len(found["source"]) < 8:
        raise BadPolicy(f"{code}.source: a source is needed")
    text = as_text({"km": found["km"], "en": found["en"]}, code)
    return DecisionRow(code, when, as_code(found["urgency"], code), text, found["source"])


PERIODS, BETTER = ("month", "quarter", "year"), ("more", "fewer", "neither")


def _indicators(base: dict[str, Any], body: dict[str, Any], head: dict[str, Any]) -> IndicatorSet:
    rows = as_some(body["rows"], "rows").items()
    title = as_text(head["description"], "description")
    listed = tuple(_indicator(code, row) for code, row in rows)
    return IndicatorSet(**base, title=title, rows=listed)


def _indicator(code: str, row: object) -> Indicator:
    found = as_fields(
        row, code, {"km", "en", "counts"}, {"of", "per", "better", "shortest", "source"}
    )
    words = {name: found[name] for name in ("source",) if isinstance(found.get(name), str)}
    for name, allowed in (("better", BETTER), ("shortest", PERIODS)):
        words[name] = found.get(name, allowed[-1 if name == "better" else 0])
        if words[name] not in allowed:
            raise BadPolicy(f"{code}.{name}: write one of {', '.join(allowed)}")
    for name in ("counts", "of"):
        words[name] = found.get(name, "")
        if words[name] and not PART.fullmatch(words[name]):
            raise BadPolicy(f"{code}.{name}: write a kind of record, then what holds of it")
    if ("of" in found) != ("per" in found):
        raise BadPolicy(f"{code}: of and per stand together")
    text = as_text({"km": found["km"], "en": found["en"]}, code)
    return Indicator(code, text, **words, per=as_whole(found.get("per", 1), f"{code}.per"))


Reader = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], InForce]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file of one shape is read: what stands in its head, and under each date."""

    head: frozenset[str]
    body: frozenset[str]
    read: Reader
    optional: frozenset[str] = frozenset()


SHAPES: Mapping[str, Shape] = {
    "amount": Shape(frozenset({"unit"}), frozenset({"value"}), _amount),
    "scale": Shape(frozenset({"unit"}), frozenset({"brackets"}), _scale),
    "table": Shape(frozenset({"unit"}), frozenset({"rows"}), _table),
    "text": Shape(frozenset(), frozenset({"text"}), _worded),
    "schedule": Shape(frozenset(), frozenset({"contacts"}), _schedule),
    "decisions": Shape(frozenset(), frozenset({"rows"}), _decisions),
    "indicators": Shape(frozenset(), frozenset({"rows"}), _indicators),
    "scorecard": Shape(
        frozenset(), frozenset({"questions", "cut_offs"}), _scorecard, frozenset({"needs_one_of"})
    ),
}


def read_file(key: str, body: dict[str, Any]) -> dict[date, InForce | None]:
    """Read one file into what holds from each date on (None: ceased). Raises BadPolicy."""
    name = body.get("shape", "amount")
    if not isinstance(name, str) or name not in SHAPES:
        raise BadPolicy(f"shape: {name!r} is none of {', '.join(SHAPES)}")
    shape = SHAPES[name]
    required = {"description", "values", "checked_on", *shape.head}
    head = as_fields(body, "file", required, {"shape", "per"})
    if "unit" in head and head["unit"] not in UNITS:
        raise BadPolicy(f"unit: {head['unit']!r} is none of {', '.join(UNITS)}")
    if not isinstance(head["checked_on"], date):
        raise BadPolicy("checked_on: a date is needed")
    as_text(head["description"], "description")
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
    body = as_fields(value, str(since), {"reference", *shape.body}, set(shape.optional))
    if not isinstance(body["reference"], str) or len(body["reference"]) < 8:
        raise BadPolicy(f"{since}: reference: a source is needed")
    if body["reference"].startswith(ASSUMED) and " — " not in body["reference"]:
        raise BadPolicy(f"{since}: reference: write 'ASSUMED — ' and why")
    base = {"key": key, "since": since, "reference": body["reference"]}
    try:
        return shape.read(base, body, head)
    except (AttributeError, TypeError) as error:
        raise BadPolicy(f"{since}: {error}") from error
