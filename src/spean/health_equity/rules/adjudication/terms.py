"""What the dated policy says of services, schemes and groups, period by period.

The numbers of all keys stand in one row for each period in which none of them changes, so that one
join by day gives a line of a claim all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from spean.health_equity.rules.adjudication.care import DEADLINES, DIAGNOSES, DOCUMENTS, REFERRALS
from spean.health_equity.rules.adjudication.history import LIMITS
from spean.health_equity.rules.adjudication.money import CEILINGS
from spean.health_equity.rules.adjudication.person import AGES, WOMEN
from spean.health_equity.rules.cover import GROUPS, PAYERS, WAITING
from spean.health_equity.rules.fees import FEES_OF
from spean.health_equity.rules.schemes import CLAIMED, SCHEME_OF, SERVICES, Category, Group
from spean.kernel.policy import NotInForce, Policy, Rows, policy

Row = dict[str, Any]
Read = Callable[[str], Rows]
BEGIN = date(1, 1, 1)
# The row of the limits that holds for a kind of care; that of a delivery is a service's too.
KIND = {one: f"{one}_care" if one in SERVICES else str(one) for one in Category}


def most_times(limits: Rows, row: str) -> tuple[int | None, int | None]:
    """Give how often something may be claimed, and within how many days; None without a limit."""
    found = limits.get(row, {})
    return _whole(found, "times"), _whole(found, "days")


@cache
def terms(rules: Policy = policy) -> Mapping[str, Sequence[Row]]:
    """Give the rows of `services`, `schemes` and `groups`, each with `since` and `until`.

    What there isn't is left out.
    """
    return {
        "services": list(_dated(SERVICE_KEYS, _services, rules)),
        "schemes": list(_dated((CEILINGS, DEADLINES), _schemes, rules)),
        "groups": list(_dated((GROUPS, WAITING, PAYERS), _groups, rules)),
    }


def _dated(
    keys: Sequence[str], rows: Callable[[Read], Iterator[Row]], rules: Policy
) -> Iterator[Row]:
    changes = sorted({BEGIN, *(since for key in keys for since in rules.history(key))})
    for since, until in zip(changes, [*changes[1:], None], strict=True):
        for row in rows(lambda key, on=since: _in_force(rules, key, on)):  # type: ignore[misc]
            dated = {"since": since.isoformat(), "until": until and until.isoformat()} | row
            yield {name: value for name, value in dated.items() if value not in (None, [], {})}


def _in_force(rules: Policy, key: str, on: date) -> Rows:
    try:
        return rules.table(key, on=on).rows
    except NotInForce:
        return {}


FEE_TABLES = tuple(sorted(set(FEES_OF.values())))
SERVICE_KEYS = (LIMITS, WOMEN, AGES, DIAGNOSES, REFERRALS, DOCUMENTS, *FEE_TABLES)


def _services(read: Read) -> Iterator[Row]:
    limits = read(LIMITS)
    for code, service in SERVICES.items():
        times, days = most_times(limits, code)
        kind_times, kind_days = most_times(limits, KIND[service.category])
        ages, beginnings = read(AGES).get(code, {}), _yes(read(DIAGNOSES), code)
        yield {
            "service": code,
            "kind": str(service.category),
            "inpatient": service.inpatient,
            "fees": {key: {level: int(riel) for level, riel in read(key)[code].items()}
                     for key in FEE_TABLES if code in read(key)},
            "quantity": _whole(limits.get(code, {}), "quantity"),
            "times": times,
            "days": days,
            "kind_times": kind_times,
            "kind_days": kind_days,
            "women": "women" in _yes(read(WOMEN), code),
            "youngest": _whole(ages, "youngest"),
            "oldest": _whole(ages, "oldest"),
            "diagnoses": rf"\m({'|'.join(beginnings)})" if beginnings else None,
            "referral_levels": _yes(read(REFERRALS), code),
            "documents": _yes(read(DOCUMENTS), code),
        }  # fmt: skip


def _schemes(read: Read) -> Iterator[Row]:
    for scheme in CLAIMED:
        ceilings = read(CEILINGS).get(scheme, {})
        yield {
            "scheme": str(scheme),
            "fees": FEES_OF[scheme],
            "claim": _whole(ceilings, "claim"),
            "year": _whole(ceilings, "year"),
            "deadline": _whole(read(DEADLINES).get("claim", {}), "days"),
        }


def _groups(read: Read) -> Iterator[Row]:
    for group in Group:
        scheme = SCHEME_OF[group]
        yield {
            "group": str(group),
            "scheme": str(scheme),
            "covered": "covered" in _yes(read(GROUPS), group),
            "waits": _whole(read(WAITING).get(group, {}), "days") or 0,
            "order": _whole(read(PAYERS).get(scheme, {}), "order"),
            "pays": scheme in CLAIMED,
        }


def _yes(rows: Rows, row: str) -> list[str]:
    return [column for column, value in rows.get(row, {}).items() if value]


def _whole(row: Mapping[str, Decimal], column: str) -> int | None:
    return int(row[column]) if column in row else None
