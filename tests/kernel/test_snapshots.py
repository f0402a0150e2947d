"""A snapshot is of one moment, whole or not there, and refused when anything was touched."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from django.db import connection, transaction

from spean.kernel import snapshots
from spean.kernel.access import Actor, Purpose
from spean.kernel.runs import Cancelled
from spean.kernel.snapshots import Manifest
from spean.locations.models import Place
from spean.registry import actions as registry
from spean.registry.actions.journal import Journal
from spean.registry.actions.versions import amend_person
from spean.registry.models import Household, Person
from spean.registry.rules.people import NewMember
from tests.snapshots import HOME, MEMBER, write_snapshot

DAY = date(2026, 3, 2)


def _quiet(doing: str, done: int, total: int) -> None:
    return None


def _take(folder: Path, on: date = DAY, purpose: Purpose = Purpose.STATISTICS) -> Manifest:
    return snapshots.take(folder, on=on, purpose=purpose, at="now", by="test", step=_quiet)


def _rows(folder: Path, table: str) -> list[dict[str, object]]:
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT * FROM read_parquet('{folder}/{table}/*/*.parquet')")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture
def family(village: Place, system: Actor) -> Household:
    def member(**more: object) -> NewMember:
        usual = {
            "family_name_km": "សុខ", "given_name_km": "ដារ៉ា", "family_name_latin": "Sok",
            "given_name_latin": "Dara", "sex": "male", "birth_date": date(1988, 2, 1),
            "relation": "head", "identifiers": {"national_id": "123456789"},
        }  # fmt: skip
        return NewMember(**(usual | more))  # type: ignore[arg-type]

    child = member(relation="child", given_name_km="បុប្ផា", given_name_latin="Bopha",
                   sex="female", birth_date=date(2024, 5, 5), identifiers={})  # fmt: skip
    return registry.register_household(
        village=village, address="", phone="012345678", members=[member(), child],
        by=system, on=DAY, not_duplicates=True,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_it_holds_the_household_and_its_members_without_their_names(
    family: Household, tmp_path: Path
) -> None:
    manifest = _take(tmp_path / "one")

    (home,) = _rows(tmp_path / "one", "households")
    people = _rows(tmp_path / "one", "people")
    assert (home["village"], home["household_id"]) == ("16010101", str(family.pk))
    assert {(p["sex"], p["relation"], p["birth_date"]) for p in people} == {
        ("male", "head", date(1988, 2, 1)),
        ("female", "child", date(2024, 5, 5)),
    }
    assert not {"given_name_km", "person", "phone", "national_id"} & set(people[0])
    assert "household_phone" not in home
    assert manifest.rows("people") == 2


@pytest.mark.django_db(transaction=True)
def test_names_and_numbers_are_let_out_for_registration_alone(
    family: Household, tmp_path: Path
) -> None:
    _take(tmp_path / "named", purpose=Purpose.REGISTRATION)

    people = {row["relation"]: row for row in _rows(tmp_path / "named", "people")}
    assert people["head"]["given_name_latin"] == "Dara"
    assert people["head"]["national_id"] == "123456789"
    assert people["child"]["national_id"] is None
    assert _rows(tmp_path / "named", "households")[0]["household_phone"] == "+85512345678"


@pytest.mark.django_db(transaction=True)
def test_it_is_as_of_the_day(family: Household, system: Actor, tmp_path: Path) -> None:
    with transaction.atomic():
        amend_person(Journal(), _head(family), date(2026, 5, 1), birth_date=date(1987, 7, 7))

    _take(tmp_path / "unknown", on=date(2026, 3, 1))
    _take(tmp_path / "before", on=date(2026, 4, 30))
    _take(tmp_path / "after", on=date(2026, 5, 1))

    births = {
        name: {row["birth_date"] for row in _rows(tmp_path / name, "people")}
        for name in ("before", "after")
    }
    assert not list((tmp_path / "unknown").glob("people/*/*.parquet"))
    assert births["before"] == {date(1988, 2, 1), date(2024, 5, 5)}
    assert births["after"] == {date(1987, 7, 7), date(2024, 5, 5)}


def _head(family: Household) -> Person:
    return Person.objects.get(memberships__household=family, memberships__relation="head")


@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_it_and_it_sees_one_moment(
    family: Household, tmp_path: Path
) -> None:
    def meanwhile(doing: str, done: int, total: int) -> None:
        if doing == "reading" and done == 1:
            Person.objects.update(sex="male")

    snapshots.take(tmp_path / "x", on=DAY, purpose=Purpose.STATISTICS, at="now", by="t",
                   step=meanwhile)  # fmt: skip

    assert {row["sex"] for row in _rows(tmp_path / "x", "people")} == {"male", "female"}
    assert set(Person.objects.values_list("sex", flat=True)) == {"male"}


@pytest.mark.django_db(transaction=True)
def test_one_that_is_stopped_half_way_leaves_nothing(family: Household, tmp_path: Path) -> None:
    def stop(doing: str, done: int, total: int) -> None:
        if doing == "writing people":
            raise Cancelled

    with pytest.raises(Cancelled):
        snapshots.take(tmp_path / "x", on=DAY, purpose=Purpose.STATISTICS, at="now", by="t",
                       step=stop)  # fmt: skip

    assert list(tmp_path.iterdir()) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp.snapshot_key')")
        assert cursor.fetchone() == (None,)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_snapshot(tmp_path / "good", [HOME, HOME | {"household": 2, "village": "17010101"}],
                   [MEMBER, MEMBER | {"household": 2}])  # fmt: skip
    return tmp_path / "good"


def test_a_whole_one_is_opened(folder: Path) -> None:
    snapshot = snapshots.open_snapshot(folder)

    assert snapshot.parts == ["16", "17"]
    assert snapshot.manifest.rows("households") == 2


def _lose_a_part(folder: Path) -> None:
    shutil.rmtree(folder / "people" / "part=17")


def _swap_a_file(folder: Path) -> None:
    shutil.copy(folder / "people/part=16/rows.parquet", folder / "people/part=17/rows.parquet")


def _cut_a_file(folder: Path) -> None:
    path = folder / "households/part=16/rows.parquet"
    path.write_bytes(path.read_bytes()[:-10])


def _forge_the_schema(folder: Path) -> None:
    path = folder / "manifest.json"
    body = json.loads(path.read_text())
    body["tables"]["people"]["income"] = "INTEGER"
    path.write_text(json.dumps(body))


def _forge_schema_and_version(folder: Path) -> None:
    from spean.kernel.snapshots.shapes import schema_version

    path = folder / "manifest.json"
    body = json.loads(path.read_text())
    body["tables"]["people"]["income"] = "INTEGER"
    body["schema_version"] = schema_version(body["tables"])
    path.write_text(json.dumps(body))


def _lose_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _spoil_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("{")


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (_lose_a_part, "kernel.snapshot_part_missing"),
        (_swap_a_file, "kernel.snapshot_wrong_hash"),
        (_cut_a_file, "kernel.snapshot_wrong_hash"),
        (_forge_the_schema, "kernel.snapshot_schema_changed"),
        (_forge_schema_and_version, "kernel.snapshot_schema_changed"),
        (_lose_the_manifest, "kernel.snapshot_manifest_missing"),
        (_spoil_the_manifest, "kernel.snapshot_manifest_missing"),
    ],
)
def test_a_harmed_one_is_refused(folder: Path, harm: Callable[[Path], None], code: str) -> None:
    harm(folder)

    with pytest.raises(snapshots.opening.SnapshotRefused) as refused:
        snapshots.open_snapshot(folder)

    assert refused.value.code == code


def test_a_rule_that_reads_a_column_that_is_not_there_is_refused_by_its_name(folder: Path) -> None:
    snapshot = snapshots.open_snapshot(folder)

    with pytest.raises(snapshots.ColumnMissing) as refused:
        snapshot.require({"people": {"sex": "string", "school": "string"}})

    assert refused.value.facts == {"column": "school", "table": "people"}
