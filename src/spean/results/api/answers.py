"""Answers over the API."""

from datetime import date
from typing import Any, Literal

from ninja import Schema

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, AreaCode, Router
from spean.kernel.edge import WithActor
from spean.results import queries
from spean.results.queries import Question

router = Router(tags=["results"])


class RowOut(Schema):
    """One figure; null where it is held back."""

    code: str
    figure: int | None


class FiguresAnswerOut(Schema):
    """The figures of a question, as of the day of the snapshot."""

    what: str
    by: str
    area: str
    only: dict[str, str]
    as_of: date
    policy_version: str
    rows: list[RowOut]
    total: int | None
    held_back: int


@router.get("/answers", response={200: FiguresAnswerOut, **PROBLEMS})
@access.declared(queries.PERMISSION, purpose=Purpose.STATISTICS)
def answers(
    request: WithActor,
    what: str = queries.PEOPLE,
    by: Literal["place", "level", "age", "sex", "disability", "area_class"] = "place",
    area: AreaCode = "",
    level: str = "",
    age: str = "",
    sex: str = "",
    disability: str = "",
    area_class: str = "",
) -> Any:
    """Count people, households or a programme's riel, divided and narrowed; small ones held back.

    `what` is people, households or a programme's code.
    """
    given = {
        "level": level, "age": age, "sex": sex, "disability": disability, "area_class": area_class,
    }  # fmt: skip
    only = {name: value for name, value in given.items() if value}
    found = queries.answer(Question(what, by, area, only), by=request.actor)
    return FiguresAnswerOut(
        what=what, by=by, area=area, only=only, as_of=found.as_of,
        policy_version=found.policy_version, total=found.total, held_back=found.held_back,
        rows=[RowOut(code=row.code, figure=row.figure) for row in found.rows],
    )  # fmt: skip
