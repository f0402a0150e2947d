"""Reading a search: which parameters with which values, how many a page, what is ignored."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from spean.interop.fhir.errors import BadValue, UnknownModifier, UnknownParameter

MOST = 100
USUAL = 20
M = TypeVar("M", bound=Model)
Pairs = Sequence[tuple[str, str]]
_COMMA = re.compile(r"(?<!\\),")
_ELSEWHERE = {"_format", "_count", "_summary", "_page"}


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: (parameter, values) pairs that must all hold, by one value at least."""

    given: tuple[tuple[str, tuple[str, ...]], ...] = ()
    count: int = USUAL
    counting: bool = False
    ignored: tuple[str, ...] = ()

    @property
    def used(self) -> list[tuple[str, str]]:
        """The parameters as they were understood, for the link to the search itself."""
        written = [(name, ",".join(map(_escaped, values))) for name, values in self.given]
        return [*written, ("_summary", "count") if self.counting else ("_count", str(self.count))]

    def asks(self, *names: str) -> bool:
        """Say whether one of these parameters narrows the search."""
        return any(name in names for name, _ in self.given)


def read_search(pairs: Pairs, known: Iterable[str], *, strict: bool) -> Search:
    """Read a search by the parameters that a resource knows.

    Raises BadValue, UnknownModifier; UnknownParameter where nothing may be ignored.
    """
    names, given, ignored = set(known), [], []
    control: dict[str, str] = {}
    for name, value in pairs:
        if "\x00" in value:
            raise BadValue(value="NUL", parameter=name)
        if name in _ELSEWHERE and (name, value) not in _UNKNOWN_SUMMARIES:
            control[name] = value
        elif name in names:
            given += [(name, _values(value))] if value else []
        elif name.partition(":")[0] in names:
            raise UnknownModifier(parameter=name)
        else:
            ignored.append(name)
    if strict and ignored:
        raise UnknownParameter(parameter=ignored[0])
    count = _count(control.get("_count", str(USUAL)))
    counting = control.get("_summary") == "count" or count == 0
    return Search(tuple(given), count, counting, tuple(dict.fromkeys(ignored)))


_UNKNOWN_SUMMARIES = {("_summary", other) for other in ("true", "text", "data")}


def _count(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise BadValue(value=text, parameter="_count")
    return min(int(text), MOST)


def _values(text: str) -> tuple[str, ...]:
    return tuple(part.replace("\\,", ",").strip() for part in _COMMA.split(text) if part.strip())


def _escaped(text: str) -> str:
    return text.replace(",", "\\,")


def narrowed(
    rows: "QuerySet[M]", search: Search, by: Mapping[str, Callable[[str], Q]]
) -> "QuerySet[M]":
    """Keep the rows that a search asks for; `by` gives the condition of one value of each name."""
    for name, values in search.given:
        rows = rows.filter(reduce(or_, (by[name](value) for value in values), Q(pk__in=[])))
    return rows


def token(value: str) -> tuple[str | None, str]:
    """Read a token: (system, code); the system is None where none is asked for."""
    system, bar, code = value.rpartition("|")
    return (system if bar else None), code


def reference(value: str, resource_type: str) -> str:
    """Give the id that a reference to a type of resource names: `Location/16` or `16`."""
    before, _, found = value.rpartition("/")
    if before and before.rpartition("/")[2] != resource_type:
        return ""
    return found
