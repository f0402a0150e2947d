"""What is asked for, read from the standard's three ways of asking into one small tree.

`idtype-value` is one comparison, `expression` is written as Mongo does, `predicate` as a list of
pairs. Every tree is small: so many comparisons, so deep, so many values. Raises RequestRejected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spean.interop.spdci.errors import RequestRejected
from spean.kernel.errors import N_

MOST_COMPARISONS, DEEPEST, MOST_VALUES, LONGEST_TEXT = 20, 6, 100, 200
CRITERIA, FILTER = "rjct.search_criteria.invalid", "rjct.filter.invalid"
Value = str | int | float | bool | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compare:
    """One attribute compared with one value, or (`in`) with several."""

    name: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Junction:
    """Some conditions, all of which hold (`all`) or one of them (`any`)."""

    kind: str
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """A condition that does not hold."""

    part: "Condition"


Condition = Compare | Junction | Negation

MONGO = {"$eq": "eq", "$lt": "lt", "$lte": "le", "$gt": "gt", "$gte": "ge", "$in": "in"}
NEGATED = {"$ne": "eq", "$nin": "in"}
JUNCTIONS = {"$and": "all", "$or": "any"}
PREDICATE = frozenset({"gt", "lt", "eq", "ge", "le", "in"})


def wrong(why: str) -> RequestRejected:
    """Say that a query can't be read, and why."""
    return RequestRejected(FILTER, why=why)


def read_query(query_type: str, query: Any) -> Condition:
    """Read a query of one of the three types."""
    readers = {"idtype-value": _identifier, "expression": _expression, "predicate": _predicates}
    if query_type not in readers:
        raise RequestRejected(CRITERIA, why=N_("this type of query is not offered"))
    read = readers[query_type](query)
    if _count(read) > MOST_COMPARISONS:
        raise wrong(N_("the query compares too many attributes"))
    return read


def _identifier(query: Any) -> Condition:
    if not isinstance(query, Mapping) or not isinstance(query.get("type"), str):
        raise wrong(N_("an identifier has a type and a value"))
    value = query.get("value")
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise wrong(N_("an identifier has a type and a value"))
    if query["type"].rpartition(":")[2].casefold() == "mobile":
        return Compare("phone_number", "eq", (str(value),))
    pair = {"identifier_type": query["type"], "identifier_value": _value(str(value))}
    return Compare("identifier", "eq", (pair,))


def _expression(query: Any) -> Condition:
    value = query.get("value") if isinstance(query, Mapping) else None
    found = value.get("expression", value) if isinstance(value, Mapping) else None
    if isinstance(found, Mapping) and isinstance(found.get("query"), Mapping):
        found = found["query"]
    if not isinstance(found, Mapping) or not found:
        raise wrong(N_("an expression has a query"))
    return _mongo(found, 1)


def _mongo(query: Any, depth: int) -> Condition:
    if depth > DEEPEST:
        raise wrong(N_("the query is nested too deeply"))
    if not isinstance(query, Mapping) or not query:
        raise wrong(N_("an expression has a query"))
    return _all([_mongo_part(name, value, depth) for name, value in query.items()])


def _mongo_part(name: str, value: Any, depth: int) -> Condition:
    if name in JUNCTIONS:
        if not isinstance(value, list) or not value:
            raise wrong(N_("$and and $or have a list"))
        parts = tuple(_mongo(part, depth + 1) for part in value[: MOST_COMPARISONS + 1])
        return Junction(JUNCTIONS[name], parts)
    if name == "$not":
        return Negation(_mongo(value, depth + 1))
    if name.startswith("$"):
        raise wrong(N_("this operator is not offered"))
    if not isinstance(value, Mapping):
        return Compare(name, "eq", (_value(value),))
    if not any(key.startswith("$") for key in value):
        return Compare(name, "eq", (value,))
    return _all([_compared(name, operator, given) for operator, given in value.items()])


def _compared(name: str, operator: str, given: Any) -> Condition:
    if operator == "$not":
        if not isinstance(given, Mapping) or not given:
            raise wrong(N_("this operator is not offered"))
        return Negation(_all([_compared(name, inner, value) for inner, value in given.items()]))
    if operator in NEGATED:
        return Negation(Compare(name, NEGATED[operator], _values(NEGATED[operator], given)))
    if operator not in MONGO:
        raise wrong(N_("this operator is not offered"))
    return Compare(name, MONGO[operator], _values(MONGO[operator], given))


def _predicates(query: Any) -> Condition:
    if not isinstance(query, list) or not query:
        raise wrong(N_("a predicate is a list of expressions"))
    rows = query[: MOST_COMPARISONS + 1]
    if not all(isinstance(row, Mapping) for row in rows):
        raise wrong(N_("a predicate is a list of expressions"))
    return _all([_pair(row) for row in sorted(rows, key=_place)])


def _place(row: Mapping[str, Any]) -> float:
    number = row.get("seq_num", 0)
    return number if isinstance(number, int | float) else 0


def _pair(row: Mapping[str, Any]) -> Condition:
    first = _single(row.get("expression1"))
    if "expression2" not in row:
        return Negation(first) if row.get("condition") == "not" else first
    second = _single(row["expression2"])
    if row.get("condition") == "or":
        return Junction("any", (first, second))
    return Junction("all", (first, Negation(second) if row.get("condition") == "not" else second))


def _single(part: Any) -> Condition:
    if not isinstance(part, Mapping) or part.get("operator") not in PREDICATE:
        raise wrong(N_("this operator is not offered"))
    operator = str(part["operator"])
    name, given = str(part.get("attribute_name")), part.get("attribute_value")
    return Compare(name, operator, _values(operator, given))


def _values(operator: str, given: Any) -> tuple[Value, ...]:
    several = given if operator == "in" else [given]
    if not isinstance(several, list) or not 0 < len(several) <= MOST_VALUES:
        raise wrong(N_("“in” compares with a list of 1 to 100 values"))
    return tuple(_value(one) for one in several)


def _value(given: Any) -> Value:
    if isinstance(given, str) and len(given) <= LONGEST_TEXT:
        return given
    if isinstance(given, bool | int | float):
        return given
    if isinstance(given, Mapping):
        return given
    raise wrong(N_("a value is a short text, a number, or true or false"))


def _all(parts: Sequence[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else Junction("all", tuple(parts))


def _count(part: Condition) -> int:
    if isinstance(part, Compare):
        return 1
    if isinstance(part, Negation):
        return _count(part.part)
    return sum(_count(one) for one in part.parts)
