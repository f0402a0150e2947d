"""Families whose sizes, ages and sexes add up to the margins: a pool of drawn ones, each weighted.

The weights are those nearest to even that meet the margins exactly (raking by exponential
tilting; Deville and Särndal 1992); households are then drawn from the pool by weight.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from spean.synthetic.rules.margins import GROUPS, Margins, margins

POOL = 30_000
LARGEST = 12
WEIGHT_UNIT = 10**9  # weights are whole numbers: the same whatever the machine's arithmetic
RELATIONS = ("head", "spouse", "child", "child_in_law", "parent", "grandchild", "sibling",
             "other_relative")  # fmt: skip
(HEAD, SPOUSE, CHILD, CHILD_IN_LAW, PARENT, GRANDCHILD, SIBLING,
 OTHER_RELATIVE) = range(len(RELATIONS))  # fmt: skip

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pool:
    """Drawn families: members laid end to end, each family from `start` for `size` members."""

    start: Ints
    size: Ints
    relation: npt.NDArray[np.int8]
    age: npt.NDArray[np.int16]
    male: npt.NDArray[np.bool_]

    @cached_property
    def order(self) -> Ints:
        """The families in the order in which they are drawn: like ones stand together."""
        totals = self.totals()
        return np.lexsort((totals[:, 2], totals[:, 5], totals[:, 6], self.size))

    def totals(self) -> Floats:
        """Count, for each family: members, men, the four ages, a woman as its head."""
        ages = (self.age < 15, (self.age >= 15) & (self.age < 27),
                (self.age >= 27) & (self.age < 60), self.age >= 60)  # fmt: skip
        counted = (np.ones(len(self.age)), self.male, *ages)
        sums = [np.add.reduceat(np.asarray(c, dtype=float), self.start) for c in counted]
        return np.stack([*sums, ~self.male[self.start]], axis=1).astype(float)


@lru_cache(maxsize=2)
def pool(seed: int) -> Pool:
    """Draw the families of the pool."""
    chance = np.random.default_rng([seed, 7])
    families = [_family(chance) for _ in range(POOL)]
    size = np.array([len(family) for family in families])
    members = np.array([member for family in families for member in family])
    return Pool(
        start=np.concatenate([[0], np.cumsum(size)[:-1]]),
        size=size,
        relation=members[:, 0].astype(np.int8),
        age=np.clip(members[:, 1], 0, 98).astype(np.int16),
        male=members[:, 2].astype(bool),
    )


def _family(chance: np.random.Generator) -> list[tuple[int, int, bool]]:
    """Draw one family as (relation, age, male), its head first."""
    man = chance.random() < 0.72
    age = int(np.clip(chance.gamma(9, 4.6) + 8, 17, 92))
    found = [(HEAD, age, man)]
    if chance.random() < (0.93 if man else 0.18):
        gap = int(chance.normal(3, 4))
        found.append((SPOUSE, max(16, age - gap if man else age + gap), not man))
    youngest_parent = min(one[1] for one in found)
    for _ in range(min(6, chance.poisson(np.interp(age, [18, 30, 42, 60, 80], [0.5, 2, 3, 2, 1])))):
        child = int(chance.uniform(0, max(1, min(youngest_parent - 17, 34))))
        if child < 24 or chance.random() < 0.55:
            found.append((CHILD, child, chance.random() < 0.51))
    _add_next_generations(found, age, chance)
    if age < 60 and chance.random() < 0.14:
        found.append((PARENT, age + 20 + int(chance.integers(0, 12)), chance.random() < 0.3))
    if age < 50 and chance.random() < 0.08:
        found.append((SIBLING, max(1, age - int(chance.integers(0, 16))), chance.random() < 0.5))
    return found[:LARGEST]


def _add_next_generations(
    found: list[tuple[int, int, bool]], age: int, chance: np.random.Generator
) -> None:
    grown = [one for one in found if one[0] == CHILD and one[1] >= 20]
    if grown and chance.random() < 0.45:
        partner = max(18, grown[0][1] + int(chance.normal(0, 3)))
        found.append((CHILD_IN_LAW, partner, not grown[0][2]))
        oldest = max(1, min(grown[0][1], partner) - 18)
        for _ in range(chance.poisson(1.3)):
            found.append((GRANDCHILD, int(chance.uniform(0, oldest)), chance.random() < 0.51))
    elif age > 58 and chance.random() < 0.25:
        for _ in range(1 + chance.poisson(0.6)):
            found.append((GRANDCHILD, int(chance.uniform(0, 16)), chance.random() < 0.51))


def weights(drawn: Pool, known: Margins | None = None) -> dict[str, Ints]:
    """Give, for each poverty group, how likely each family of the pool is to be drawn."""
    known = known or margins()
    totals = drawn.totals()
    poor, others = wanted(known)
    vulnerable = (totals[:, 2] > 0) | (totals[:, 5] > 0) | (totals[:, 6] > 0)
    everyone = np.ones(len(totals), dtype=bool)
    tilted = {
        "poor": _tilt(totals, poor, everyone),
        "at_risk": _tilt(totals, others, vulnerable),
        "not_poor": _tilt(totals, others, everyone),
    }
    whole = {name: np.round(w * WEIGHT_UNIT).astype(np.int64) for name, w in tilted.items()}
    return {group: whole.get(group, whole["poor"]) for group in GROUPS}


def wanted(known: Margins) -> tuple[Floats, Floats]:
    """Give the means per household that poor households and the others must have.

    Of members, men, the four ages, women as heads: as in `Pool.totals`.
    """
    names = ("under_15", "from_15_to_26", "from_27_to_59", "from_60")
    shares = np.array([known[f"ages.{name}"] for name in names])
    old = known["poor.from_60_share"]
    poor_shares = shares * (1 - old) / (1 - shares[3])
    poor_shares[3] = old
    men = known["population.male"] / known["population.persons"]
    persons = known["population.persons"]
    poor_persons, poor_homes = known["poor.persons"], known["poor.households"]
    homes = known["population.households"]
    poor = np.array([1, men, *poor_shares]) * poor_persons
    rest = np.array([1, men, *shares]) * persons - poor
    women = homes * known["population.female_head_share"]
    poor_women = poor_homes * known["poor.female_head_share"]
    return (
        np.append(poor, poor_women) / poor_homes,
        np.append(rest, women - poor_women) / (homes - poor_homes),
    )


def _tilt(totals: Floats, means: Floats, allowed: npt.NDArray[np.bool_]) -> Floats:
    """Find weights w ∝ exp(λ·x) over the allowed families whose means are the wanted ones.

    Newton's method on the convex dual. The number of members, the sum of the ages, is left out.
    """
    x = totals[allowed][:, 1:] - means[1:]
    tilt = np.zeros(x.shape[1])
    for _ in range(60):
        raw = np.exp(np.clip(x @ tilt, -30, 30))
        share = raw / raw.sum()
        mean = share @ x
        spread = (x * share[:, None]).T @ x - np.outer(mean, mean)
        tilt -= np.linalg.solve(spread + 1e-9 * np.eye(len(tilt)), mean)
        if np.abs(mean).max() < 1e-9:
            break
    found = np.zeros(len(totals))
    raw = np.exp(np.clip(x @ tilt, -30, 30))
    found[allowed] = raw / raw.sum()
    return found


def choose(chance: np.random.Generator, drawn: Pool, share: Ints, number: int) -> Ints:
    """Draw families from the pool by their shares, evenly over sizes, heads and the old."""
    order = drawn.order
    return chance.permutation(order[spread(chance, share[order], number)])


def spread(chance: np.random.Generator, weight: Ints, number: int) -> Ints:
    """Draw so many places by weight, as evenly as can be (systematic sampling)."""
    ends = np.cumsum(weight)
    steps = (np.arange(number) + chance.random()) / max(number, 1)
    places: Ints = np.searchsorted(ends, steps * ends[-1], side="right")
    return np.minimum(places, len(ends) - 1)
