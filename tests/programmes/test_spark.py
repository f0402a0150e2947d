"""Beyond one machine: several worker processes of a Spark cluster run the very same expression."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from spean.kernel.snapshots import Snapshot
from spean.programmes.actions import connect, determine, determine_on_spark
from spean.programmes.queries import terms
from tests.snapshots import HOME, MEMBER, write_snapshot

ON = date(2023, 1, 15)
HIT = ("1601", "17")
WORKERS = 2
CARD = terms(ON).card

pytestmark = pytest.mark.skipif(
    shutil.which("java") is None, reason="Spark needs Java 17, which this machine lacks"
)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    import pyspark

    monkeypatch.setenv("SPARK_HOME", str(Path(pyspark.__file__).parent))
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    opened = connect(
        f"local-cluster[{WORKERS},1,1024]",
        **{
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.executor.memory": "1g",
            "spark.sql.shuffle.partitions": "4",
        },
    )
    yield opened
    opened.stop()


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    chance, homes, people = Random(4), [], []
    for number in range(1, 801):
        place = chance.choice(["16010101", "16020101", "17010101"])
        home = HOME | {
            "household": number, "village": place,
            "area_class": chance.choice(["rural", "other_urban", "phnom_penh_urban", None]),
            "status": chance.choice(["poor_1", "poor_2", "at_risk", None]),
        }  # fmt: skip
        answers = {
            q.code: chance.choice([*(a.code for a in q.answers), None])
            for q in CARD.questions
            if not q.derived and chance.random() < 0.97
        }
        homes.append(home | answers)
        people += [
            MEMBER | home | {
                "relation": "child" if n else "head", "sex": chance.choice(["female", "male"]),
                "birth_date": date(chance.randint(1930, 2022), chance.randint(1, 12), 28),
                "disabled": chance.random() < 0.1, "pregnant": chance.random() < 0.1,
            }
            for n in range(chance.randint(1, 7))
        ]  # fmt: skip
    return write_snapshot(tmp_path / "snapshot", sorted(homes, key=lambda h: h["village"]), people)


def _workers(session: Any) -> int:
    """Count the processes in which tasks of the cluster run, the driver left out."""
    return len(session.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) - 1


def test_every_row_of_a_cluster_is_that_of_one_machine(
    session: Any, snapshot: Snapshot, tmp_path: Path
) -> None:
    held = terms(ON, hit=HIT)

    determine(snapshot, held, tmp_path / "one")
    determine_on_spark(session, snapshot, held, tmp_path / "many")

    assert _workers(session) == WORKERS
    with duckdb.connect() as engine:
        one = f"FROM read_parquet('{tmp_path}/one/*/*.parquet', hive_partitioning=false)"
        many = f"FROM read_parquet('{tmp_path}/many/*.parquet')"
        columns = [row[0] for row in engine.execute(f"DESCRIBE SELECT * {one}").fetchall()]
        names = ", ".join(columns)
        for left, right in ((one, many), (many, one)):
            extra = f"SELECT {names} {left} EXCEPT ALL SELECT {names} {right}"
            assert engine.execute(extra).fetchall() == []
        held_rows = engine.execute(f"SELECT count(*), count(DISTINCT policy_version) {many}")
        assert held_rows.fetchall() == [(800, 1)]
