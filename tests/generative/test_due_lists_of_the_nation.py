"""The batch of the nation gives every child and mother what the plain rules give them."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spean.kernel.policy import Policy
from spean.maternal_child.queries import nation
from spean.maternal_child.rules import (
    Awaited,
    Barrier,
    Care,
    ChildFacts,
    Given,
    MotherFacts,
    Schedules,
)
from spean.maternal_child.rules.immunisation import Programme

ON = date(2026, 11, 23)
OTHER = Policy(Path(__file__).parents[1] / "maternal_child" / "second_country")
AGO = st.integers(0, 2000).map(lambda n: ON - timedelta(days=n))
# Near the schedule's own ages and intervals, so that bounds are met from both sides.
NEAR = st.sampled_from([0, 7, 28, 42, 61, 70, 98, 122, 168, 183, 244, 274, 366, 394, 457, 548, 731])
AGES = st.builds(lambda base, more: base + more, NEAR, st.integers(-6, 6))
VACCINES = [
    "bcg",
    "hepb",
    "penta",
    "opv",
    "pcv",
    "ipv",
    "mr",
    "mmr",
    "je",
    "hpv",
    "rota",
    "dtap",
    "dtap_hepb_ipv",
    "mmrv",
    "varicella",
    "rota5",
]
CONDITIONS = ["immunodeficiency", "hiv", "encephalopathy", "acute_illness"]
BARRIERS = st.one_of(
    st.builds(Barrier, st.sampled_from(CONDITIONS), AGO),
    st.builds(
        Barrier, st.just("severe_reaction"), AGO, vaccine=st.sampled_from(["penta", "mr", "rota"])
    ),
)  # fmt: skip


@st.composite
def children(draw: st.DrawFn) -> ChildFacts:
    born = draw(AGO)
    days = st.lists(AGES.map(lambda age: born + timedelta(days=age)), max_size=3)
    doses = st.builds(
        Given, AGES.map(lambda age: born + timedelta(days=age)), st.sampled_from(VACCINES)
    )
    return ChildFacts(
        born, draw(st.sampled_from(["female", "male"])), draw(days), draw(days), draw(days),
        draw(days), draw(st.lists(doses, max_size=12)), draw(st.lists(BARRIERS, max_size=2)),
    )  # fmt: skip


@st.composite
def mothers(draw: st.DrawFn) -> MotherFacts:
    started = draw(st.integers(0, 700).map(lambda n: ON - timedelta(days=n)))
    born = draw(st.one_of(st.none(), st.integers(150, 300)))
    days = st.lists(st.integers(0, 700).map(lambda n: started + timedelta(days=n)), max_size=5)
    ended = None if born is None else started + timedelta(days=born)
    return MotherFacts(started, ended, draw(days), draw(days), draw(days))


def rows_of(found: list[Awaited]) -> set[tuple[str, str, date, date, str]]:
    return {
        (one.care, one.line.code, one.line.due, one.line.overdue, one.line.status) for one in found
    }


def batch(
    schedules: Schedules, small: list[ChildFacts], grown: list[MotherFacts]
) -> dict[UUID, set[tuple[str, str, date, date, str]]]:
    """Put facts into the tables of the batch, and give what it finds for each."""
    db = duckdb.connect()
    for name, columns in nation.COLUMNS.items():
        db.execute(f"CREATE TABLE {name} ({columns})")
    for n, child in enumerate(small):
        key = UUID(int=n)
        db.execute("INSERT INTO children VALUES (?, ?, ?)", [key, child.born, child.sex])
        for what in ("postnatal", "weighed", "vitamin_a", "deworming"):
            for day in getattr(child, what):
                db.execute("INSERT INTO contacts VALUES (?, ?, ?)", [key, what, day])
        for one in child.barriers:
            db.execute("INSERT INTO barriers VALUES (?, ?, ?)", [key, one.condition, one.vaccine])
        for dose in child.doses:
            db.execute("INSERT INTO doses VALUES (?, ?, ?)", [key, dose.vaccine, dose.day])
    for n, mother in enumerate(grown):
        key = UUID(int=10_000 + n)
        db.execute("INSERT INTO mothers VALUES (?, ?, ?)", [key, mother.started_on, mother.born_on])
        for what in ("antenatal", "postnatal", "planning"):
            for day in getattr(mother, what):
                db.execute("INSERT INTO contacts VALUES (?, ?, ?)", [key, what, day])
    nation.work_out(db, schedules)
    found: dict[UUID, set[tuple[str, str, date, date, str]]] = {}
    for key, *row in db.execute("SELECT id, care, line, due, overdue, status FROM due").fetchall():
        found.setdefault(key, set()).add(tuple(row))
    return found


@pytest.mark.parametrize("country", ["here", "there"])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_batch_and_the_plain_rules_agree(country: str, data: st.DataObject) -> None:
    small = data.draw(st.lists(children(), max_size=12))
    grown = data.draw(st.lists(mothers(), max_size=6))
    schedules = Schedules(ON)
    if country == "there":
        schedules.programme = Programme.of(ON, OTHER)

    found = batch(schedules, small, grown)

    for n, child in enumerate(small):
        assert found.get(UUID(int=n), set()) == rows_of(schedules.child(child))
    for n, mother in enumerate(grown):
        assert found.get(UUID(int=10_000 + n), set()) == rows_of(schedules.mother(mother))


def test_the_cares_of_the_batch_are_those_of_the_plain_rules() -> None:
    assert {*nation.DONE, Care.IMMUNISATION} == {
        care for care in Care if care != Care.ANTENATAL_WHO
    }
