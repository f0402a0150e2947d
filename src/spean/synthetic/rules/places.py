"""Which communes are towns, and how large each village is: no public list gives either.

ASSUMED: towns are the first communes by a fixed shuffle, until the province's urban share is met;
villages differ in size as their codes happen to fall, the same in every draw.
"""

from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

import numpy as np

from spean.synthetic.rules.families import Ints
from spean.synthetic.rules.margins import CAPITAL, Margins

SPREAD = 0.5  # of the logarithm of a village's size
AVERAGE = 1_000_000

Villages = Mapping[
    str, tuple[Ints, Ints]
]  # by kind of area: codes, and what part of it lives there


def divide(codes: Iterable[str], known: Margins) -> dict[str, Villages]:
    """Give the villages of each province by kind of area."""
    shares = known.urban_shares()
    by_province: dict[str, list[str]] = {}
    for code in sorted(codes):
        by_province.setdefault(code[:2], []).append(code)
    return {
        province: _by_kind(province, listed, shares[province])
        for province, listed in by_province.items()
    }


def inside(villages: Villages, area: str) -> dict[str, tuple[Ints, Ints, float]]:
    """Keep the villages of an area, with their share of the province's, by kind of area."""
    found = {}
    for kind, (codes, weight) in villages.items():
        kept = (codes // 10 ** (8 - len(area))) == int(area) if area else codes >= 0
        if kept.any():
            found[kind] = (codes[kept], weight[kept], float(weight[kept].sum() / weight.sum()))
    return found


def _by_kind(province: str, codes: Sequence[str], urban_share: float) -> Villages:
    weight = {code: _weight(code) for code in codes}
    towns = _towns(weight, urban_share * sum(weight.values()))
    urban = "phnom_penh_urban" if province == CAPITAL else "other_urban"
    found = {}
    for kind in (urban, "rural"):
        chosen = [code for code in codes if (code[:6] in towns) == (kind == urban)]
        if chosen:
            found[kind] = (
                np.array([int(code) for code in chosen]),
                np.array([weight[code] for code in chosen]),
            )
    return found


def _towns(weight: Mapping[str, int], wanted: float) -> set[str]:
    sizes: dict[str, int] = {}
    for code, size in weight.items():
        sizes[code[:6]] = sizes.get(code[:6], 0) + size
    towns, reached = set(), 0
    for commune in sorted(sizes, key=lambda code: (crc32(f"town {code}".encode()), code)):
        if reached + sizes[commune] / 2 < wanted:
            towns.add(commune)
            reached += sizes[commune]
    return towns


def _weight(code: str) -> int:
    chance = np.random.default_rng(crc32(f"size {code}".encode()))
    return round(AVERAGE * float(np.exp(chance.normal(0, SPREAD))))
