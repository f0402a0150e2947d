"""The scorecard and the dashboard over the API; neither names anybody."""

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Schema

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, AreaCode, Router
from spean.kernel.policy import Scorecard
from spean.targeting import queries
from spean.targeting.api.schemas import Asked

router = Router(tags=["targeting"])


class ChoiceOut(Schema):
    """One answer and its points."""

    code: str
    km: str
    en: str
    points: int


class QuestionOut(Schema):
    """One question; a derived one is answered from the household's record."""

    code: str
    km: str
    en: str
    derived: bool
    answers: list[ChoiceOut]


class ScorecardOut(Schema):
    """The scorecard in force on a day, with its source."""

    since: date
    reference: str
    assumed: bool
    cut_offs: dict[str, int]
    questions: list[QuestionOut]


class StateOut(Schema):
    """Cases at one state."""

    state: str
    label: str
    cases: int
    overdue: int


class LevelOut(Schema):
    """Households of one level, their people and their heads."""

    households: int
    persons: int
    female_heads: int
    male_heads: int


class CommuneOut(Schema):
    """The poor of one commune by level."""

    code: str
    name_km: str
    name_en: str
    levels: dict[str, LevelOut]


class MonthOut(Schema):
    """Cases opened and confirmed in one month."""

    month: date
    requested: int
    confirmed: int


class AgeOut(Schema):
    """Open cases by the days since they were asked for."""

    least: int
    most: int | None
    cases: int


class DashboardOut(Schema):
    """The figures of one area on one day."""

    area: str
    on: date
    states: list[StateOut]
    communes: list[CommuneOut]
    months: list[MonthOut]
    ages: list[AgeOut]


@router.get("/scorecard", response={200: ScorecardOut, **PROBLEMS})
@access.signed_in(Purpose.TARGETING)
def scorecard(request: Asked, on: date | None = None) -> Any:
    """Give the scorecard in force on a day (today if none is named)."""
    return _described(queries.scorecard(on=on or timezone.localdate()))


@router.get("/dashboard", response={200: DashboardOut, **PROBLEMS})
@access.declared("targeting.view_dashboard", purpose=Purpose.STATISTICS)
def dashboard(
    request: Asked,
    area: AreaCode = "",
    on: date | None = None,
) -> Any:
    """Give the figures of an area."""
    found = queries.dashboard(area, by=request.actor, on=on or timezone.localdate())
    return DashboardOut.model_validate(found)


def _described(card: Scorecard) -> ScorecardOut:
    return ScorecardOut(
        since=card.since,
        reference=card.reference,
        assumed=card.assumed,
        cut_offs=dict(card.cut_offs),
        questions=[
            QuestionOut(
                code=question.code,
                km=question.text.km,
                en=question.text.en,
                derived=question.derived,
                answers=[
                    ChoiceOut(code=a.code, km=a.text.km, en=a.text.en, points=a.points)
                    for a in question.answers
                ],
            )
            for question in card.questions
        ],
    )
