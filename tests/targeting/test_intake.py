"""Interviews and levels of another system are taken over: good rows in, each bad one named."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.spreadsheets import LineUnreadable
from spean.locations.models import AreaClass, Place
from spean.registry.models import Household, ImportedHousehold, ImportRun
from spean.targeting import actions
from spean.targeting.actions.intake import ColumnsNotOurs
from spean.targeting.models import Assessment, PovertyStatus
from tests.targeting.conftest import POOREST

ON = date(2026, 11, 1)
ROW = {"household_key": "A", "interviewed_on": "2025-05-05", "level": "poor_1"} | POOREST


@pytest.fixture
def homes(village: Place) -> dict[str, Household]:
    run = ImportRun.objects.create(file_name="f", file_hash="h", row_count=1, started_by="t")
    made = {}
    for key in "ABC":
        made[key] = Household.objects.create(
            village=village, since=ON, registered_on=ON, registered_by="t"
        )
        ImportedHousehold.objects.create(
            run=run, file_hash="h", household_key=key, household=made[key]
        )
    return made


def _file(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "interviews.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(ROW))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_each_becomes_a_confirmed_case_and_the_poor_get_their_status(
    homes: dict[str, Household], system: Actor, tmp_path: Path
) -> None:
    path = _file(tmp_path, ROW, ROW | {"household_key": "B", "level": "not_poor"})

    done = actions.take_in_interviews(path=path, by=system, on=ON)

    assert (done.cases, done.statuses, done.wrong) == (2, 1, ())
    case = Assessment.objects.get(household=homes["A"])
    assert (case.state, case.origin, case.final_level) == ("confirmed", "imported", "poor_1")
    assert case.answers == POOREST
    status = PovertyStatus.objects.get()
    assert (status.household_id, status.start, status.end) == (
        homes["A"].pk, date(2025, 5, 5), date(2028, 5, 5),
    )  # fmt: skip


def test_what_is_wrong_is_named_by_row_and_column(
    homes: dict[str, Household], system: Actor, tmp_path: Path
) -> None:
    path = _file(
        tmp_path, ROW,
        ROW | {"household_key": "X"}, ROW | {"household_key": "B", "level": "rich"},
        ROW | {"household_key": "C", "roof": "gold"}, ROW | {"household_key": ""},
    )  # fmt: skip

    done = actions.take_in_interviews(path=path, by=system, on=ON)

    assert done.cases == 1
    assert [(one.row, one.column, one.error.code) for one in done.wrong] == [
        (3, "household_key", "targeting.intake_household_unknown"),
        (4, "level", "targeting.intake_level_unknown"),
        (5, "roof", "targeting.answer_unknown"),
        (6, "household_key", "targeting.intake_household_unknown"),
    ]


def test_a_day_to_come_and_a_key_given_twice_are_refused(
    homes: dict[str, Household], system: Actor, tmp_path: Path
) -> None:
    path = _file(tmp_path, ROW | {"interviewed_on": "2026-11-02"},
                 ROW | {"household_key": "B"}, ROW | {"household_key": "B"})  # fmt: skip

    done = actions.take_in_interviews(path=path, by=system, on=ON)

    assert [one.error.code for one in done.wrong] == [
        "targeting.intake_day_wrong",
        "targeting.intake_key_ambiguous",
        "targeting.intake_key_ambiguous",
    ]
    assert not Assessment.objects.exists()


def test_a_second_time_changes_nothing(
    homes: dict[str, Household], system: Actor, tmp_path: Path
) -> None:
    path = _file(tmp_path, ROW)
    actions.take_in_interviews(path=path, by=system, on=ON)

    done = actions.take_in_interviews(path=path, by=system, on=ON)

    assert [one.error.code for one in done.wrong] == ["targeting.intake_assessed_already"]
    assert Assessment.objects.count() == 1


def test_a_file_of_another_shape_is_refused(
    homes: dict[str, Household], system: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("household_key,level\nA,poor_1\n")
    with pytest.raises(ColumnsNotOurs):
        actions.take_in_interviews(path=path, by=system, on=ON)

    path = _file(tmp_path, ROW)
    path.write_text(path.read_text() + "a,b\n")
    with pytest.raises(LineUnreadable):
        actions.take_in_interviews(path=path, by=system, on=ON)


def test_a_district_may_not_take_over_the_nation(
    actor: Callable[..., Actor], tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed):
        actions.take_in_interviews(
            path=_file(tmp_path, ROW), on=ON,
            by=actor("district_officer", "1601", Purpose.TARGETING),
        )  # fmt: skip


def test_the_command_writes_what_is_wrong_beside_the_file(
    homes: dict[str, Household], tmp_path: Path
) -> None:
    call_command("intake_interviews", _file(tmp_path, ROW, ROW | {"household_key": "X"}))

    text = (tmp_path / "interviews.errors.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["row"] for row in rows] == ["3"]
    assert "Take the households in first" in rows[0]["en"]


def test_areas_are_classed_from_a_file_wholly_or_not_at_all(
    places: dict[str, Place], tmp_path: Path
) -> None:
    path = tmp_path / "areas.csv"
    path.write_text("commune_code,area_class\n160101,rural\n169999,rural\n")
    with pytest.raises(CommandError, match="row 3"):
        call_command("classify_areas", path, act="test", on=date(2020, 1, 1))
    assert not AreaClass.objects.exists()

    path.write_text("commune_code,area_class\n160101,rural\n")
    call_command("classify_areas", path, act="test", on=date(2020, 1, 1))
    call_command("classify_areas", path, act="test", on=date(2020, 1, 1))
    assert AreaClass.objects.count() == 1
