"""A search: what is asked of one registry, found in bounded SQL, written as records, logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F, QuerySet

from spean.interop.models import Partner, Permit
from spean.interop.spdci.attributes import shown_to
from spean.interop.spdci.compiling import attribute_of, compiled
from spean.interop.spdci.criteria import CRITERIA, read_query
from spean.interop.spdci.entities import ENTITIES, GROUP, MEMBER, Entity
from spean.interop.spdci.errors import RequestRejected
from spean.interop.spdci.people import Page
from spean.interop.spdci.permits import permits
from spean.interop.spdci.records import WRITERS, Released
from spean.interop.spdci.registries import SOCIAL, VERSION, Registry
from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import N_

EXCHANGE = "interop.exchange"
SORT, PAGINATION = "rjct.sort.invalid", "rjct.pagination.invalid"
TOO_MANY = "rjct.search.too_many_records_found"
MOST_SORTS, USUAL_PAGE, LONGEST_SEARCH = 3, 50, "5s"
SORTED = frozenset({"number", "date", "text", "area"})


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found: a page of records of how many, and what it showed to be answered."""

    entity: Entity
    released: list[Released]
    fields: frozenset[str]
    page_size: int
    page_number: int
    total: int
    permits: list[Permit]


def search(
    request: Mapping[str, Any], *, registry: Registry, partner: Partner, by: Actor, now: datetime,
    on: date,
) -> Found:  # fmt: skip
    """Answer one request of a search. Raises RequestRejected."""
    criteria = request["search_criteria"]
    shown = shown_to(partner)
    shows = permits(partner, criteria, request["reference_id"], now=now)
    entity = entity_of(criteria, registry, shown)
    rows = within(entity, criteria["query_type"], criteria["query"], shown=shown, by=by, on=on)
    rows = rows.order_by(*_order(criteria.get("sort") or [], entity, shown))
    size, number = _page(criteria.get("pagination") or request.get("pagination") or {})
    total, listed = _fetch(rows, size, number)
    page = Page(shown, request.get("locale", "khm"))
    released = WRITERS[entity.name](listed, page) if listed else []
    return Found(entity, released, shown, size, number, total, shows)


def within(
    entity: Entity, query_type: str, query: Any, *, shown: frozenset[str], by: Actor, on: date
) -> QuerySet[Any]:
    """Give the rows that fit a query, in the areas of who asks. Raises RequestRejected."""
    condition = compiled(read_query(query_type, query), entity, shown, on)
    rows = entity.rows(on).filter(condition)
    return access.within(rows, by, EXCHANGE, code=entity.area)


def entity_of(criteria: Mapping[str, Any], registry: Registry, shown: frozenset[str]) -> Entity:
    """Give which record is asked for. Raises RequestRejected where the purpose doesn't give it."""
    entity = _named(criteria, registry)
    if entity.needs and entity.needs not in shown:
        raise RequestRejected(CRITERIA, why=N_("this record is not given for your purpose"))
    return entity


def _named(criteria: Mapping[str, Any], registry: Registry) -> Entity:
    """Give the record that is named outright, or by its type."""
    asked = str(criteria.get("reg_type", registry.reg_type)).rpartition(":")[2].casefold()
    if asked not in {registry.reg_type.rpartition(":")[2].casefold(), registry.key}:
        raise RequestRejected(CRITERIA, why=N_("another registry is asked for"))
    if registry is not SOCIAL:
        return ENTITIES[registry.records[0]]
    named = criteria.get("response_entity")
    kind = str(criteria.get("reg_record_type", "")).casefold()
    if named == "Member" or (named is None and kind.endswith(("member", "person"))):
        return MEMBER
    return GROUP


def data_of(found: Found, registry: Registry, records: Any) -> dict[str, Any]:
    """Give the `data` of an answer."""
    return {
        "version": VERSION,
        "reg_type": registry.reg_type,
        "reg_record_type": registry.record_types[found.entity.name],
        "reg_records": records,
    }


def _order(sort: list[Any], entity: Entity, shown: frozenset[str]) -> list[Any]:
    if len(sort) > MOST_SORTS:
        raise RequestRejected(SORT, why=N_("at most three attributes can be sorted by"))
    order: list[Any] = []
    for one in sort:
        try:
            attribute = attribute_of(str(one.get("attribute_name")), entity, shown)
        except RequestRejected as error:
            raise RequestRejected(SORT, **error.facts) from None
        if attribute.kind not in SORTED:
            raise RequestRejected(SORT, why=N_("this attribute can’t be sorted by"))
        column = F(attribute.columns[0])
        descending = one.get("sort_order") == "desc"
        order.append(column.desc(nulls_last=True) if descending else column.asc(nulls_last=True))
    return [*order, "pk"]


def _page(pagination: Mapping[str, Any]) -> tuple[int, int]:
    size, number = int(pagination.get("page_size", USUAL_PAGE)), pagination.get("page_number", 1)
    if size > settings.SPDCI_LARGEST_PAGE or size * number > settings.SPDCI_MOST_FOUND + size:
        raise RequestRejected(PAGINATION, why=N_("the page is too large, or too far on"))
    return size, int(number)


def _fetch(rows: QuerySet[Any], size: int, number: int) -> tuple[int, list[Any]]:
    """Read one page, and count them all unless the page says it: a first one that is not full.

    A search that finds too much, or takes too long, is refused.
    """
    most = settings.SPDCI_MOST_FOUND
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST_SEARCH}'")
            listed = list(rows[(number - 1) * size : number * size])
            total = len(listed)
            if number > 1 or total == size:
                total = rows.order_by().values("pk")[: most + 1].count()
    except OperationalError as error:
        raise RequestRejected(TOO_MANY, why=N_("the search is too wide; narrow it")) from error
    if total > most:
        raise RequestRejected(TOO_MANY, why=N_("the search is too wide; narrow it"))
    return total, listed
