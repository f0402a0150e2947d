"""A tree of conditions made into one bounded query of ours: names, operators and values checked.

Nothing of a message becomes SQL but as a value; names are looked up in the tables of `attributes`.
What a row doesn't hold fits no comparison, so that its negation fits (as a reader would say it).
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet

from spean.interop.spdci.attributes import SHORT, Attribute
from spean.interop.spdci.codes import IDENTIFIERS, ours
from spean.interop.spdci.criteria import Compare, Condition, Junction, Value, wrong
from spean.interop.spdci.entities import Entity
from spean.kernel.access import AREA as AREA_CODE
from spean.kernel.errors import N_
from spean.locations import queries as locations
from spean.registry import queries as registry

ORDERED = {"eq": "exact", "lt": "lt", "le": "lte", "gt": "gt", "ge": "gte"}
NESTED = ("member_list.", "group_head_info.")
NOTHING = Q(pk__in=[])
OLDEST, LARGEST, MOST_NAMESAKES = 200, 10**9, 50


def compiled(part: Condition, entity: Entity, shown: frozenset[str], on: date) -> Q:
    """Give the condition as a filter on the rows of an entity. Raises RequestRejected."""
    if isinstance(part, Compare):
        return _compare(part, entity, shown, on)
    if isinstance(part, Junction):
        parts = [compiled(one, entity, shown, on) for one in part.parts]
        return Q(*parts, _connector=Q.AND if part.kind == "all" else Q.OR)
    return ~compiled(part.part, entity, shown, on)


def attribute_of(name: str, entity: Entity, shown: frozenset[str]) -> Attribute:
    """Give how an attribute of an entity is compared. Raises RequestRejected."""
    last = name.rpartition(".")[2]
    last = SHORT.get(last.casefold(), last)
    if ours(IDENTIFIERS, last):
        last = "identifier"
    found = entity.attributes.get(last)
    if found is None or found.field not in shown:
        raise wrong(N_("an attribute is unknown, or is not given for your purpose"))
    return found


def _compare(part: Compare, entity: Entity, shown: frozenset[str], on: date) -> Q:
    if entity.members is not None and part.name.startswith(NESTED):
        return _of_members(part, entity.members, shown, on)
    attribute = attribute_of(part.name, entity, shown)
    operator = "eq" if part.operator == "in" else part.operator
    kind = ours(IDENTIFIERS, part.name.rpartition(".")[2]) or ""
    parts = [_one(attribute, operator, value, entity, kind, on) for value in part.values]
    return Q(*parts, _connector=Q.OR)


def _of_members(part: Compare, member: Entity, shown: frozenset[str], on: date) -> Q:
    """Ask for a household with a member, or a head, who fits."""
    if "members" not in shown:
        raise wrong(N_("an attribute is unknown, or is not given for your purpose"))
    rows = member.rows(on).filter(_compare(part, member, shown, on))
    if part.name.startswith("group_head_info."):
        rows = rows.filter(relation="head")
    return Q(pk__in=rows.values("household"))


def _one(
    attribute: Attribute, operator: str, value: Value, entity: Entity, kind: str, on: date
) -> Q:
    columns = attribute.columns
    if attribute.kind == "number":
        return _ordered(columns[0], operator, _number(value))
    if attribute.kind == "date":
        return _ordered(columns[0], operator, _day(value))
    if attribute.kind == "age":
        return _age(columns[0], operator, value, on)
    if operator != "eq":
        raise wrong(N_("this attribute can only be compared with eq and in"))
    if attribute.kind == "identifier":
        return _identifier(columns, value, entity, kind)
    if attribute.kind == "boolean":
        if not isinstance(value, bool):
            raise wrong(N_("this attribute is true or false"))
        return Q(**{columns[0]: value})
    if not isinstance(value, str):
        raise wrong(N_("this attribute is compared with a text"))
    if attribute.kind == "area":
        return _area(columns[0], value, on)
    return _text(attribute, value)


def _area(column: str, value: str, on: date) -> Q:
    """Ask for a place of any level, by its code, else by its name in either script."""
    codes = [value]
    if not value or not re.fullmatch(AREA_CODE, value):
        named = locations.places(on=on).filter(Q(name_en__iexact=value) | Q(name_km=value))
        codes = list(named.values_list("code", flat=True)[: MOST_NAMESAKES + 1])
    if len(codes) > MOST_NAMESAKES:
        raise wrong(N_("many places have this name; give the code"))
    lies = [Q(**{f"{column}__isnull": False, f"{column}__startswith": code}) for code in codes]
    return Q(*lies, _connector=Q.OR) if lies else NOTHING


def _text(attribute: Attribute, value: str) -> Q:
    column = attribute.columns[0]
    if attribute.kind == "code":
        code = ours(attribute.codes or {}, value)
        return Q(**{column: code}) if code else NOTHING
    if not value:
        return NOTHING
    held = [Q(**{f"{one}__isnull": False, f"{one}__iexact": value}) for one in attribute.columns]
    return Q(*held, _connector=Q.OR)


def _identifier(holders: tuple[str, ...], value: Value, entity: Entity, kind: str) -> Q:
    number: object = value
    if isinstance(value, Mapping):
        number = value.get("identifier_value", value.get("value"))
        given = value.get("identifier_type", value.get("type", ""))
        kind = ours(IDENTIFIERS, given) or ""
        if given and not kind:
            return NOTHING
    if not isinstance(number, str | int) or isinstance(number, bool):
        raise wrong(N_("an identifier has a type and a value"))
    return Q(*(_held(one, str(number), kind, entity) for one in holders), _connector=Q.OR)


def _held(holder: str, number: str, kind: str, entity: Entity) -> Q:
    held = registry.holders([number], kind=kind)
    people = held.filter(person__isnull=False).values("person")
    if holder == "person":
        return Q(**{f"{entity.person}__in": people})
    homes: QuerySet[Any]
    if holder == "household":
        homes = held.filter(household__isnull=False).values("household")
    else:
        homes = registry.residents().filter(person__in=people).values("household")
    return Q(**{f"{entity.household}__in": homes})


def _ordered(column: str, operator: str, value: object) -> Q:
    return Q(**{f"{column}__isnull": False, f"{column}__{ORDERED[operator]}": value})


def _number(value: Value) -> Decimal:
    try:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            number = Decimal(str(value))
            if number.is_finite() and abs(number) <= LARGEST:
                return number
    except InvalidOperation:
        pass
    raise wrong(N_("this attribute is compared with a number"))


def _day(value: Value) -> date:
    for read in (date.fromisoformat, lambda text: datetime.fromisoformat(text).date()):
        try:
            return read(str(value))
        except ValueError:
            continue
    raise wrong(N_("a date is written 2026-11-27"))


def _age(column: str, operator: str, value: Value, on: date) -> Q:
    """Compare an age: who is n years old was born n years ago at the latest, but not n + 1."""
    number = _number(value)
    if number != number.to_integral_value() or number < 0:
        raise wrong(N_("an age is a whole number of years"))
    years = min(int(number), OLDEST)
    last, before = _years_before(on, years), _years_before(on, years + 1)
    bounds = {
        "eq": {"lte": last, "gt": before},
        "lt": {"gt": last},
        "le": {"gt": before},
        "gt": {"lte": before},
        "ge": {"lte": last},
    }[operator]
    return Q(**{f"{column}__{bound}": day for bound, day in bounds.items()})


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)
