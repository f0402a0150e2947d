"""What is counted of children, set by set, is what the plain rules say of each one."""

from datetime import date, timedelta
from uuid import UUID

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from spean.maternal_child.queries import countable
from spean.maternal_child.queries.countable.growth import CONDITIONS
from spean.maternal_child.rules import ChildFacts, Programme, Verdict, growth, history
from tests.generative.test_due_lists_of_the_nation import children

ON = date(2026, 11, 23)
SINCE = date(2021, 1, 1)
PROGRAMME = Programme.of(ON)


def tables() -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    for name, columns in countable.COLUMNS.items():
        db.execute(f"CREATE TABLE {name} ({columns})")
    return db


def birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 2, 28)


def standing(child: ChildFacts, years: int) -> tuple[bool, set[str]]:
    """Say by the plain rules whether a child had all by a birthday, and which lines were met."""
    day = birthday(child.born, years)
    judged = history(child.doses, born=child.born, sex=child.sex, on=day, programme=PROGRAMME)
    valid = [one for one in judged.evaluated if one.verdict == Verdict.VALID]
    met = {one.line for one in valid}
    full = True
    for series, lines in PROGRAMME.series(child.sex).items():
        ages = [(one.dose.day - child.born).days for one in valid if one.series == series]
        last = max(ages, default=-1)
        for line in lines:
            spared = line.not_needed_from is not None and last >= line.not_needed_from
            full &= line.due > 365 * years or line.code in met or spared
    return full, met


@settings(max_examples=60, deadline=None)
@given(small=st.lists(children(), min_size=1, max_size=12))
def test_each_child_has_on_its_birthday_what_the_plain_rules_give(small: list[ChildFacts]) -> None:
    db = tables()
    for n, child in enumerate(small):
        key = UUID(int=n)
        db.execute("INSERT INTO children VALUES (?, ?, '16010101', ?, ?, NULL)",
                   [key, key, child.born, child.sex])  # fmt: skip
        for dose in child.doses:
            db.execute("INSERT INTO doses VALUES (?, ?, ?)", [key, dose.vaccine, dose.day])

    countable.work_out(db, since=SINCE, on=ON)

    lines = [line.code for line in PROGRAMME.schedule.contacts]
    columns = ", ".join(f'"{name}"' for name in ("one", "two", "full", "zero_dose", *lines))
    found = {
        (row[0], row[1]): row[3:]
        for row in db.execute(f"SELECT id, day, {columns} FROM children").fetchall()
    }
    expected = {}
    for n, child in enumerate(small):
        for years in (1, 2):
            day = birthday(child.born, years)
            if SINCE <= day <= ON:
                full, met = standing(child, years)
                flags = [line in met and _due(line, years) for line in lines]
                expected[UUID(int=n), day] = (years == 2, full, "penta_1" not in met, *flags)
    assert found == expected


def _due(code: str, years: int) -> bool:
    return next(one.due for one in PROGRAMME.schedule.contacts if one.code == code) <= 365 * years


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 1820), st.sampled_from(["female", "male"]),
            st.one_of(st.none(), st.integers(1500, 30000)),
            st.one_of(st.none(), st.integers(400, 1200)),
            st.sampled_from([None, True, False]), st.sampled_from([None, True, False]),
        ),
        min_size=1, max_size=10,
    )
)  # fmt: skip
def test_each_measured_child_has_the_grades_of_the_plain_rules(
    rows: list[tuple[int, str, int | None, int | None, bool | None, bool | None]],
) -> None:
    db = tables()
    for n, (age, sex, weight, length, lying, oedema) in enumerate(rows):
        key, born = UUID(int=n), ON - timedelta(days=age)
        db.execute(
            "INSERT INTO raw_contacts VALUES (?, ?, ?, '16010101', 'child', ?, true, 'home', false,"
            " '', NULL, ?, ?, ?, ?, ?, NULL, ?)",
            [key, key, key, ON, sex, born, weight, length, lying, oedema],
        )

    countable.work_out(db, since=SINCE, on=ON)

    names = [f"{one}{kind}" for one in CONDITIONS for kind in ("_known", "", "_severe")]
    found = {
        row[0].int: row[1:]
        for row in db.execute(f"SELECT id, {', '.join(names)} FROM measures").fetchall()
    }
    for n, (age, sex, weight, length, lying, oedema) in enumerate(rows):
        if weight is None and length is None and not oedema:
            assert n not in found
            continue
        plain = growth.assess(
            growth.Measures(
                sex=sex, age_days=age, weight_kg=None if weight is None else weight / 1000,
                lenhei_cm=None if length is None else length / 10,
                position={None: None, True: "l", False: "h"}[lying], oedema=oedema,
            ),
            on=ON,
        )  # fmt: skip
        grades = [plain.grades[one] for one in CONDITIONS]
        assert found[n] == tuple(
            held for grade in grades for held in (grade >= 0, grade >= 1, grade == 2)
        )
