"""Simulations that were kept."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.policy import Rows
from spean.programmes.queries import Strike, for_who_is_struck
from spean.results import queries as results
from spean.simulation.models import Scenario
from spean.simulation.queries.words import LEVELS
from spean.simulation.rules import STRUCK, Draft, Group, Move, OfLevel, of_level

VIEW = "simulation.view"


def scenarios(*, by: Actor) -> QuerySet[Scenario]:
    """List one's own simulations and those that were shared, of one's areas."""
    mine = Q(made_by=by.name) | Q(shared=True)
    return access.within(Scenario.objects.filter(mine), by, VIEW, code="area")


def scenario(scenario_id: UUID, *, by: Actor) -> Scenario:
    """Give one simulation. Raises NotFound, also for one that isn't shared."""
    found = scenarios(by=by).filter(pk=scenario_id).first()
    if found is None:
        raise NotFound
    return found


def groups(found: Scenario) -> list[Group]:
    """Give a simulation's groups, the whole first."""
    return [Group.from_row(row) for row in found.outcome["groups"]]


def shown_groups(found: Scenario) -> list[tuple[Group, bool]]:
    """Give the groups, and whether each may be shown: one of too few families gives nobody away."""
    listed = groups(found)
    shown: list[tuple[Group, bool]] = []
    for kind in dict.fromkeys(one.kind for one in listed):
        of_kind = [one for one in listed if one.kind == kind]
        figures = results.shown_households([one.households for one in of_kind], on=found.as_of)
        shown += [(one, n is not None) for one, n in zip(of_kind, figures, strict=True)]
    return shown


def levels(found: Scenario) -> list[OfLevel]:
    """Give what a drafted scorecard does to each level; None where too few families are counted.

    A list without any where the draft has no other scorecard.
    """
    moved = moves(found)
    if not moved:
        return []
    known = [of_level(level, moved) for level in LEVELS]
    now, draft, come, leave = (
        results.shown_households([getattr(one, name) for one in known], on=found.as_of)
        for name in ("now", "draft", "come", "leave")
    )
    return [
        OfLevel(
            one.level, now[n], draft[n], come[n], leave[n],
            poor_now=None if now[n] is None else one.poor_now,
            poor_draft=None if draft[n] is None else one.poor_draft,
        )
        for n, one in enumerate(known)
    ]  # fmt: skip


def moves(found: Scenario) -> list[Move]:
    """Give the moves between levels that a drafted scorecard makes."""
    return [Move(**row) for row in found.outcome.get("moves", [])]


def draft_of(found: Scenario) -> Draft:
    """Give the draft that was simulated."""
    return Draft(
        on=found.on, area=found.area, hit=tuple(found.hit), only_hit=found.only_hit,
        changes=read_changes(found.changes),
        **{name: tuple(found.struck[name]) for name in STRUCK if name in found.struck},
    )  # fmt: skip


def strikes_of(draft: Draft) -> tuple[Strike, ...]:
    """Give whom a draft takes to be struck, if anybody."""
    paid_by = draft.paid_by or tuple(for_who_is_struck())
    one = Strike(draft.hit, draft.families, draft.left_out, paid_by)
    return (one,) if draft.hit or draft.families else ()


def read_changes(kept: Mapping[str, Any]) -> dict[str, Rows | None]:
    """Read the changed tables as they are kept: numbers as text."""
    return {
        key: rows and {
            row: {column: Decimal(value) for column, value in cells.items()}
            for row, cells in rows.items()
        }
        for key, rows in kept.items()
    }  # fmt: skip
