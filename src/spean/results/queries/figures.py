"""Indicators of an area and a period, from the last run: all of them, or one divided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from spean.kernel import access, disclosure
from spean.kernel.access import Actor
from spean.kernel.disclosure import Cell
from spean.kernel.errors import N_, SpeanError
from spean.kernel.policy import Indicator, IndicatorSet, TableValue, policy
from spean.locations import queries as locations
from spean.results.queries import frozen, indicators
from spean.results.queries.answers import AREA, COMMUNE, LEVELS, SEXES
from spean.results.queries.counting import VALUES, Asked, Counts, count, parts_of
from spean.results.queries.frozen import Frozen
from spean.results.queries.indicators import Aim
from spean.results.rules import Figure, Part, Span, before, figures, of_day, part, span

VIEW, RECORDS = "results.view_indicators", "maternal_child.view_record"
COMPLETE = (Part("babies", ("live",)), Part("deaths", ("under_five",)))
DIVISIONS = ("place", "level", "sex", "period")
PERIODS_BACK = {"month": 24, "quarter": 12, "year": 3}


class NotDivided(SpeanError):
    """Refuse a division, or a value of one, that there is not."""

    code = "results.not_divided"
    message = N_("Indicators can't be divided or narrowed by “%(by)s”. Choose something else.")
    status = 422
    field = "by"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose indicators, when, of whom alone (`only`: level or sex to one of its values)."""

    area: str
    period: Span
    only: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One group's figure: the code of its place, level, sex or period."""

    code: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator with its figure and what is aimed at."""

    indicator: Indicator
    figure: Figure
    aim: Aim | None


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what was to be expected is recorded; None where held back."""

    people: int | None
    expected_births: int
    live_births: int | None
    expected_deaths: int
    deaths: int | None
    reference: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All indicators of an area and a period, in their sets."""

    wanted: Wanted
    run: Frozen
    exact: bool
    sets: Sequence[tuple[IndicatorSet, Sequence[Line]]]
    completeness: Completeness


@dataclass(frozen=True, slots=True)
class Divided:
    """One indicator divided by place, level, sex or period."""

    wanted: Wanted
    run: Frozen
    exact: bool
    indicator: Indicator
    definition: IndicatorSet
    by: str
    rows: Sequence[Row]
    total: Figure
    aim: Aim | None


def wanted(area: str, period: str, only: Mapping[str, str], *, on: date) -> Wanted:
    """Read what is asked for; "" is the year of the last run. Raises BadPeriod, NotDivided."""
    if not AREA.fullmatch(area):
        raise NotDivided(by=area[:60])
    for name, value in only.items():
        if value not in VALUES.get(name, ()):
            raise NotDivided(by=f"{name} = {value}"[:60])
    return Wanted(area, span(period or str(on.year)), dict(only))


def overview(asked: Wanted, *, by: Actor) -> Overview:
    """Give every indicator of an area and a period.

    Raises NotAllowed, NoIndicators, WrongHash. Small figures are held back but from who may read
    the records themselves.
    """
    run, terms = _opened(asked.area, by)
    sets = indicators.groups(run.as_of)
    listed = [one for group in sets.values() for one in group.rows if _says(one, asked.period)]
    counts = _count(run, parts_of(listed), asked, "").get("", {})
    lines: dict[str, Line] = {}
    for one in listed:
        figure = figures(one, [_pair(one, counts)], terms)[0]
        lines[one.code] = Line(one, figure, indicators.aim(one.code, asked.area, run.as_of))
    return Overview(
        asked, run, terms is None,
        [(group, [lines[one.code] for one in group.rows if one.code in lines])
         for group in sets.values()],
        _completeness(run, asked, terms),
    )  # fmt: skip


def divided(code: str, division: str, asked: Wanted, *, by: Actor) -> Divided:
    """Give one indicator divided. Raises as `overview` does, UnknownIndicator, NotDivided."""
    run, terms = _opened(asked.area, by)
    indicator, definition = indicators.indicator(code, run.as_of)
    if division not in DIVISIONS:
        raise NotDivided(by=division[:60])
    spans = _spans(asked, indicator, run) if division == "period" else []
    counts = _count(run, parts_of([indicator]), asked, division, spans)
    codes = [one.code for one in spans] or _codes(division, asked, run, counts)
    pairs = [_pair(indicator, counts.get(one, {})) for one in codes]
    whole = _pair(indicator, _count(run, parts_of([indicator]), asked, "").get("", {}))
    return Divided(
        asked, run, terms is None, indicator, definition, division,
        [Row(one, figure)
         for one, figure in zip(codes, figures(indicator, pairs, terms), strict=True)],
        figures(indicator, [whole], terms)[0],
        indicators.aim(code, asked.area, run.as_of),
    )  # fmt: skip


def _opened(area: str, by: Actor) -> tuple[Frozen, TableValue | None]:
    """Open the last run for a reader; the terms of disclosure, None for who may see the records."""
    access.require(by, VIEW, area=area)
    run = frozen.latest()
    exact = access.allows(by, RECORDS, area=area)
    return run, None if exact else policy.table("results.disclosure", on=run.as_of)


def _says(indicator: Indicator, period: Span) -> bool:
    """Say whether an indicator says anything of so short a period."""
    order = ("month", "quarter", "year")
    return order.index(indicator.shortest) <= order.index(period.kind)


def _count(
    run: Frozen, parts: Sequence[Part], asked: Wanted, division: str, spans: Sequence[Span] = ()
) -> Counts:
    question = Asked(asked.area, spans or [asked.period], division, asked.only)
    with frozen.cursor() as engine:
        return count(engine, run.tables, parts, question)


def _spans(asked: Wanted, indicator: Indicator, run: Frozen) -> list[Span]:
    """Give the periods until the one asked for, as far back as the run goes.

    Of a year the quarters, where they say anything: three points would show no change.
    """
    last = asked.period
    if last.kind == "year" and indicator.shortest != "year":
        last = of_day(min(last.end - timedelta(days=1), run.as_of), "quarter")
    back = before(last, PERIODS_BACK[last.kind])
    return [one for one in back if one.start >= run.since and one.start <= run.as_of]


def _codes(division: str, asked: Wanted, run: Frozen, counts: Counts) -> Sequence[str]:
    if division == "period":
        return []
    if division == "place":
        if len(asked.area) >= COMMUNE:
            return []
        here = locations.children(asked.area, run.as_of).values_list("code", flat=True)
        return sorted({*here, *counts})
    return LEVELS if division == "level" else SEXES


def _pair(indicator: Indicator, counts: Mapping[Part, int]) -> tuple[int, int]:
    of = counts.get(part(indicator.of), 0) if indicator.of else 0
    return counts.get(part(indicator.counts), 0), of


def _completeness(run: Frozen, asked: Wanted, terms: TableValue | None) -> Completeness:
    """Hold what is recorded against what so many people would have in the days that passed."""
    expected = policy.table("results.expected", on=run.as_of)
    days = (min(asked.period.end, run.as_of + timedelta(days=1)) - asked.period.start).days
    everybody = Wanted(asked.area, asked.period, _without_sex(asked))
    people = _people(run, everybody)
    births = people * float(expected.cell("births", "of_people")) / 1000 * max(0, days) / 365.25
    deaths = births * float(expected.cell("under_five_deaths", "of_live_births")) / 1000
    counts = _count(run, COMPLETE, everybody, "").get("", {})
    found = [people, *(counts.get(one, 0) for one in COMPLETE)]
    if terms is None:
        shown: list[int | None] = [*found]
    else:
        shown = [disclosure.shown([Cell(one, one)], "people", terms)[0] for one in found]
    return Completeness(
        shown[0], round(births), shown[1], round(deaths), shown[2], expected.reference
    )


def _without_sex(asked: Wanted) -> dict[str, str]:
    return {name: value for name, value in asked.only.items() if name != "sex"}


def _people(run: Frozen, asked: Wanted) -> int:
    level = asked.only.get("level")
    with frozen.cursor() as engine:
        row = engine.execute(
            f"SELECT coalesce(sum(people), 0)::BIGINT FROM {run.tables['people']}"
            " WHERE starts_with(village, ?) AND (? IS NULL OR level = ?)",
            [asked.area, level, level],
        ).fetchone()
    return int(row[0]) if row else 0
