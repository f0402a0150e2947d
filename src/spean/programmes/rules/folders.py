"""The programmes that the policy holds: one folder each, its shape told by its tables.

`rates` by kind of area and level are a household transfer, which may be for `places_struck` alone;
`rates` by kind of member, with `levels`, are a member grant; `rates` by programme are an expansion.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations

from spean.kernel.policy import Policy, PolicyValue, TableValue, policy
from spean.programmes.rules.confirmed import CONFIRMED, STANDING
from spean.programmes.rules.entitlements import (
    BY_AREA,
    COUNTS,
    FOLDER,
    HouseholdTransfer,
    MemberGrant,
    in_force,
)
from spean.programmes.rules.expansion import Expansion
from spean.programmes.rules.shapes import Programme
from spean.programmes.rules.struck import Strike, paying


class ProgrammeUnclear(ValueError):
    """Say what is wrong with a programme's folder: a fault of who keeps the policy."""


def programmes(
    on: date, *, hit: Sequence[Strike] = (), rules: Policy = policy
) -> tuple[Programme, ...]:
    """Give the programmes in force on a day. `hit` says whom shocks have struck."""
    found = tuple(_running(on, hit, rules))
    return (*found, *_expansions(found, on, hit, rules))


def _running(
    on: date, hit: Sequence[Strike], rules: Policy
) -> Iterator[HouseholdTransfer | MemberGrant]:
    for code in modelled(rules):
        rates, levels = in_force(f"{code}.rates", on, rules), in_force(f"{code}.levels", on, rules)
        if rates is not None and is_transfer(rates):
            struck = paying(code, hit) if _for_places_struck(code, rules) else None
            yield HouseholdTransfer(code, rates, struck)
        elif rates is not None and levels is not None:
            yield MemberGrant(code, rates, levels, in_force(f"{code}.limits", on, rules))


def _expansions(
    found: Sequence[HouseholdTransfer | MemberGrant], on: date, hit: Sequence[Strike],
    rules: Policy,
) -> Iterator[Expansion]:  # fmt: skip
    for code in modelled(rules):
        rates = in_force(f"{code}.rates", on, rules)
        if rates is not None and is_expansion(rates, rules):
            bases = tuple(one for one in found if one.code in rates.rows)
            yield Expansion(code, rates, bases, paying(code, hit))


def for_who_is_struck(rules: Policy = policy) -> list[str]:
    """Give the programmes that are for who a shock has struck."""
    return [code for code in modelled(rules) if _for_places_struck(code, rules)]


def codes(rules: Policy = policy) -> list[str]:
    """Give the code of every programme: the name of its folder. Raises ProgrammeUnclear."""
    keys = [key.removeprefix(FOLDER).split(".") for key in rules.all_keys if key.startswith(FOLDER)]
    found = sorted(key[0] for key in keys if key[1:] == ["rates"])
    for one, other in permutations(found, 2):
        if other.startswith(f"{one}_"):  # the columns of one would be taken for the other's
            raise ProgrammeUnclear(f"the folder {other} begins like {one}: choose another name")
    return found


def modelled(rules: Policy = policy) -> list[str]:
    """Give the programmes whose rules read the registry: household transfers, member grants.

    Raises ProgrammeUnclear where a folder isn't whole, or its rates are of no shape that is known.
    """
    return [code for code in codes(rules) if _is_modelled(code, rules)]


def _is_modelled(code: str, rules: Policy) -> bool:
    if set(CONFIRMED.get(code, ())) & set(STANDING):
        return False  # nobody knows from the registry for whom a support is confirmed
    rates = rules.last(f"{FOLDER}{code}.rates", TableValue)
    household = rates is not None and (is_transfer(rates) or is_expansion(rates, rules))
    if rates is None or not (household or set(rates.rows) <= set(COUNTS)):
        raise ProgrammeUnclear(
            f"{code}/rates.yaml: its rows are neither kinds of area with levels "
            f"({BY_AREA[0]}, …) nor members who are counted ({', '.join(COUNTS)}) "
            "nor other programmes"
        )
    parts = ("name", "payments_a_year", *(() if household else ("levels",)))
    if missing := [one for one in parts if f"{FOLDER}{code}.{one}" not in rules.all_keys]:
        raise ProgrammeUnclear(f"{code}: missing {', '.join(f'{one}.yaml' for one in missing)}")
    if f"{FOLDER}{code}.limits" in rules.all_keys and code not in CONFIRMED:
        raise ProgrammeUnclear(f"{code}/limits.yaml: who confirms is not in rules/confirmed.py")
    return True


def is_transfer(rates: TableValue) -> bool:
    """Tell a household transfer, whose rates are by kind of area and level, from other rates."""
    return set(rates.rows) <= set(BY_AREA)


def is_expansion(rates: TableValue, rules: Policy = policy) -> bool:
    """Tell an expansion, whose rates are percents of other programmes, from other rates."""
    return set(rates.rows) <= set(codes(rules))


def _for_places_struck(code: str, rules: Policy) -> bool:
    struck = rules.last(f"{FOLDER}{code}.places_struck", PolicyValue)
    return bool(struck and struck.value)
