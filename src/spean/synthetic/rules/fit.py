"""How near the drawn country comes to the published margins."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from spean.synthetic.rules.families import HEAD, Ints, wanted
from spean.synthetic.rules.margins import GROUPS, Margins
from spean.synthetic.rules.people import Homes, People

AGES = (
    ("under_15", 0, 15),
    ("from_15_to_26", 15, 27),
    ("from_27_to_59", 27, 60),
    ("from_60", 60, 200),
)
POOR = GROUPS[:2]
A_LOT = 3
# The name of a line, what is counted, and of what it is a share (nothing: a count).
LINES = (
    ("persons", "persons", ""),
    ("households", "households", ""),
    ("household size", "persons", "households"),
    ("men, share", "male", "persons"),
    ("urban, share", "urban", "persons"),
    ("women as heads, share", "female_heads", "households"),
    *((f"age {name}, share", name, "persons") for name, _, _ in AGES),
    ("poor households", "poor_households", ""),
    ("poor persons", "poor_persons", ""),
    ("poor aged 60 and over, share", "poor_from_60", "poor_persons"),
    ("poor with a disability, share", "poor_disabled", "poor_persons"),
    ("at-risk households", "at_risk_households", ""),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One margin: what was published (scaled to the part drawn), and what was drawn."""

    name: str
    published: float
    drawn: float

    @property
    def off(self) -> float:
        """The relative difference."""
        return self.drawn / self.published - 1 if self.published else float(self.drawn != 0)


@dataclass(slots=True)
class Tally:
    """Counts of what was drawn, without the second records, and of what the margins ask for.

    Of a part of the country, the margins ask for what its kinds of area and groups bring with them:
    rural villages for more poor people than towns. The parts add up to the published figures.
    """

    drawn: dict[str, float] = field(default_factory=dict)
    published: dict[str, float] = field(default_factory=dict)

    def expect(
        self, province: str, numbers: Mapping[tuple[str, str], float], known: Margins
    ) -> None:
        """Add what the margins ask for in households by (kind of area, group)."""
        poor, others = wanted(known)
        for (area, group), homes in numbers.items():
            is_poor = group in POOR
            persons, men, *ages, women = (poor if is_poor else others) * homes
            found = {
                "persons": persons,
                "households": homes,
                f"persons.{province}": persons,
                "male": men,
                "urban": persons * (area != "rural"),
                "female_heads": women,
                **{name: n for (name, _, _), n in zip(AGES, ages, strict=True)},
                "poor_households": homes * is_poor,
                "poor_persons": persons * is_poor,
                "poor_from_60": ages[-1] * is_poor,
                "poor_disabled": persons * is_poor * known["poor.disabled_share"],
                "at_risk_households": homes * (group == "at_risk"),
            }
            _add(self.published, found)

    def count(self, province: str, homes: Homes, people: People, towns: Ints) -> None:
        """Count one province; `towns` are its urban villages."""
        poor_home = homes.group < len(POOR)
        poor = poor_home[people.home]
        found = {
            "persons": len(people.home),
            "households": len(homes.group),
            f"persons.{province}": len(people.home),
            "male": people.male.sum(),
            "urban": np.isin(homes.village, towns)[people.home].sum(),
            "female_heads": ((people.relation == HEAD) & ~people.male).sum(),
            **{name: ((people.age >= a) & (people.age < b)).sum() for name, a, b in AGES},
            "poor_households": poor_home.sum(),
            "poor_persons": poor.sum(),
            "poor_from_60": (poor & (people.age >= AGES[-1][1])).sum(),
            "poor_disabled": (poor & (people.difficulty >= A_LOT)).sum(),
            "at_risk_households": (homes.group == GROUPS.index("at_risk")).sum(),
        }
        _add(self.drawn, {name: float(number) for name, number in found.items()})

    def add(self, other: "Tally") -> None:
        """Add another part of the country."""
        _add(self.drawn, other.drawn)
        _add(self.published, other.published)

    def lines(self) -> list[Line]:
        """Compare; of nothing, nothing."""
        provinces = sorted(name for name in self.published if name.startswith("persons."))
        listed = (
            *LINES,
            *((n.replace("persons.", "persons, province "), n, "") for n in provinces),
        )
        return [
            Line(name, _share(self.published, one, of), _share(self.drawn, one, of))
            for name, one, of in listed
            if self.published
        ]


def _add(to: dict[str, float], found: Mapping[str, float]) -> None:
    for name, number in found.items():
        to[name] = to.get(name, 0.0) + float(number)


def _share(counts: Mapping[str, float], one: str, of: str) -> float:
    if not of:
        return counts[one]
    return counts[one] / counts[of] if counts[of] else 0.0
