"""A sample of paid claims is checked: how it is drawn, and what it says of all of them.

Claims are drawn by stratum (the level of the facility, with or without a stay), in proportion to
their number and at least FEWEST of each. The draw follows from the seed and the claims' numbers
alone, so that an auditor draws the same. What was paid too much is extrapolated by the mean of each
stratum (stratified expansion estimator; Cochran, Sampling Techniques, 3rd ed., section 5.3).
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from statistics import NormalDist

FEWEST = 2


class Finding(StrEnum):
    """What a verifier finds of a claim."""

    RIGHT = "right"
    NOT_ELIGIBLE = "not_eligible"
    NO_RECORD = "no_record"
    DUPLICATE = "duplicate"
    WRONG_LEVEL = "wrong_level"
    OVER_CLAIM = "over_claim"
    PATIENT_DENIES = "patient_denies"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that may be drawn: its number, its stratum, the riel that it was accepted for."""

    number: str
    stratum: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Stratum:
    """How many claims a stratum has, for how many riel, and how many of them are drawn."""

    code: str
    claims: int
    amount: Decimal
    drawn: int


@dataclass(frozen=True, slots=True)
class Draw:
    """What was drawn: the strata, and the numbers of the claims in each."""

    strata: tuple[Stratum, ...]
    numbers: Mapping[str, tuple[str, ...]]


def draw(candidates: Iterable[Candidate], *, size: int, seed: str) -> Draw:
    """Draw about `size` claims by stratum; the same seed and claims give the same draw."""
    by_stratum: dict[str, list[Candidate]] = {}
    for one in candidates:
        by_stratum.setdefault(one.stratum, []).append(one)
    everything = sum(len(claims) for claims in by_stratum.values())
    strata, numbers = [], {}
    for code, claims in sorted(by_stratum.items()):
        share = -(-size * len(claims) // everything)
        take = min(len(claims), max(FEWEST, share))
        ranked = sorted(claims, key=lambda one: _rank(seed, one.number))
        numbers[code] = tuple(one.number for one in ranked[:take])
        amount = sum((one.amount for one in claims), Decimal(0))
        strata.append(Stratum(code, len(claims), amount, take))
    return Draw(tuple(strata), numbers)


def _rank(seed: str, number: str) -> str:
    return hashlib.sha256(f"{seed}|{number}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim of the sample that was checked: its stratum, and by how much it was paid too much."""

    stratum: str
    too_much: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """What was paid too much in all claims, in riel, with the bounds of its confidence interval.

    `rate` and its bounds are the same in percent of what was accepted. `complete` says whether
    each stratum had enough claims checked for the bounds to mean something.
    """

    too_much: Decimal
    low: Decimal
    high: Decimal
    amount: Decimal
    complete: bool

    @property
    def rate(self) -> Decimal:
        """The estimate in percent of the amount."""
        return _percent(self.too_much, self.amount)

    @property
    def rate_low(self) -> Decimal:
        """The lower bound in percent of the amount."""
        return _percent(self.low, self.amount)

    @property
    def rate_high(self) -> Decimal:
        """The upper bound in percent of the amount."""
        return _percent(self.high, self.amount)


def estimate(strata: Sequence[Stratum], checked: Iterable[Checked], *, confidence: int) -> Estimate:
    """Extrapolate what was paid too much, with an interval of so many percent of confidence."""
    found: dict[str, list[Decimal]] = {one.code: [] for one in strata}
    for one in checked:
        found[one.stratum].append(one.too_much)
    total, variance, complete = Decimal(0), 0.0, True
    for stratum in strata:
        seen = found[stratum.code]
        complete &= len(seen) >= min(FEWEST, stratum.claims)
        if not seen:
            continue
        mean = sum(seen, Decimal(0)) / len(seen)
        total += mean * stratum.claims
        variance += _variance(seen, mean, stratum.claims)
    amount = sum((one.amount for one in strata), Decimal(0))
    half = Decimal(NormalDist().inv_cdf(0.5 + confidence / 200) * math.sqrt(variance))
    known = sum((one for seen in found.values() for one in seen), Decimal(0))
    return Estimate(
        _riel(total), _riel(max(known, total - half)), _riel(min(amount, total + half)), amount,
        complete,
    )  # fmt: skip


def _variance(seen: Sequence[Decimal], mean: Decimal, claims: int) -> float:
    """Give the variance of one stratum's total; nothing where all of it was seen."""
    if len(seen) < 2 or len(seen) >= claims:
        return 0.0
    spread = sum(float((one - mean) ** 2) for one in seen) / (len(seen) - 1)
    return claims**2 * (1 - len(seen) / claims) * spread / len(seen)


def penalty(found: Decimal, estimated: Estimate, *, tolerated: Decimal) -> Decimal:
    """Give the riel that a facility gives back: what was found, or, where even the lower bound is
    above the tolerated rate (percent), that bound for all of its claims.
    """
    if estimated.complete and 100 * estimated.low > tolerated * estimated.amount:
        return max(found, estimated.low)
    return found


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (100 * part / whole).quantize(Decimal("0.01")) if whole else Decimal(0)


def _riel(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)
