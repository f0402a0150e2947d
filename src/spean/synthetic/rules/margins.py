"""The published figures that the synthetic country must add up to, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import yaml

AREAS = ("phnom_penh_urban", "other_urban", "rural")
GROUPS = ("poor_1", "poor_2", "at_risk", "not_poor")
CAPITAL = "12"


@dataclass(frozen=True, slots=True)
class Stratum:
    """The households of one province, kind of area and poverty group."""

    province: str
    area: str
    group: str
    households: float


class Margins:
    """The figures of `margins.yaml`: `margins["poor.persons"]` is a number."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body
        self.provinces: dict[str, int] = {
            code: one["persons"] for code, one in body["provinces"].items()
        }

    def __getitem__(self, path: str) -> float:
        section, name = path.split(".")
        return float(self._body[section][name]["value"])

    def urban_shares(self) -> dict[str, float]:
        """Give each province's urban share, the assumed ones shifted together to the census's."""
        persons = np.array(list(self.provinces.values()), dtype=float)
        assumed = np.array([one["urban"] for one in self._body["provinces"].values()])
        free = assumed < 1
        odds = np.log(assumed[free] / (1 - assumed[free]))
        low, high = -5.0, 5.0
        shares = assumed.copy()
        for _ in range(60):
            shift = (low + high) / 2
            shares[free] = 1 / (1 + np.exp(-(odds + shift)))
            if (shares * persons).sum() / persons.sum() < self["population.urban_share"]:
                low = shift
            else:
                high = shift
        return dict(zip(self.provinces, shares.tolist(), strict=True))

    def area_persons(self) -> dict[tuple[str, str], float]:
        """Give the people of each province and kind of area."""
        found = {}
        for code, share in self.urban_shares().items():
            urban = "phnom_penh_urban" if code == CAPITAL else "other_urban"
            found[code, urban] = self.provinces[code] * share
            if share < 1:
                found[code, "rural"] = self.provinces[code] * (1 - share)
        return found

    def strata(self) -> list[Stratum]:
        """Divide the country's households by province, kind of area and poverty group.

        The poor and the at-risk are spread over the areas in proportion to the poverty rates.
        """
        poor_size, other_size = self.sizes()
        persons = self.area_persons()
        rates = {area: self[f"poverty_rates.{area}"] for area in AREAS}
        per_rate = self["poor.persons"] / sum(n * rates[area] for (_, area), n in persons.items())
        found = []
        for (province, area), number in persons.items():
            poor = number * rates[area] * per_rate / poor_size
            others = (number - poor * poor_size) / other_size
            at_risk = poor * self["at_risk.households"] / self["poor.households"]
            first = poor * self["poor.poor_1_share"]
            counts = (first, poor - first, at_risk, others - at_risk)
            found += [Stratum(province, area, g, n) for g, n in zip(GROUPS, counts, strict=True)]
        return found

    def sizes(self) -> tuple[float, float]:
        """Give the mean size of poor households and of the others."""
        poor = self["poor.persons"] / self["poor.households"]
        others = self["population.persons"] - self["poor.persons"]
        return poor, others / (self["population.households"] - self["poor.households"])


@lru_cache(maxsize=1)
def margins() -> Margins:
    """Read the figures."""
    text = (
        resources.files("spean.synthetic.rules")
        .joinpath("margins.yaml")
        .read_text(encoding="utf-8")
    )
    return Margins(yaml.safe_load(text))
