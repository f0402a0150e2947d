"""Whom a shock struck, and which programmes pay for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import ibis
import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Strike:
    """Who lives in some places (codes of any level), and families besides, but for some left out.

    Families are numbers of households, as text. The programmes are those that pay for it; where
    none is named, all that are for who is struck.
    """

    places: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()

    @property
    def names_families(self) -> bool:
        """Tell whether single families must be known apart."""
        return bool(self.families or self.left_out)


def strikes(hit: Iterable[str | Strike]) -> tuple[Strike, ...]:
    """Give strikes, the plain codes of places among them as one."""
    listed = list(hit)
    places = tuple(one for one in listed if isinstance(one, str))
    found = tuple(one for one in listed if isinstance(one, Strike))
    return (*([Strike(places)] if places else []), *found)


def fingerprint(hit: Iterable[Strike]) -> str:
    """Give what is the same for the same strikes only: whom results were worked out for."""
    return sha256(repr(tuple(hit)).encode()).hexdigest()


def paying(programme: str, hit: Iterable[Strike]) -> tuple[Strike, ...]:
    """Give the strikes for which a programme pays."""
    return tuple(one for one in hit if not one.programmes or programme in one.programmes)


def is_struck(homes: ir.Table, hit: Sequence[Strike]) -> ir.BooleanValue:
    """Say whether one of some strikes struck a household."""
    tests = [_struck_by(homes, one) for one in hit]
    return ibis.or_(*tests) if tests else ibis.literal(False)


def _struck_by(homes: ir.Table, one: Strike) -> ir.BooleanValue:
    by_length: dict[int, list[str]] = {}
    for code in one.places:
        by_length.setdefault(len(code), []).append(code)
    tests = [homes.village.substr(0, length).isin(codes) for length, codes in by_length.items()]
    if one.families:
        tests.append(_is_one_of(homes, one.families))
    struck = ibis.or_(*tests) if tests else ibis.literal(False)
    return struck & ~_is_one_of(homes, one.left_out) if one.left_out else struck


def _is_one_of(homes: ir.Table, families: Sequence[str]) -> ir.BooleanValue:
    return homes.household_id.isin(families).fill_null(False)
