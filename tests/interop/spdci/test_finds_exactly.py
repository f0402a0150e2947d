"""A search finds exactly the households of which the question is true, whatever is asked.

The reference is slow and plain: it reads each household's whole record, as we give it to somebody
who may see everything, and judges the question on it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spean.interop.models import Partner
from spean.interop.spdci.attributes import FIELDS
from spean.interop.spdci.entities import GROUP
from spean.interop.spdci.people import Page
from spean.interop.spdci.records import groups
from spean.interop.spdci.searching import within
from spean.kernel.access import Actor
from spean.locations.models import Place
from spean.registry import actions as registry
from spean.registry.models import Household
from tests.interop.spdci.conftest import DAY

SHOWN = frozenset(FIELDS)
ON = date(2026, 11, 27)
SIZES, SEXES = st.integers(0, 6), st.sampled_from(["male", "female", "MALE", "other"])
# The days on which somebody was born or registered, or one of the days beside.
BORN = (
    "1960-11-26", "1967-11-26", "1967-11-27", "1967-11-28", "1988-02-01",
    "2004-02-28", "2015-05-04", "2015-05-05", "2022-02-02", "2026-11-22",
    "2026-11-23", "2026-11-24",
)  # fmt: skip
DAYS = st.sampled_from(BORN)
NAMES = st.sampled_from(["Sok", "sok", "Chan", "កែវ", "Nobody", "Dara", "បុប្ផា"])
AREAS = st.sampled_from(["16", "1601", "160101", "16010101", "16010102", "1602", "99"])
AGED = (0, 4, 6, 11, 22, 38, 51, 52, 58, 59, 60, 66)
AGES = st.sampled_from(AGED)
ORDERED = ["$eq", "$lt", "$lte", "$gt", "$gte", "$ne"]
MEMBER = ("member_list.demographic_info.", "group_head_info.demographic_info.")


def _comparison(name: str, values: Any, operators: list[str]) -> Any:
    one = st.tuples(st.sampled_from(operators), values).map(lambda pair: {name: {pair[0]: pair[1]}})
    several = st.tuples(st.sampled_from(["$in", "$nin"]), st.lists(values, min_size=1, max_size=3))
    return one | several.map(lambda pair: {name: {pair[0]: pair[1]}})


# Each operator on both sides of each value that is held.
BOUNDS = {
    "group_size": range(5),
    "registration_date": BORN,
    "member_list.demographic_info.birth_date": BORN,
    "group_head_info.demographic_info.birth_date": BORN,
    "member_list.demographic_info.age": AGED,
    "group_head_info.demographic_info.age": AGED,
}
COMPARISONS = st.one_of(
    _comparison("group_size", SIZES, ORDERED),
    _comparison("poverty_score", SIZES, ORDERED),
    _comparison("location", AREAS, ["$eq", "$ne"]),
    _comparison("registration_date", DAYS, ORDERED),
    *(
        _comparison(where + name, values, operators)
        for where in MEMBER
        for name, values, operators in (
            ("sex", SEXES, ["$eq", "$ne"]),
            ("birth_date", DAYS, ORDERED),
            ("name.surname", NAMES, ["$eq", "$ne"]),
            ("name.given_name", NAMES, ["$eq"]),
            ("age", AGES, ORDERED),
        )
    ),
)
QUERIES = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["$and", "$or"]), st.lists(inner, min_size=1, max_size=3)).map(
            lambda pair: {pair[0]: pair[1]}
        ),
        inner.map(lambda query: {"$not": query}),
    ),
    max_leaves=6,
)


def judged(query: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Judge a question on one record, in the plainest way."""
    [(name, rest)] = query.items()
    if name == "$and":
        return all(judged(one, record) for one in rest)
    if name == "$or":
        return any(judged(one, record) for one in rest)
    if name == "$not":
        return not judged(rest, record)
    [(operator, wanted)] = rest.items()
    if operator in {"$ne", "$nin"}:
        return not judged({name: {"$eq" if operator == "$ne" else "$in": wanted}}, record)
    return any(_fits(name, operator, held, wanted) for held in _values(name, record))


