"""How the children who were measured have grown, all at once by the rules of growth."""

from datetime import date

import duckdb
import numpy as np

from spean.maternal_child.rules import growth
from spean.maternal_child.rules.growth import Children, Condition, Grade

CONDITIONS = (Condition.STUNTING, Condition.WASTING, Condition.UNDERWEIGHT, Condition.OVERWEIGHT)
MEASURED = """
    SELECT row_number() OVER () - 1 AS no, contact.person AS id, household, village, sex, day,
           (day - born)::DOUBLE AS age_days, weight_g / 1000.0 AS weight_kg,
           length_mm / 10.0 AS lenhei_cm,
           CASE WHEN lying THEN 1 WHEN NOT lying THEN 2 ELSE 0 END::TINYINT AS lying,
           muac_mm / 10.0 AS muac_cm, coalesce(oedema, false) AS oedema,
           CASE sex WHEN 'male' THEN 1 ELSE 2 END::TINYINT AS sex_code
    FROM raw_contacts contact
    WHERE here AND kind IN ('newborn', 'child') AND day >= $since AND day < born + INTERVAL 5 YEAR
      AND (weight_g IS NOT NULL OR length_mm IS NOT NULL OR oedema)
"""


def work_out_growth(db: duckdb.DuckDBPyConnection, *, since: date, on: date) -> None:
    """Make the table `measures`: a row a contact at which something was measured.

    Of a child who was measured more than once in a period, the last measure counts.
    """
    db.execute(f"CREATE OR REPLACE TEMPORARY TABLE measured AS {MEASURED}", {"since": since})
    rows = db.execute("SELECT * FROM measured ORDER BY no").fetchnumpy()
    number = len(rows["no"])
    children = Children(
        sex=_plain(rows["sex_code"], np.int8),
        age_days=_plain(rows["age_days"]),
        weight_kg=_plain(rows["weight_kg"]),
        lenhei_cm=_plain(rows["lenhei_cm"]),
        lying=_plain(rows["lying"], np.int8),
        headc_cm=np.full(number, np.nan),
        muac_cm=_plain(rows["muac_cm"]),
        oedema=_plain(rows["oedema"], bool),
    )
    found = growth.grades(children, growth.scores(children), growth.cuts(on=on))
    graded = {  # noqa: F841 - DuckDB reads it by its name
        "no": _plain(rows["no"], np.int64), **{one.value: found[one] for one in CONDITIONS},
    }  # fmt: skip
    columns = ", ".join(
        f"{one} >= {Grade.NONE:d} AS {one}_known, {one} >= {Grade.MODERATE:d} AS {one},"
        f" {one} = {Grade.MODERATE:d} AS {one}_moderate, {one} = {Grade.SEVERE:d} AS {one}_severe"
        for one in CONDITIONS
    )
    db.execute(f"""
        CREATE OR REPLACE TABLE measures AS
        SELECT id, household, village, sex, day,
               lead(day) OVER (PARTITION BY id ORDER BY day) AS until,
               sex = 'female' AS female, sex = 'male' AS male, {columns}
        FROM measured JOIN graded USING (no)""")


def _plain(column: "np.ndarray", kind: type = float) -> "np.ndarray":
    """Give a column as the rules take it: NaN where unknown."""
    if np.ma.isMaskedArray(column):
        column = column.filled(np.nan if kind is float else 0)
    return np.asarray(column, kind)
