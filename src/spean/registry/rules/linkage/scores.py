"""The candidate pairs of a prepared table with their probability, worked out here or on Spark.

Either way the same settings are run, and the pairs that count end as the table `SCORED`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from splink import DuckDBAPI, Linker, SettingsCreator

SCORED: Final = "linkage_scored"
# Takes the connection, the name of its prepared table, the model, and the least probability that
# counts; writes SCORED, and gives the number of candidates.
Score = Callable[[Any, str, SettingsCreator, float], int]


def score_here(connection: Any, prepared: str, model: SettingsCreator, threshold: float) -> int:
    """Score the candidates in the connection itself."""
    api = DuckDBAPI(connection)
    candidates, scored = _compared(api, prepared, model, threshold)
    ((count,),) = connection.execute(f"SELECT count(*) FROM {candidates.physical_name}").fetchall()
    connection.execute(f"CREATE OR REPLACE TABLE {SCORED} AS FROM {scored.physical_name}")
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]
    return int(count)


def score_on_spark(session: Any, folder: Path) -> Score:
    """Give what scores the candidates in a Spark session.

    The folder is new, and in a place that all workers share: the prepared table goes there as
    Parquet, and the scored pairs come back by it.
    """

    def score(connection: Any, prepared: str, model: SettingsCreator, threshold: float) -> int:
        from splink.backends.spark import SparkAPI

        given, taken = folder / "prepared", folder / "scored"
        given.mkdir(parents=True)
        connection.execute(
            f"COPY (SELECT * EXCLUDE (person) FROM {prepared}) TO '{given}'"
            " (FORMAT parquet, PER_THREAD_OUTPUT)"
        )
        session.sparkContext.setCheckpointDir(str(folder / "steps"))
        api = SparkAPI(  # type: ignore[no-untyped-call]
            spark_session=session, register_udfs_automatically=False
        )
        records = session.read.parquet(str(given))
        candidates, scored = _compared(api, records, model, threshold)
        scored.to_parquet(str(taken))
        connection.execute(
            f"CREATE OR REPLACE TABLE {SCORED} AS FROM read_parquet('{taken}/*.parquet')"
        )
        return int(candidates.as_spark_dataframe().count())

    return score


def _compared(api: Any, records: Any, model: SettingsCreator, threshold: float) -> tuple[Any, Any]:
    """Run the model; give Splink's tables of all the candidates, and of those that count."""
    linker = Linker(api.register(records), model, log_level=None)
    candidates = linker.inference.compute_blocked_pairs_for_predict()
    # Registered, they let Splink score only the records that stand in a candidate pair.
    linker.table_management.register_blocked_pairs_for_predict(candidates)
    scored = linker.inference.predict(threshold_match_probability=threshold, warning_mode="never")
    return candidates, scored
