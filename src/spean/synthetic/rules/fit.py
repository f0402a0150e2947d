"""How near the drawn country comes to the published margins."""

from dataclasses import dataclass, field

import numpy as np

from spean.synthetic.rules.margins import GROUPS, Margins
from spean.synthetic.rules.people import Homes, People

AGES = (
    ("under_15", 0, 15),
    ("from_15_to_26", 15, 27),
    ("from_27_to_59", 27, 60),
    ("from_60", 60, 200),
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
    """Counts of what was drawn, without the second records; added up over the provinces."""

    counts: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, number: float) -> None:
        self.counts[name] = self.counts.get(name, 0.0) + float(number)

    def count(self, province: str, homes: Homes, people: People, urban: frozenset[str]) -> None:
        """Count one province."""
        of_home = homes.group[people.home]
        poor = of_home <= GROUPS.index("poor_2")
        in_town = np.isin(homes.village.astype(str), list(urban))[people.home]
        self.add("persons", len(people.home))
        self.add("households", len(homes.group))
        self.add(f"persons.{province}", len(people.home))
        self.add("male", people.male.sum())
        self.add("urban", in_town.sum())
        self.add("female_heads", ((people.relation == "head") & ~people.male).sum())
        for name, least, below in AGES:
            self.add(name, ((people.age >= least) & (people.age < below)).sum())
        self.add("poor_persons", poor.sum())
        self.add("poor_from_60", (poor & (people.age >= 60)).sum())
        for place, group in enumerate(GROUPS):
            self.add(f"households.{group}", (homes.group == place).sum())

    def lines(self, known: Margins, share: float) -> list[Line]:
        """Compare with the margins; counts are those of the country times the share drawn."""
        persons = self.counts["persons"]
        homes = self.counts["households"]
        found = [
            Line("persons", known["population.persons"] * share, persons),
            Line("households", known["population.households"] * share, homes),
            Line("household size", known["population.persons"] / known["population.households"],
                 persons / homes),
            Line("men, share", known["population.male"] / known["population.persons"],
                 self.counts["male"] / persons),
            Line("urban, share", known["population.urban_share"], self.counts["urban"] / persons),
            Line("women as heads, share", known["population.female_head_share"],
                 self.counts["female_heads"] / homes),
        ]  # fmt: skip
        return (
            found
            + self._poor_lines(known, share)
            + [
                Line(f"persons, province {code}", number * share, self.counts[f"persons.{code}"])
                for code, number in known.provinces.items()
                if f"persons.{code}" in self.counts
            ]
        )

    def _poor_lines(self, known: Margins, share: float) -> list[Line]:
        persons, poor = self.counts["persons"], self.counts["poor_persons"]
        poor_homes = self.counts["households.poor_1"] + self.counts["households.poor_2"]
        found = [
            Line(f"age {name}, share", known[f"ages.{name}"], self.counts[name] / persons)
            for name, _, _ in AGES
        ]
        found += [
            Line("poor households", known["poor.households"] * share, poor_homes),
            Line("poor persons", known["poor.persons"] * share, poor),
            Line("poor aged 60 and over, share", known["poor.from_60_share"],
                 self.counts["poor_from_60"] / poor),
            Line("at-risk households", known["at_risk.households"] * share,
                 self.counts["households.at_risk"]),
        ]  # fmt: skip
        return found
