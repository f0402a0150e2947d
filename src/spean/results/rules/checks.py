"""What a monthly report is held to: named rules over its counts and those of the months before.

WHO, Data quality review, module 2 (2017): completeness, outliers against the own history,
consistency between counts. A doubt is shown, never corrected by itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from spean.kernel.errors import N_
from spean.kernel.policy import TableValue

Counts = Mapping[str, int]
Months = Sequence[Counts]  # of the months before, the newest first
PLACES = ("births_health_centre", "births_hospital", "births_home", "births_on_the_way")
ATTENDANTS = (
    "births_midwife", "births_doctor", "births_nurse", "births_traditional", "births_nobody",
)  # fmt: skip
OUTCOMES = ("live_births", "fresh_stillbirths", "macerated_stillbirths")


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is to be looked at: the rule, the row of the report, its count, and what was expected.

    `expected` is a count, or a range.
    """

    rule: str
    row: str
    count: int
    expected: tuple[int, int]


def checked(counts: Counts, before: Months, bounds: TableValue) -> list[Doubt]:
    """Hold a report's counts to every rule."""
    return [
        Doubt(name, row, count, expected)
        for name, (_, rule) in CHECKS.items()
        for row, count, expected in rule(counts, before, bounds)
    ]


Found = Iterator[tuple[str, int, tuple[int, int]]]


def _outliers(counts: Counts, before: Months, bounds: TableValue) -> Found:
    """Far from the mean of the own last months, by SD and by a margin for small numbers."""
    sd, least, most, margin = (
        int(bounds.cell("outlier", name))
        for name in ("sd", "months_at_least", "months_at_most", "margin")
    )
    months = before[:most]
    for row, count in counts.items() if len(months) >= least else ():
        past = [month.get(row, 0) for month in months]
        middle = mean(past)
        away = max(sd * stdev(past), margin)
        if count and abs(count - middle) > away:
            yield row, count, (max(0, round(middle - away)), round(middle + away))


def _missing(counts: Counts, before: Months, bounds: TableValue) -> Found:
    """Nothing, where every one of the last months had something."""
    least, most = (
        int(bounds.cell("outlier", name)) for name in ("months_at_least", "months_at_most")
    )
    months = before[:most]
    for row, count in counts.items() if len(months) >= least else ():
        past = [month.get(row, 0) for month in months]
        if not count and min(past) > 0:
            yield row, count, (min(past), max(past))


def _dropout(counts: Counts, before: Months, bounds: TableValue) -> Found:
    """More third doses than first ones, over this month and the last ones together."""
    most = int(bounds.cell("outlier", "months_at_most"))
    for vaccine in ("penta", "opv", "pcv"):
        first, third = (
            sum(month.get(f"{vaccine}_{n}_{age}", 0) for age in ("under_1", "older")
                for month in (counts, *before[: most - 1]))
            for n in (1, 3)
        )  # fmt: skip
        if third > first:
            yield f"{vaccine}_3_under_1", third, (0, first)


def _adds_up(whole: str, parts: Sequence[str]) -> Callable[[Counts, Months, TableValue], Found]:
    def rule(counts: Counts, before: Months, bounds: TableValue) -> Found:
        found = sum(counts.get(one, 0) for one in parts)
        if found != counts.get(whole, 0):
            yield whole, counts.get(whole, 0), (found, found)

    return rule


def _not_weighed(counts: Counts, before: Months, bounds: TableValue) -> Found:
    weighed, born = counts.get("weighed", 0), counts.get("live_births", 0)
    if weighed < born:
        yield "weighed", weighed, (born, born)


CHECKS: Mapping[str, tuple[str, Callable[[Counts, Months, TableValue], Found]]] = {
    "missing": (
        N_("Nothing is recorded, but every one of the last months had some. Was it written down?"),
        _missing,
    ),
    "outlier": (
        N_("Far from the last months of this facility. Is it right, and why?"),
        _outliers,
    ),
    "third_dose": (
        N_("More third doses than first doses in the last year. Were first doses written down?"),
        _dropout,
    ),
    "births_by_place": (N_("The places of birth don’t add up to the births."),
                        _adds_up("births", PLACES)),
    "births_by_attendant": (N_("Those who attended don’t add up to the births."),
                            _adds_up("births", ATTENDANTS)),
    "babies_by_outcome": (N_("Live births and stillbirths don’t add up to the babies."),
                          _adds_up("babies", OUTCOMES)),
    "births_by_sex": (N_("Girls and boys don’t add up to the live births."),
                      _adds_up("live_births", ("live_girls", "live_boys"))),
    "not_weighed": (N_("Not every baby born alive was weighed."), _not_weighed),
}  # fmt: skip
