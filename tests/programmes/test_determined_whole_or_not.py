"""The nation's entitlements are there whole or not at all, whatever stops them on the way."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from spean.kernel.snapshots import Snapshot
from spean.programmes.actions import determine
from spean.programmes.queries import terms
from tests.snapshots import HOME, MEMBER, write_snapshot

ON = date(2023, 1, 15)
VILLAGES = ("01020101", "12010101", "16010101", "16010201")


class Stopped(Exception):
    """What a step raises where it was asked to stop."""


class Steps:
    """The progress of a run: what it says, and where it stops."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.stop_at = stop_at

    def step(self, *said: Any) -> None:
        self.said.append(said)
        if len(self.said) == self.stop_at:
            raise Stopped


@pytest.fixture
def country(places: object, tmp_path: Path) -> Snapshot:
    homes = [
        HOME | {"household": n, "village": village} for n, village in enumerate(VILLAGES, start=1)
    ]
    return write_snapshot(tmp_path / "snapshot", homes, [MEMBER | home for home in homes])


def _rows(folder: Path) -> dict[str, int]:
    found = duckdb.execute(
        "SELECT parse_path(filename)[-2], count(*) FROM"
        f" read_parquet('{folder}/part=*/rows.parquet', filename=true) GROUP BY ALL"
    )
    return dict(found.fetchall())


def test_each_province_is_a_file_and_a_step(country: Snapshot, tmp_path: Path) -> None:
    steps = Steps()
    totals = determine(country, terms(ON), tmp_path / "results", steps)  # type: ignore[arg-type]

    assert totals["households"] == len(VILLAGES)
    assert _rows(tmp_path / "results") == {"part=01": 1, "part=12": 1, "part=16": 2}
    assert steps.said == [("working out", done, 3) for done in (1, 2, 3)]


@pytest.mark.parametrize("at", [1, 2, 3])
def test_stopped_at_a_step_nothing_is_left_and_it_begins_anew(
    at: int, country: Snapshot, tmp_path: Path
) -> None:
    before = set(tmp_path.iterdir())

    with pytest.raises(Stopped):
        determine(country, terms(ON), tmp_path / "results", Steps(at))  # type: ignore[arg-type]

    assert set(tmp_path.iterdir()) == before
    assert determine(country, terms(ON), tmp_path / "results")["households"] == len(VILLAGES)


def test_a_part_that_breaks_while_it_is_read_leaves_the_last_result(
    country: Snapshot, tmp_path: Path
) -> None:
    determine(country, terms(ON), tmp_path / "last")
    before = set(tmp_path.iterdir())
    broken = Path(country.path("people", "12"))
    broken.write_bytes(broken.read_bytes()[:-20])

    with pytest.raises(duckdb.Error):
        determine(country, terms(ON), tmp_path / "results")

    assert set(tmp_path.iterdir()) == before
    assert sum(_rows(tmp_path / "last").values()) == len(VILLAGES)
