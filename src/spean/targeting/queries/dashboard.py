"""Figures of an area: requests by state, the poor by commune, the trend, what waits how long."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr, TruncMonth

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.periods import add_months
from spean.locations import queries as locations
from spean.locations.queries import valid
from spean.targeting.models import OPEN, Assessment, Level, PovertyStatus, State

MONTHS = 12
AGES = ((0, 7), (8, 30), (31, 90), (91, None))
POOR = (Level.POOR_1, Level.POOR_2, Level.AT_RISK)


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many cases stand at one state, and how many of them are late."""

    state: str
    label: str
    cases: int
    overdue: int


@dataclass(frozen=True, slots=True)
class LevelCount:
    """Households of one level: how many, their people, and who heads them."""

    households: int = 0
    persons: int = 0
    female_heads: int = 0
    male_heads: int = 0


@dataclass(frozen=True, slots=True)
class CommuneCount:
    """The poor of one commune by level, as Report 10 of the national database has them."""

    code: str
    name_km: str
    name_en: str
    levels: dict[str, LevelCount]

    @property
    def households(self) -> int:
        """Households of all the levels."""
        return sum(level.households for level in self.levels.values())

    @property
    def persons(self) -> int:
        """People of all the levels."""
        return sum(level.persons for level in self.levels.values())


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many cases were opened and confirmed in the month that begins on a day."""

    month: date
    requested: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class AgeCount:
    """How many open cases were asked for so many days ago; `most` is None for the oldest."""

    least: int
    most: int | None
    cases: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures of one area on one day."""

    area: str
    on: date
    states: tuple[StateCount, ...]
    communes: tuple[CommuneCount, ...]
    months: tuple[MonthCount, ...]
    ages: tuple[AgeCount, ...]


def dashboard(area: str, *, by: Actor, on: date) -> Dashboard:
    """Give the figures of an area; they name nobody. Six queries. Raises NotAllowed."""
    access.require(by, "targeting.view_dashboard", area=area)
    cases = Assessment.objects.filter(village__code__startswith=area).order_by()
    return Dashboard(
        area=area,
        on=on,
        states=_states(cases, on),
        communes=poor_by_commune(area, by=by, on=on),
        months=_months(cases, on),
        ages=_ages(cases, on),
    )


def _states(cases: QuerySet[Assessment], on: date) -> tuple[StateCount, ...]:
    late = Q(state__in=OPEN, due_on__lt=on)
    rows = cases.values("state").annotate(cases=Count("id"), overdue=Count("id", filter=late))
    found = {row["state"]: row for row in rows}
    return tuple(
        StateCount(state.value, str(state.label), row["cases"], row["overdue"])
        for state in State
        if (row := found.get(state.value)) is not None
    )


def poor_by_commune(area: str, *, by: Actor, on: date) -> tuple[CommuneCount, ...]:
    """Give the poor of each commune of an area on a day, by level; communes without any too.

    Households without members on the day count as households. Two queries. Raises NotAllowed.
    """
    access.require(by, "targeting.view_dashboard", area=area)
    lives = Q(household__memberships__start__lte=on) & (
        Q(household__memberships__end__isnull=True) | Q(household__memberships__end__gt=on)
    )
    heads = lives & Q(household__memberships__relation="head")
    rows = (
        PovertyStatus.objects.filter(valid(on), household__village__code__startswith=area)
        .order_by()
        .annotate(commune=Substr("household__village__code", 1, 6))
        .values("commune", "level")
        .annotate(
            households=Count("id", distinct=True),
            persons=Count("household__memberships", filter=lives),
            female_heads=_heads(heads, "female"),
            male_heads=_heads(heads, "male"),
        )
    )
    return tuple(_by_commune(rows, area, on))


def _heads(heads: Q, sex: str) -> Count:
    return Count(
        "household__memberships", filter=heads & Q(household__memberships__person__sex=sex)
    )


def _by_commune(
    rows: Iterable[Mapping[str, object]], area: str, on: date
) -> Iterable[CommuneCount]:
    found: dict[str, dict[str, LevelCount]] = {}
    for row in rows:
        counts = {name: int(str(row[name])) for name in LevelCount.__slots__}
        found.setdefault(str(row["commune"]), {})[str(row["level"])] = LevelCount(**counts)
    commune = area[:6]
    listed = locations.places("commune", on=on).filter(code__startswith=commune)
    names = {place.code: place for place in listed}
    for code in sorted(names.keys() | found.keys()):
        place = names.get(code)
        yield CommuneCount(
            code=code,
            name_km=place.name_km if place else code,
            name_en=place.name_en if place else code,
            levels={level.value: found.get(code, {}).get(level, LevelCount()) for level in POOR},
        )


def _months(cases: QuerySet[Assessment], on: date) -> tuple[MonthCount, ...]:
    first = add_months(on.replace(day=1), 1 - MONTHS)
    requested = _by_month(cases.filter(requested_on__gte=first), "requested_on")
    confirmed = _by_month(cases.filter(state=State.CONFIRMED, closed_on__gte=first), "closed_on")
    months = [add_months(first, n) for n in range(MONTHS)]
    return tuple(MonthCount(m, requested.get(m, 0), confirmed.get(m, 0)) for m in months)


def _by_month(cases: QuerySet[Assessment], field: str) -> dict[date, int]:
    rows = cases.values(month=TruncMonth(F(field))).annotate(number=Count("id"))
    return {row["month"]: row["number"] for row in rows}


def _ages(cases: QuerySet[Assessment], on: date) -> tuple[AgeCount, ...]:
    counts = {}
    for least, most in AGES:
        since = Q(requested_on__lte=on - timedelta(days=least))
        if most is not None:
            since &= Q(requested_on__gte=on - timedelta(days=most))
        counts[f"age_{least}"] = Count("id", filter=since)
    found = cases.filter(state__in=OPEN).aggregate(**counts)
    return tuple(AgeCount(least, most, found[f"age_{least}"]) for least, most in AGES)
