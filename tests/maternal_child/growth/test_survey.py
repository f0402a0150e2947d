"""A survey as a file: the same rows, with z-scores and flags, and every fault said."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spean.maternal_child.rules.growth import survey
from spean.maternal_child.rules.growth.survey import (
    ColumnTwice,
    LineUnreadable,
    SurveyUnreadable,
    Tally,
    answer,
)

HEADER = "id,sex,age_days,weight_kg,lenhei_cm,measure,headc_cm,muac_cm,oedema"
ADDED = "laz,waz,wlz,baz,hcz,acz,flaz,fwaz,fwlz,fbaz,fhcz,facz"
GOOD = "1,2,683,10.4,84.8,l,,14.9,n"
ANSWER = "-0.07,-0.57,-0.81,-0.79,,0.11,0,0,0,0,,0"
BLANK = ",,,,,,,,,,,"


def answered(*lines: str, header: str = HEADER) -> tuple[list[str], list[str], Tally]:
    out, said = io.StringIO(), []
    tally = answer(
        io.StringIO("\n".join((header, *lines)), newline=""),
        csv.writer(out, lineterminator="\n"),
        lambda line, what: said.append(f"{line}: {what}"),
    )
    return out.getvalue().splitlines(), said, tally


def test_each_row_comes_back_with_its_z_scores_and_flags() -> None:
    swollen = GOOD.replace(",n", ",Y")
    rows, said, tally = answered(GOOD, "2,F,653,11.7,83.5,L,,15.4,", swollen)

    assert rows == [
        f"{HEADER},{ADDED}",
        f"{GOOD},{ANSWER}",
        "2,F,653,11.7,83.5,L,,15.4,,-0.19,0.53,0.83,0.90,,0.58,0,0,0,0,,0",
        f"{swollen},-0.07,,,,,0.11,0,,,,,0",
    ]
    assert said == []
    assert (tally.rows, tally.unreadable) == (3, 0)


def test_a_value_in_another_unit_is_flagged_and_said() -> None:
    rows, said, _ = answered(GOOD.replace("14.9", "149"))

    assert rows[1].split(",")[-1] == "1"
    assert said == ["2: muac_cm is 149; was it typed in millimetres?"]


def test_columns_come_in_any_order_and_others_are_kept() -> None:
    rows, said, _ = answered(
        'ស្រែ,n,14.9,,l,84.8,10.4,683,2,1,"a, b"',
        header="village,oedema,muac_cm,HEADC_CM, measure ,lenhei_cm,weight_kg,age_days,Sex,ID,note",
    )

    assert rows[1] == f'ស្រែ,n,14.9,,l,84.8,10.4,683,2,1,"a, b",{ANSWER}'
    assert said == []


def test_a_missing_column_is_said_and_taken_as_unknown() -> None:
    rows, said, _ = answered("2,683,10.4", header="sex,age_days,weight_kg")

    assert rows[1] == "2,683,10.4,,-0.57,,,,,,0,,,,"
    assert len(said) == 5
    assert "1: there is no column lenhei_cm; it is taken as unknown for every child" in said


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('1,2,683,"10,4",84.8,l,,14.9,n', "weight_kg is '10,4', not a number"),
        ("1,2,x,10.4,84.8,l,,14.9,n", "age_days is 'x', not a number"),
        ("1,2,-1,10.4,84.8,l,,14.9,n", "age_days is -1, a day before birth"),
        ("1,2,683,1e9,84.8,l,,14.9,n", "weight_kg is 1e9, which no child has"),
        ("1,2,683,inf,84.8,l,,14.9,n", "weight_kg is inf, which no child has"),
        ("1,boy,683,10.4,84.8,l,,14.9,n", "sex is 'boy'; write 1 or m, 2 or f"),
        ("1,2,683,10.4,84.8,x,,14.9,n", "measure is 'x'; write l or h"),
        ("1,2,683,10.4,84.8,l,,14.9,?", "oedema is '?'; write y or n"),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_with_blanks_and_said(row: str, why: str) -> None:
    rows, said, tally = answered(GOOD, row, GOOD)

    assert rows[1:] == [f"{GOOD},{ANSWER}", f"{row},{BLANK}", f"{GOOD},{ANSWER}"]
    assert [line.startswith(f"3: {why}") for line in said] == [True]
    assert said[0].endswith(". The row is kept, with blanks")
    assert (tally.rows, tally.unreadable) == (3, 1)


def test_a_row_of_too_few_or_too_many_cells_loses_none_of_them() -> None:
    rows, said, _ = answered("1,2,683", f"{GOOD},more")

    assert rows[1:] == [f"1,2,683,,,,,,,{BLANK}", f"{GOOD},{BLANK},more"]
    assert [line[:40] for line in said] == [
        "2: 3 cells where the first line has 9; p",
        "3: 10 cells where the first line has 9; ",
    ]


def test_what_other_programs_write_for_unknown_is_unknown() -> None:
    rows, said, _ = answered("1,2.0,683, 10.4 ,NA,.,nan,,2")

    assert rows[1].endswith(",,-0.57,,,,,,0,,,,")
    assert said == []


def test_zero_is_not_measured_and_said() -> None:
    rows, said, tally = answered("1,2,683,0,84.8,l,,14.9,n")

    assert rows[1].endswith(",-0.07,,,,,0.11,0,,,,,0")
    assert said == ["2: weight_kg is 0; it is taken as not measured"]
    assert tally.unreadable == 0


def test_many_doubts_of_a_column_are_told_ten_times_and_counted() -> None:
    _, said, tally = answered(*[GOOD.replace("10.4", "10400")] * 25)

    assert len(said) == 10
    assert tally.doubts == {"weight_kg": 25}


def test_a_survey_longer_than_a_part_is_whole_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "PART", 2)
    rows, said, tally = answered(*[GOOD.replace("1,", f"{n},", 1) for n in range(5)], "6,q")

    assert [row.split(",")[0] for row in rows] == ["id", "0", "1", "2", "3", "4", "6"]
    assert said[0].startswith("7: ")
    assert tally.rows == 6


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    _, said, _ = answered('"two\nlines",2,683,10.4,84.8,l,,14.9,n', "", "4,x,,,,,,,")

    assert [line[:2] for line in said] == ["5:"]


@pytest.mark.parametrize(
    ("header", "lines", "error"),
    [
        ("", [], SurveyUnreadable),
        ("id;sex;age_days", [], SurveyUnreadable),
        (f"{HEADER},laz", [], ColumnTwice),
        (f"{HEADER},Sex", [], ColumnTwice),
        (HEADER, ['1,2,"' + "x" * 200_000], LineUnreadable),
    ],
)
def test_a_file_that_is_no_survey_is_refused(
    header: str, lines: list[str], error: type[SurveyUnreadable]
) -> None:
    with pytest.raises(error):
        answered(*lines, header=header)


def test_rows_before_a_line_that_is_no_csv_are_answered() -> None:
    out = io.StringIO()

    with pytest.raises(LineUnreadable, match="line 3"):
        answer(
            io.StringIO(f'{HEADER}\n{GOOD}\n1,2,"' + "x" * 200_000, newline=""),
            csv.writer(out, lineterminator="\n"),
            lambda line, what: None,
        )

    assert out.getvalue().splitlines()[1:] == [f"{GOOD},{ANSWER}"]


def run(*args: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run the command where no database can be started."""
    spean = Path(sys.executable).with_name("spean")
    nowhere = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    return subprocess.run([spean, "growth", *args], env=nowhere, capture_output=True, check=False)


def test_the_command_answers_without_a_database_and_keeps_every_sign(tmp_path: Path) -> None:
    file = tmp_path / "survey.csv"
    file.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n{GOOD}\r\n".encode() + b"caf\xe9,q,,,,,,,\r\n")

    done = run(file)

    assert done.returncode == 0
    assert done.stdout == f"{HEADER},{ADDED}\n{GOOD},{ANSWER}\n".encode() + (
        b"caf\xe9,q,,,,,,,," + BLANK.encode() + b"\n"
    )
    assert b"line 3: sex is 'q'" in done.stderr
    assert b"2 rows, of which 1 could not be read" in done.stderr


@pytest.mark.parametrize("content", [None, b"", b"a,b\n1,2\n"])
def test_the_command_fails_only_where_the_file_cannot_be_read(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "survey.csv"
    if content is not None:
        file.write_bytes(content)

    done = run(file)

    assert done.returncode == 1
    assert done.stdout == b""
    assert str(file).encode() in done.stderr
