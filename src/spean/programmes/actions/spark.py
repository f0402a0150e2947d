"""The national expression on Spark, where one machine is not enough: the same, unchanged.

PySpark is an extra of the project (`uv sync --extra spark`) and needs Java 17.
"""

from pathlib import Path
from typing import Any

from spean.kernel.snapshots import Snapshot
from spean.programmes.queries import Terms, compiled

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "Asia/Phnom_Penh",
}


def connect(master: str, **more: str) -> Any:
    """Open a session with a cluster: "local[2]", "local-cluster[2,1,1024]", "spark://host:7077"."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("spean").master(master)
    for name, value in (SETTINGS | more).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def determine_on_spark(session: Any, snapshot: Snapshot, held: Terms, folder: Path) -> None:
    """Write one row a household, as `actions.determine` does, from every worker of a cluster.

    Raises ColumnMissing before it starts. The folder is in a place that all workers share.
    """
    snapshot.require(held.reads)
    for table in held.reads:
        session.read.parquet(snapshot.path(table)).createOrReplaceTempView(table)
    session.sql(compiled(held, "pyspark")).write.parquet(str(folder))
