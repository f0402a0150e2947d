"""Simulations over the API."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.simulation import actions, queries
from spean.simulation.models import Scenario
from spean.simulation.rules import SIDES, Draft

router = Router(tags=["simulation"])
Cells = dict[str, Decimal]


class DraftIn(StrictSchema):
    """A draft. `changes` gives other rows for a table by its key; null gives a programme up.

    A table is given whole: the rows that it shall have, each with all its columns, in riel.
    A household transfer may also have `percent_of_minimum`: percent of what the family must spend.
    `programmes.minimum_basket` has `home`, `food` and `other` for each kind of area (riel a month),
    `programmes.food_needs` and `programmes.other_needs` a percent `value` from each age on,
    `simulation.poverty_line` a `line` for each kind of area (riel a person and day).
    `targeting.scorecard` is changed by rows `<question>.<answer>` and `cut_offs.<level>`, each with
    its `points`; what is left out stays.
    """

    title: str = Field(min_length=1, max_length=120)
    on: date | None = None
    area: str = Field("", max_length=6)
    hit: list[str] = Field([], max_length=2000)
    only_hit: bool = False
    changes: dict[str, dict[str, Cells] | None] = Field({}, max_length=50)


class SideOut(Schema):
    """What a policy does to a group; the measures are percentages."""

    riel_a_year: int
    households: int
    people: int
    coverage: float | None
    inclusion_error: float | None
    exclusion_error: float | None
    poverty_rate: float | None
    poverty_gap: float | None
    below_minimum: float | None
    adequacy: float | None


class ByDraftOut(Schema):
    """The same group measured by the draft's own poverty line and minimum expenditure."""

    poverty_rate_without: float | None
    poverty_gap_without: float | None
    below_minimum_without: float | None
    now: SideOut
    draft: SideOut


class GroupOut(Schema):
    """A group: whole, place, area_class, child_headed, disability. Nulls where it is too small.

    Measured by the poverty line and the minimum in force; `by_draft` where the draft has its own.
    """

    kind: str
    code: str
    households: int | None = None
    people: int | None = None
    poverty_rate_without: float | None = None
    poverty_gap_without: float | None = None
    below_minimum_without: float | None = None
    winners: int | None = None
    losers: int | None = None
    now: SideOut | None = None
    draft: SideOut | None = None
    by_draft: ByDraftOut | None = None


class ScenarioOut(Schema):
    """A simulation that was kept."""

    id: UUID
    title: str
    on: date
    area: str
    hit: list[str]
    only_hit: bool
    changes: dict[str, dict[str, Cells] | None]
    as_of: date
    policy_version: str
    shared: bool
    made_by: str


class ScenarioLevelOut(Schema):
    """What a drafted scorecard does to a level: families; null where they are too few."""

    level: str
    now: int | None
    draft: int | None
    come: int | None
    leave: int | None
    poor_now: float | None
    poor_draft: float | None


class OutcomeOut(ScenarioOut):
    """A simulation with its outcome; `levels` where the draft has another scorecard."""

    groups: list[GroupOut]
    levels: list[ScenarioLevelOut]
    programmes: dict[str, dict[str, int]]


@router.get("/scenarios", response={200: Page[ScenarioOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=Purpose.STATISTICS)
def scenarios(request: WithActor, cursor: str | None = None, limit: int = 25) -> Any:
    """List one's own simulations and those that were shared."""
    rows, following = page_of(
        queries.scenarios(by=request.actor), cursor=cursor, limit=limit, key="-id"
    )
    return {"items": [_head(row) for row in rows], "next": following}


@router.post("/scenarios", response={201: OutcomeOut, **PROBLEMS})
@access.declared(actions.SIMULATE, purpose=Purpose.STATISTICS)
@idempotent
def simulate(request: WithActor, body: DraftIn) -> Any:
    """Work out what a draft would do, over the last snapshot, by the rules that will pay."""
    draft = Draft(
        on=body.on or timezone.localdate(), area=body.area, hit=tuple(body.hit),
        only_hit=body.only_hit, changes=body.changes,
    )  # fmt: skip
    return Status(201, _out(actions.simulate(title=body.title, draft=draft, by=request.actor)))


@router.get("/scenarios/{scenario_id}", response={200: OutcomeOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=Purpose.STATISTICS)
def scenario(request: WithActor, scenario_id: UUID) -> Any:
    """Give one simulation with its outcome."""
    return _out(queries.scenario(scenario_id, by=request.actor))


@router.post("/scenarios/{scenario_id}/share", response={200: ScenarioOut, **PROBLEMS})
@access.declared(actions.SIMULATE, purpose=Purpose.STATISTICS)
@idempotent
def share(request: WithActor, scenario_id: UUID) -> Any:
    """Show one's own simulation to all who may look at simulations."""
    return _head(actions.share(scenario_id=scenario_id, by=request.actor))


def _head(found: Scenario) -> ScenarioOut:
    return ScenarioOut(**{name: getattr(found, name) for name in ScenarioOut.model_fields})


def _out(found: Scenario) -> OutcomeOut:
    shown = queries.shown_groups(found)
    return OutcomeOut(
        **_head(found).model_dump(),
        groups=[_group(*one) for one in shown],
        levels=[
            ScenarioLevelOut.model_validate(one, from_attributes=True)
            for one in queries.levels(found)
        ],
        programmes=found.outcome["programmes"] if shown and shown[0][1] else {},
    )


def _group(group: queries.Group, is_shown: bool) -> GroupOut:
    if not is_shown:
        return GroupOut(kind=group.kind, code=group.code)
    same = ("households", "people", "winners", "losers")
    again = group.by_draft
    return GroupOut(
        kind=group.kind, code=group.code, **_measured(group),
        by_draft=ByDraftOut(**_measured(again)) if again else None,
        **{name: getattr(group, name) for name in same},
    )  # fmt: skip


def _measured(group: queries.Group) -> dict[str, Any]:
    without = {f"{name}_without": figure for name, figure in group.without.items()}
    return without | {name: _side(group, name) for name in SIDES}


def _side(group: queries.Group, name: str) -> SideOut:
    side = group.side(name)
    return SideOut(
        riel_a_year=side.cost, households=side.households, people=side.people,
        **group.measures(name),
    )  # fmt: skip