def _fits(name: str, operator: str, held: Any, wanted: Any) -> bool:
    if operator == "$in":
        return any(_fits(name, "$eq", held, one) for one in wanted)
    if name == "location":
        return str(held).startswith(wanted)
    if isinstance(wanted, str):
        held, wanted = held.casefold(), wanted.casefold()
    return {
        "$eq": held == wanted, "$lt": held < wanted, "$lte": held <= wanted,
        "$gt": held > wanted, "$gte": held >= wanted,
    }[operator]  # fmt: skip


def _values(name: str, record: Mapping[str, Any]) -> list[Any]:
    """Give every value that a record holds under a name, in both scripts."""
    where, _, inner = name.partition(".demographic_info.")
    if inner:
        held = record.get(where, [])
        people = held if isinstance(held, list) else [held]
        return [value for one in people for value in _of_person(inner, one["demographic_info"])]
    if name == "location":
        return [record["geographical_location"]["@id"]]
    if name == "registration_date":
        return [record[name][:10]]
    return [record[name]] if name in record else []


def _of_person(name: str, person: Mapping[str, Any]) -> list[Any]:
    born = date.fromisoformat(person["birth_date"][:10])
    if name == "age":
        return [ON.year - born.year - ((ON.month, ON.day) < (born.month, born.day))]
    if name == "birth_date":
        return [born.isoformat()]
    if name.startswith("name."):
        return [
            person[script][name[5:]] for script in ("name", "khmer") if name[5:] in person[script]
        ]
    return [person[name]]


def _in_both_scripts(home: Household) -> Any:
    rows = [GROUP.rows(ON).get(pk=home.pk)]
    [latin], [khmer] = (groups(rows, Page(SHOWN, locale)) for locale in ("eng", "khm"))
    for where in ("member_list", "group_head_info"):
        pairs = zip(*(one.record[where] if isinstance(one.record[where], list)
                      else [one.record[where]] for one in (latin, khmer)), strict=True)  # fmt: skip
        for here, there in pairs:
            here["demographic_info"]["khmer"] = there["demographic_info"]["name"]
    return latin.record


def test_a_search_finds_exactly_what_the_records_say(
    homes: dict[str, Household], places: dict[str, Place], system: Actor,
    new_member: Callable[..., Any], caller: Callable[..., Any],
) -> None:  # fmt: skip
    for number, code in enumerate(("16010102", "16010201", "16020101")):
        registry.register_household(
            village=places[code], address="", phone="", by=system, on=DAY, not_duplicates=True,
            members=[
                new_member(birth_date=date(1960 + 7 * number, 11, 26 + number)),
                *(
                    new_member(relation="child", sex=("male", "female")[child % 2],
                               given_name_latin=("Bopha", "Rithy", "Sothy")[child],
                               birth_date=date(2004 + 6 * child, 2, 28))
                    for child in range(number + 1)
                ),
            ],
        )  # fmt: skip
    records = {home.pk: _in_both_scripts(home) for home in Household.objects.all()}
    by = Actor.of(caller(purpose="targeting").partner.user, Partner.objects.get().purpose)

    def found(query: Any) -> set[Any]:
        rows = within(
            GROUP, "expression", {"value": {"expression": query}}, shown=SHOWN, by=by, on=ON
        )
        return {row.pk for row in rows}

    def told(query: Any) -> set[Any]:
        return {key for key, record in records.items() if judged(query, record)}

    for name, values in BOUNDS.items():
        for operator, value in product(ORDERED, values):
            query = {name: {operator: value}}
            assert found(query) == told(query), query

    @given(query=QUERIES)
    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    def finds(query: Any) -> None:
        assert found(query) == told(query)

    finds()
    assert len(records) == 6
