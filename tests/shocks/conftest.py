"""A flood in a small country of poor families, and who deals with it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from spean.kernel.access import Actor, Purpose
from spean.kernel.models import LongRun
from spean.locations.models import Place
from spean.shocks import actions
from spean.shocks.models import Event
from tests.programmes.conftest import family_in, worked_out  # noqa: F401 - fixtures
from tests.snapshots import AS_OF, HOME, MEMBER, write_snapshot

START = date(2026, 12, 1)
GRAVE = {"water_above_alarm": Decimal(80)}


@pytest.fixture
def country(places: dict[str, Place], tmp_path: Path) -> None:
    """Thirty poor families of two in Nhang, thirty in Kachanh."""
    homes, people = [], []
    for number in range(1, 61):
        village = "16010101" if number <= 30 else "16020101"
        home = HOME | {"household": number, "village": village}
        homes.append(home)
        people += [MEMBER | home, MEMBER | home | {"sex": "male", "relation": "spouse"}]
    write_snapshot(tmp_path / "snapshot", homes, people)
    LongRun.objects.create(
        kind="snapshot", state="done", started_by="test", finished_at=timezone.now(),
        result={"folder": str(tmp_path / "snapshot"), "as_of": AS_OF.isoformat()},
    )  # fmt: skip


@pytest.fixture
def officer(actor: Callable[..., Actor]) -> Actor:
    return actor("programme_officer", "", Purpose.PAYMENT)


@pytest.fixture
def approvers(actor: Callable[..., Actor]) -> list[Actor]:
    return [actor("payment_approver", "", Purpose.PAYMENT, name=name) for name in ("one", "two")]


@pytest.fixture
def flood(country: None, officer: Actor) -> Event:
    made = actions.note_event(
        kind="flood", title="Sesan rises", since=date(2026, 11, 1), source="Gauge of Andoung Meas",
        measures=GRAVE, by=officer,
    )  # fmt: skip
    actions.strike(
        event_id=made.pk, places=["160101"], since=date(2026, 11, 1), source="Commune chief",
        by=officer,
    )  # fmt: skip
    return made
