"""Deaths of mothers and children over the API."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from ninja import Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.maternal_child import actions, queries
from spean.maternal_child.models import Death

NOTIFY, VIEW = "maternal_child.notify_death", "maternal_child.view_deaths"
REVIEW = "maternal_child.review_death"
router = Router(tags=["maternal_child"])


class DeathIn(StrictSchema):
    """A death told of."""

    died_on: date
    place: str
    account: str = ""


class CareReviewIn(StrictSchema):
    """What a review found."""

    cause: str
    delays: list[str] = []
    avoidable: bool
    measures: str


class DeathOut(StrictSchema):
    """A death, and its review once there is one."""

    id: UUID
    person_id: UUID
    village: str
    kind: str
    died_on: date
    place: str
    notified_on: date
    reviewed_on: date | None
    cause: str
    delays: list[str]
    avoidable: bool | None
    measures: str


def _out(found: Death) -> DeathOut:
    same = (
        "person_id", "kind", "died_on", "place", "notified_on", "reviewed_on", "cause", "delays",
        "avoidable", "measures",
    )  # fmt: skip
    given = {name: getattr(found, name) for name in same}
    return DeathOut(id=found.pk, village=found.village.code, **given)


@router.post("/people/{person_id}/death", response={201: DeathOut, **PROBLEMS})
@idempotent
@access.declared(NOTIFY, purpose=Purpose.CARE)
def notify(request: WithActor, person_id: UUID, death: DeathIn) -> Status[DeathOut]:
    """Tell of a death."""
    made = actions.notify_death(
        person_id=person_id, **death.model_dump(), by=request.actor, on=timezone.localdate()
    )
    return Status(201, _out(made))


@router.get("/deaths", response={200: Page[DeathOut], **PROBLEMS})
@access.declared(VIEW, purpose=Purpose.CARE)
def deaths(request: WithActor, cursor: str | None = None, limit: int = 25) -> Page[DeathOut]:
    """List the deaths of the actor's areas, the newest first."""
    found = queries.deaths(by=request.actor)
    rows, following = page_of(found, cursor=cursor, limit=limit, key="-id")
    return Page[DeathOut](items=[_out(row) for row in rows], next=following)


@router.get("/deaths/{death_id}", response={200: DeathOut, **PROBLEMS})
@access.declared(VIEW, purpose=Purpose.CARE)
def death(request: WithActor, death_id: UUID) -> DeathOut:
    """Give one death."""
    return _out(queries.death(death_id, by=request.actor))


@router.post("/deaths/{death_id}/review", response={200: DeathOut, **PROBLEMS})
@idempotent
@access.declared(REVIEW, purpose=Purpose.CARE)
def review(request: WithActor, death_id: UUID, review: CareReviewIn) -> DeathOut:
    """Keep what the committee found."""
    found = actions.review_death(
        death_id=death_id, review=actions.Review(**review.model_dump()), by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return _out(found)
