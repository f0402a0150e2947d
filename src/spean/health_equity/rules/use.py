"""Who comes for care and who doesn't: the groups that are compared, and the figures of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from spean.health_equity.rules.schemes import SERVICES, Category
from spean.kernel.disclosure import Cell, shown
from spean.kernel.policy import TableValue

LEVELS = ("poor_1", "poor_2", "at_risk", "not_poor")
KM = (2, 5, 10)
UNKNOWN = "unknown"
BANDS = ("0_2", "2_5", "5_10", "10_", UNKNOWN)
DELIVERIES = ("delivery", "complicated_delivery", "caesarean")
STAYS = tuple(code for code, service in SERVICES.items() if service.inpatient)
# What a case is named after where a visit had several services: stays first, consultations last.
MAIN = tuple(
    sorted(
        (code for code, one in SERVICES.items() if one.category is not Category.BENEFIT),
        key=lambda code: (
            not SERVICES[code].inpatient, SERVICES[code].category is Category.CONSULTATION
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """People who live somewhere, those of them who came for care, and what they came for."""

    people: int = 0
    visitors: int = 0
    visits: int = 0
    deliveries: int = 0
    stays: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of a group as they may be shown; None where one is held back.

    `rate` is visits a year of 100 people; None too where nobody lives.
    """

    code: str
    people: int | None
    visits: int | None
    deliveries: int | None
    stays: int | None
    rate: int | None


def band(km: float | None) -> str:
    """Name how far a village lies from the facility that serves it."""
    if km is None:
        return UNKNOWN
    return next((name for name, most in zip(BANDS, KM, strict=False) if km < most), BANDS[len(KM)])


def summed(parts: Iterable[tuple[str, Tally]], groups: Iterable[str]) -> dict[str, Tally]:
    """Add up the tallies of each group; groups without anybody are there too."""
    found = dict.fromkeys(groups, Tally())
    for group, tally in parts:
        found[group] += tally
    return found


def lines(tallies: Mapping[str, Tally], *, days: int, terms: TableValue) -> list[Line]:
    """Give the figures of a table's groups, the small ones held back.

    A number of visits is held back where too few people made them. Rates are of shown figures, so
    that none tells more than they do.
    """
    listed = list(tallies.values())
    people, visits, deliveries, stays = (
        shown([Cell(units, value) for units, value in column], "people", terms)
        for column in (
            [(one.people, one.people) for one in listed],
            [(one.visitors, one.visits) for one in listed],
            [(one.deliveries, one.deliveries) for one in listed],
            [(one.stays, one.stays) for one in listed],
        )
    )
    return [
        Line(*row, rate=_rate(row[1], row[2], days))
        for row in zip(tallies, people, visits, deliveries, stays, strict=True)
    ]


def _rate(people: int | None, visits: int | None, days: int) -> int | None:
    if not people or visits is None:
        return None
    return round(visits * 100 * 365 / days / people)
