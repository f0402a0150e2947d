"""What the pages of figures say of the nation is worked out at night and kept for the day."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from spean.health_equity import actions, queries
from spean.health_equity.models import NationFigures
from spean.health_equity.queries.costs import work_out_costs
from spean.health_equity.queries.use import work_out_use
from spean.kernel import snapshots
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from tests.health_equity.test_costs import TODAY, Cases, analyst, cases
from tests.snapshots import HOME, MEMBER, write_snapshot

__all__ = ["analyst", "cases"]
NIGHT = timedelta(days=1)


@pytest.fixture
def snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Count 40 people of one village."""
    where = {"household": 1, "village": "16010101", "status": "poor_1"}
    opened = write_snapshot(tmp_path, [HOME | where], [MEMBER | where] * 40)
    monkeypatch.setattr(snapshots, "latest", lambda: opened)


def no_snapshot() -> None:
    raise snapshots.NoSnapshot


@pytest.fixture
def without_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody have taken a snapshot yet."""
    monkeypatch.setattr(snapshots, "latest", no_snapshot)


@pytest.mark.usefixtures("snapshot")
def test_what_is_kept_is_what_is_worked_out(cases: Cases, analyst: Actor, system: Actor) -> None:
    cases(20, "delivery", 80_000)

    assert list(actions.keep_figures(by=system, on=TODAY)) == ["costs", "use"]

    assert queries.costs(by=analyst, on=TODAY) == work_out_costs(on=TODAY)
    assert queries.use_of_services(by=analyst, on=TODAY) == work_out_use(on=TODAY)


@pytest.mark.usefixtures("without_snapshot")
def test_the_nation_waits_for_the_night_and_an_area_does_not(
    cases: Cases, analyst: Actor, system: Actor
) -> None:
    cases(20, "delivery", 80_000)
    actions.keep_figures(by=system, on=TODAY)
    cases(10, "delivery", 80_000)

    def seen(area: str = "", later: timedelta = timedelta(0)) -> int | None:
        total = queries.costs(by=analyst, on=TODAY + later, area=area).total
        return total.cases if total else None

    assert (seen(), seen("16")) == (20, 30)
    assert (seen(later=NIGHT), seen(later=2 * NIGHT)) == (20, 30)
    actions.keep_figures(by=system, on=TODAY)
    assert seen() == 30


@pytest.mark.usefixtures("without_snapshot", "db")
def test_without_a_snapshot_costs_are_kept_all_the_same_and_old_figures_go(
    system: Actor,
) -> None:
    for days in (8, 7, 0):
        assert actions.keep_figures(by=system, on=TODAY - timedelta(days=days)) == ["costs"]

    assert [one.on for one in NationFigures.objects.order_by("on")] == [TODAY - 7 * NIGHT, TODAY]


@pytest.mark.usefixtures("without_snapshot")
def test_the_page_says_of_which_days_the_kept_figures_are(
    cases: Cases, client_of: Callable[..., Client], system: Actor
) -> None:
    cases(20, "delivery", 80_000)
    actions.keep_figures(by=system, on=TODAY - NIGHT)

    page = client_of("analyst").get("/care/costs")

    assert page.context["found"].on == TODAY - NIGHT


def test_who_sees_no_figures_keeps_none(actor: Callable[..., Actor]) -> None:
    with pytest.raises(NotAllowed):
        actions.keep_figures(by=actor("analyst", "16", Purpose.STATISTICS), on=TODAY)
