"""What cases cost and how long facilities wait, over the API: figures that name nobody."""

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Schema

from spean.health_equity import queries
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, AreaCode, Router
from spean.kernel.edge import WithActor

router = Router()


class CaseCostOut(Schema):
    """Cases and the riel paid for one, each null where it is held back."""

    code: str
    cases: int | None
    riel: int | None


class WaitOut(Schema):
    """Days: half of the claims took `median` at most, nine of ten `most`."""

    median: int | None
    most: int | None


class MonthWaitsOut(Schema):
    """The days of each step for the claims of a month."""

    month: date
    claims: int | None
    judged: WaitOut
    stated: WaitOut
    paid: WaitOut
    whole: WaitOut


class CostsOut(Schema):
    """Costs of cases that ended after `since` until `on`, by service, level, poverty, place and
    facility (where an area is asked for), and delays by month.
    """

    area: str
    since: date
    on: date
    total: CaseCostOut | None
    by: dict[str, list[CaseCostOut]]
    delays: list[MonthWaitsOut]


@router.get("/costs", response={200: CostsOut, **PROBLEMS})
@access.declared(queries.VIEW_USE, purpose=Purpose.STATISTICS)
def costs(request: WithActor, area: AreaCode = "", on: date | None = None) -> Any:
    """Say what cases cost and how long facilities waited, up to a day (today)."""
    day = on or timezone.localdate()
    return CostsOut.from_orm(queries.costs(by=request.actor, on=day, area=area))
