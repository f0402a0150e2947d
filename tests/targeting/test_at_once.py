"""Two clerks at one case at the same moment: one wins, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import Conflict
from spean.targeting import actions
from spean.targeting.models import Assessment
from tests.targeting.conftest import DAY

pytestmark = pytest.mark.django_db(transaction=True)


def _together(one: Callable[[], Any], other: Callable[[], Any]) -> list[Any]:
    """Run both at once, each on a connection of its own; give results or conflicts."""
    start = Barrier(2)

    def run(act: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return act()
        except Conflict as conflict:
            return conflict
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, (one, other)))


def test_of_two_councils_that_decide_at_once_one_wins_and_the_other_is_told(
    case_at: Callable[..., Assessment], actor: Callable[..., Actor]
) -> None:
    case = case_at("displayed")
    councils = [
        actor("commune_council", "160101", Purpose.TARGETING, name=name) for name in ("one", "two")
    ]

    def deciding(by: Actor, level: str, reason: str) -> Callable[[], Assessment]:
        return lambda: actions.decide(
            assessment_id=case.pk,
            version=case.version,
            level=level,
            reason=reason,
            by=by,
            on=DAY + timedelta(days=7),
        )

    answers = _together(
        deciding(councils[0], "poor_1", ""), deciding(councils[1], "poor_2", "debt")
    )

    won = next(answer for answer in answers if isinstance(answer, Assessment))
    lost = next(answer for answer in answers if isinstance(answer, Conflict))
    kept = Assessment.objects.get()
    assert isinstance(lost, actions.ChangedMeanwhile)
    assert (kept.council_by, kept.council_level) == (won.council_by, won.council_level)
    assert kept.steps.filter(step="decide").count() == 1


def test_of_two_requests_for_one_household_at_once_one_is_taken(
    household: Any, people: dict[str, Actor]
) -> None:
    def asking() -> Assessment:
        return actions.request_assessment(
            household_id=household.pk, channel="commune_office", by=people["clerk"], on=DAY
        )

    answers = _together(asking, asking)

    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyOpen", "Assessment"]
    assert Assessment.objects.count() == 1
