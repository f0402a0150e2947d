"""Our z-scores against what WHO's own programs say of the same children.

`who_under_five.csv`: the example survey of WHO's igrowup for R (survey.csv and MySurvey_z_st.csv),
measures to 4 decimals; its four children of 60 months and more are left out, for igrowup still held
them against the tables by day and WHO's programs no longer do (anthro 0.9.3, anthroplus 1.0).
`who_five_to_nineteen.csv`: rows of survey_who2007_z.csv, by which WHO tests anthroplus 1.1.
"""

import csv
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from spean.maternal_child.rules.growth import Index, Measures, as_children, scores
from spean.maternal_child.rules.growth.standards import (
    DAYS_A_MONTH,
    TABLES,
    standard,
    value_at,
)

HERE = Path(__file__).parent
SEX = {"1": "male", "2": "female"}


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open() as file:
        return list(csv.DictReader(file))


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def _differences(rows: list[dict[str, str]], measures: list[Measures], index: Index) -> list[str]:
    found = scores(as_children(measures))
    ours = ["" if np.isnan(z) else f"{z:.2f}" for z in found.z[index]]
    theirs = [f"{float(row[index]):.2f}" if row[index] else "" for row in rows]
    return [
        f"{row['id']}: {our} for {their}"
        for row, our, their in zip(rows, ours, theirs, strict=True)
        if our != their
    ]


@pytest.mark.parametrize("index", Index)
def test_every_child_of_who_s_survey_has_the_z_score_that_who_gives(index: Index) -> None:
    rows = _rows("who_under_five.csv")
    measures = [
        Measures(
            sex=SEX[row["sex"]],
            age_days=float(row["age_days"]),
            weight_kg=_number(row["weight_kg"]),
            lenhei_cm=_number(row["lenhei_cm"]),
            position=row["measure"] or None,
            headc_cm=_number(row["headc_cm"]),
            muac_cm=_number(row["muac_cm"]),
            oedema=row["oedema"] == "y",
        )
        for row in rows
    ]

    assert len(rows) == 494
    assert sum(1 for row in rows if row[index]) > 90
    assert _differences(rows, measures, index) == []


@pytest.mark.parametrize("index", [Index.LAZ, Index.WAZ, Index.BAZ])
def test_every_child_of_five_to_nineteen_has_the_z_score_that_who_gives(index: Index) -> None:
    rows = _rows("who_five_to_nineteen.csv")
    measures = [
        Measures(
            sex=SEX[row["sex"]],
            age_days=float(row["age_months"]) * DAYS_A_MONTH,
            weight_kg=_number(row["weight_kg"]),
            lenhei_cm=_number(row["height_cm"]),
            oedema=row["oedema"] == "y",
        )
        for row in rows
    ]

    assert _differences(rows, measures, index) == []


MONTH = DAYS_A_MONTH
# Sex, days, weight, length, position; then what WHO's tests and README of anthro and
# anthroplus expect, and what they flag.
PUBLISHED = [
    ("male", 1001, 18, 120, None, {"laz": 7.31, "waz": 2.2, "wlz": -2.39, "baz": -3.01}, "laz"),
    ("female", 1000, 15, 80, None, {"laz": -3.5, "waz": 0.95, "wlz": 4.13, "baz": 4.66}, ""),
    ("male", 1010, 10, 100, None, {"laz": 1.62, "waz": -2.76, "wlz": -5.19, "baz": -5.61},
     "wlz baz"),
    ("male", 1000, 15, 100, None, {"laz": 1.7, "waz": 0.69, "wlz": -0.29, "baz": -0.58}, ""),
    ("male", 987, None, 72.86, "l", {"laz": -6.09}, "laz"),
    ("male", 8 * MONTH, None, 60, "h", {"laz": -4.81}, ""),
    ("male", 9 * MONTH, None, 60, "h", {"laz": -5.02}, ""),
    ("female", 24 * MONTH, None, 77.5, None, {"laz": -2.55}, ""),
    ("female", 60.32 * MONTH, 18.7, 113.8, None, {"waz": 0.21, "baz": -0.58, "laz": 0.96}, ""),
    ("female", 60.911701 * MONTH, 20.5, 113.6, None, {"waz": 0.79, "baz": 0.42, "laz": 0.85},
     ""),
]  # fmt: skip


@pytest.mark.parametrize(("sex", "age", "weight", "lenhei", "position", "z", "flagged"), PUBLISHED)
def test_who_s_published_examples(
    sex: str, age: float, weight: float | None, lenhei: float, position: str | None,
    z: dict[str, float], flagged: str,
) -> None:  # fmt: skip
    found = scores(
        as_children(
            [Measures(sex=sex, age_days=age, weight_kg=weight, lenhei_cm=lenhei, position=position)]
        )
    )

    assert {name: found.z[Index(name)][0] for name in z} == pytest.approx(z, abs=0.0001)
    assert {index for index in Index if found.flagged[index][0]} == set(flagged.split())


def test_the_tables_are_those_that_were_compared_with_three_other_copies() -> None:
    files = sorted(TABLES.glob("*.csv"))
    together = sha256(b"".join(path.read_bytes() for path in files)).hexdigest()

    assert len(files) == 10
    assert together == "6154c432c82f4bb0b5a0cd0e681413e19fd117ffa938a86006a7323688598bf0"


@pytest.mark.parametrize("name", sorted(path.stem for path in TABLES.glob("*.csv")))
def test_each_table_is_whole_and_has_all_its_lines(name: str) -> None:
    table = standard(name)
    rows = round((table.last - table.first) * table.a_unit) + 1

    assert table.lms.shape == (2, rows, 3)
    assert (table.lms[:, :, 0] != 0).all()
    assert (table.lms[:, :, 1:] > 0).all()
    for z in range(-3, 4):
        assert np.isfinite(value_at(z, table.lms.reshape(-1, 3))).all()
