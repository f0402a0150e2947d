"""The use of services over the API: figures that name nobody."""

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


class FundLineOut(Schema):
    """A group's figures, each null where it is held back; `rate` is visits a year of 100 people."""

    code: str
    people: int | None
    visits: int | None
    deliveries: int | None
    stays: int | None
    rate: int | None


class FundCostOut(Schema):
    """The riel that patients would have been asked for a case, by facility level and service."""

    level: str
    service: str
    cases: int | None
    fee: int | None


class UseOut(Schema):
    """A year's use of services by who lives in an area, wherever they went.

    Visits count from after `since` until `on`; people as of the snapshot of `as_of`.
    """

    area: str
    since: date
    on: date
    as_of: date
    total: FundLineOut
    by_level: list[FundLineOut]
    by_distance: list[FundLineOut]
    by_place: list[FundLineOut]
    costs: list[FundCostOut]


@router.get("/use", response={200: UseOut, **PROBLEMS})
@access.declared(queries.VIEW_USE, purpose=Purpose.STATISTICS)
def use(request: WithActor, area: AreaCode = "", on: date | None = None) -> Any:
    """Say who came for care in the year up to a day (today); small figures are held back."""
    day = on or timezone.localdate()
    return UseOut.from_orm(queries.use_of_services(by=request.actor, on=day, area=area))
