"""Beyond one machine: the workers of a Spark cluster run the very same model of linkage."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import CommandError, call_command

from spean.registry.models import DuplicatePair
from spean.registry.rules import linkage
from tests.programmes.test_spark import pytestmark as needs_java
from tests.programmes.test_spark import session  # noqa: F401
from tests.registry.test_linkage_model import draw

HOUSEHOLDS = 900
# PySpark leaves the sockets by which rows came for the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(autouse=True)
def _sockets_are_closed() -> Iterator[None]:
    yield
    gc.collect()


def pairs(records: Any, **how: Any) -> tuple[linkage.Found, dict[tuple[str, str], list[Any]]]:
    """Find all pairs of a country, each with its probability and the levels it reached."""
    with duckdb.connect() as connection:
        connection.register("people", records)
        found = linkage.find_pairs(connection, "people", threshold=0.0, **how)
        rows = connection.execute(f"SELECT * FROM {found.pairs}").fetchall()
    return found, {(first, second): rest for first, second, *rest in rows}


@needs_java
def test_every_pair_of_a_cluster_is_that_of_one_machine(
    session: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    records, _ = draw(HOUSEHOLDS)

    found, here = pairs(records)
    spread, there = pairs(records, scored_by=linkage.score_on_spark(session, tmp_path / "shared"))

    assert found.records > 3000
    assert (spread.candidates, len(here)) == (found.candidates, len(there))
    for pair, (probability, *levels) in here.items():
        assert there[pair][1:] == levels, pair
        assert there[pair][0] == pytest.approx(probability, rel=1e-12), pair


@needs_java
@pytest.mark.django_db(transaction=True)
def test_the_command_searches_the_registry_on_spark_and_leaves_no_names_behind(
    twice: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    call_command("double_records", spark="local[2]", folder=tmp_path)

    assert {"comparison": "birth", "level": "day and month exchanged"} in (
        DuplicatePair.objects.get().evidence
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_the_command_searches_the_registry_here(
    twice: None, settings: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    settings.SNAPSHOTS = tmp_path
    call_command("double_records")

    assert capsys.readouterr().out == "1 new pairs\n"


def test_workers_need_a_place_that_they_share() -> None:
    with pytest.raises(CommandError, match="--folder"):
        call_command("double_records", spark="local[2]")
