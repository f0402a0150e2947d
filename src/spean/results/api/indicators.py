"""Indicators over the API: the figures, and by what they came about."""

from datetime import date
from typing import Any, Literal

from django.utils import timezone
from ninja import Schema

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, AreaCode, Router
from spean.kernel.edge import WithActor
from spean.results import queries
from spean.results.rules import Figure

router = Router(tags=["results"])
READ_FOR = (Purpose.STATISTICS, Purpose.CARE)


class AimOut(Schema):
    """What surveys measured and what is aimed at, as (year, value), and the source.

    `of_nation` where the area has none of its own.
    """

    of_nation: bool
    measured: list[tuple[int, float]]
    targets: list[tuple[int, float]]
    reference: str


class FigureOut(Schema):
    """A figure; null where held back or, for a rate, where nobody is in the denominator."""

    numerator: int | None
    denominator: int | None
    rate: float | None


class IndicatorOut(Schema):
    """An indicator: what is counted, of what, per how many."""

    code: str
    name_km: str
    name_en: str
    counts: str
    of: str
    per: int
    better: str


class IndicatorLineOut(IndicatorOut, FigureOut):
    """An indicator with its figure."""

    aim: AimOut | None


class CompletenessOut(Schema):
    """How much of what was to be expected is recorded; null where held back."""

    people: int | None
    expected_births: int
    live_births: int | None
    expected_deaths: int
    deaths: int | None
    reference: str


class IndicatorRunOut(Schema):
    """By which run and which definitions; `exact` where nothing is held back or rounded."""

    area: str
    period: str
    only: dict[str, str]
    as_of: date
    policy_version: str
    exact: bool


class IndicatorsOut(IndicatorRunOut):
    """Every indicator of an area and a period."""

    completeness: CompletenessOut
    indicators: list[IndicatorLineOut]


class IndicatorRowOut(FigureOut):
    """One group's figure."""

    code: str


class DividedOut(IndicatorRunOut):
    """One indicator divided by place, level, sex or period."""

    indicator: IndicatorOut
    reference: str
    by: str
    rows: list[IndicatorRowOut]
    total: FigureOut
    aim: AimOut | None


def _asked(area: str, period: str, level: str, sex: str) -> queries.Wanted:
    only = {name: value for name, value in (("level", level), ("sex", sex)) if value}
    return queries.wanted(area, period, only, on=timezone.localdate())


def _run(found: queries.Overview | queries.Divided) -> dict[str, Any]:
    return {
        "area": found.wanted.area, "period": found.wanted.period.code,
        "only": dict(found.wanted.only), "as_of": found.run.as_of,
        "policy_version": found.run.policy_version, "exact": found.exact,
    }  # fmt: skip


def _indicator(one: Any) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in ("code", "counts", "of", "per", "better")}
    return same | {"name_km": one.text.km, "name_en": one.text.en}


def _figure(one: Figure) -> dict[str, Any]:
    return {"numerator": one.counted, "denominator": one.of, "rate": one.rate}


@router.get("/indicators", response={200: IndicatorsOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=READ_FOR)
def indicators(
    request: WithActor, area: AreaCode = "", period: str = "", level: str = "", sex: str = ""
) -> Any:
    """Give every indicator of an area and a period (202609, 2026Q3, 2026; else this year)."""
    found = queries.overview(_asked(area, period, level, sex), by=request.actor)
    lines = [
        _indicator(line.indicator) | _figure(line.figure) | {"aim": line.aim}
        for _, group in found.sets
        for line in group
    ]
    return _run(found) | {"completeness": found.completeness, "indicators": lines}


@router.get("/indicators/{code}", response={200: DividedOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=READ_FOR)
def indicator(
    request: WithActor,
    code: str,
    by: Literal["place", "level", "sex", "period"] = "place",
    area: AreaCode = "",
    period: str = "",
    level: str = "",
    sex: str = "",
) -> Any:
    """Give one indicator divided by place, poverty level, sex, or the periods until this one.

    Of a year, `by=period` gives its quarters and those before.
    """
    found = queries.divided(code, by, _asked(area, period, level, sex), by=request.actor)
    return _run(found) | {
        "indicator": _indicator(found.indicator), "by": found.by, "aim": found.aim,
        "reference": found.definition.reference, "total": _figure(found.total),
        "rows": [{"code": row.code} | _figure(row.figure) for row in found.rows],
    }  # fmt: skip
