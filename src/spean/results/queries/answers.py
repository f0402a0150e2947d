"""Answers to an analyst's question, from the last snapshot and the last entitlements."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import duckdb

from spean.kernel import access, disclosure, runs, snapshots
from spean.kernel.access import Actor
from spean.kernel.disclosure import Cell
from spean.kernel.errors import N_, SpeanError
from spean.kernel.periods import last_birth_of_age
from spean.kernel.policy import policy
from spean.kernel.snapshots import Snapshot

PERMISSION = "results.view_answers"
ENTITLEMENTS = "entitlements"
COMMUNE = 6
AREA = re.compile(access.AREA)
AGES = ((0, 5), (5, 15), (15, 25), (25, 45), (45, 60), (60, None))
AGE_CODES = tuple(f"{least}_{below - 1}" if below else f"{least}_" for least, below in AGES)
LEVELS = ("poor_1", "poor_2", "at_risk", "not_poor")
AREA_CLASSES = ("phnom_penh_urban", "other_urban", "rural")
SEXES = ("female", "male")
PEOPLE, HOUSEHOLDS = "people", "households"
# What each thing that is counted can be divided and narrowed by.
DIVISIONS: Mapping[str, tuple[str, ...]] = {
    PEOPLE: ("place", "level", "age", "sex", "disability", "area_class"),
    HOUSEHOLDS: ("place", "level", "area_class"),
    "amount": ("place", "level", "area_class"),
}
VALUES: Mapping[str, tuple[str, ...]] = {
    "level": LEVELS,
    "age": AGE_CODES,
    "sex": SEXES,
    "disability": ("yes", "no"),
    "area_class": AREA_CLASSES,
}


class QuestionRefused(SpeanError):
    """Refuse a question that the figures can't answer."""

    code = "results.question_refused"
    message = N_("%(what)s can't be divided or narrowed by %(by)s. Choose something else.")
    field = "by"


class NoEntitlements(SpeanError):
    """Say that nobody has worked out the entitlements of this programme yet."""

    code = "results.no_entitlements"
    message = N_("The entitlements of this programme have not been worked out yet.")
    status = 409
    field = "what"


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted (people, households, or a programme's amounts), divided by what, of whom.

    `only` narrows: a division to one of its values.
    """

    what: str = PEOPLE
    by: str = "place"
    area: str = ""
    only: Mapping[str, str] = field(default_factory=dict)

    @property
    def counted(self) -> str:
        """The kind of figure: people, households or amount."""
        return self.what if self.what in (PEOPLE, HOUSEHOLDS) else "amount"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: the code of its place or group; None where it is held back."""

    code: str
    figure: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures, as of which day, by which policy; the total is over all rows."""

    question: Question
    as_of: date
    policy_version: str
    rows: tuple[Row, ...]
    total: int | None
    held_back: int


def answer(question: Question, *, by: Actor) -> Answer:
    """Answer a question; nobody can be recognised in it.

    Raises NotAllowed, QuestionRefused, NoEntitlements, NoSnapshot and what opening one raises.
    """
    access.require(by, PERMISSION, area=question.area)
    _check(question)
    snapshot = snapshots.latest()
    source, measure, version = _source(question, snapshot)
    cells = _cells(question, snapshot, source, measure)
    terms = policy.table("results.disclosure", on=snapshot.manifest.as_of)
    codes, counted = list(cells), list(cells.values())
    figures = disclosure.shown(counted, question.counted, terms)
    whole = Cell(sum(c.units for c in counted), sum(c.value for c in counted))
    return Answer(
        question=question,
        as_of=snapshot.manifest.as_of,
        policy_version=version,
        rows=tuple(Row(code, one) for code, one in zip(codes, figures, strict=True)),
        total=disclosure.shown([whole], question.counted, terms)[0],
        held_back=figures.count(None),
    )


def shown_households(counts: Sequence[int], *, on: date) -> list[int | None]:
    """Give counts of households as they may be shown; None where one is held back."""
    terms = policy.table("results.disclosure", on=on)
    return disclosure.shown([Cell(count, count) for count in counts], HOUSEHOLDS, terms)


def programmes() -> tuple[str, ...]:
    """Give the programmes whose entitlements were worked out last."""
    done = runs.last_done(ENTITLEMENTS)
    return tuple(done.result["programmes"]) if done else ()


def _check(question: Question) -> None:
    if not AREA.fullmatch(question.area):
        raise QuestionRefused(what=question.what, by=question.area[:60])
    allowed = DIVISIONS[question.counted]
    for division in (question.by, *question.only):
        if division not in allowed:
            raise QuestionRefused(what=question.what, by=division)
    for division, value in question.only.items():
        if value not in VALUES.get(division, ()):
            raise QuestionRefused(what=question.what, by=f"{division} = {value}"[:60])


def _source(question: Question, snapshot: Snapshot) -> tuple[str, str, str]:
    """Give the files to read, what is summed of each row, and the policy that made them."""
    if question.counted != "amount":
        return snapshot.path(question.what), "1", snapshot.manifest.policy_version
    done = runs.last_done(ENTITLEMENTS)
    if done is None or question.what not in done.result["programmes"]:
        raise NoEntitlements
    files = str(Path(done.result["folder"]) / "part=*" / "*.parquet")
    return files, f"{question.what}_amount", done.result["policy_version"]


def _cells(question: Question, snapshot: Snapshot, source: str, measure: str) -> dict[str, Cell]:
    """Count, one statement over the columns needed; groups without anybody are there too."""
    group = _expression(question.by, question, snapshot.manifest.as_of)
    tests = [f"{measure} IS NOT NULL", f"starts_with(village, '{question.area}')"]
    for division, value in question.only.items():
        found = _expression(division, question, snapshot.manifest.as_of)
        tests.append(f"{found} = '{value}'")
    files = source.replace("part=*", f"part={question.area[:2] or '*'}")
    statement = (
        f"SELECT {group} AS code, count(*), sum({measure})::BIGINT"
        f" FROM read_parquet('{files}') WHERE {' AND '.join(tests)} GROUP BY 1 ORDER BY 1"
    )
    counted = {code: Cell(units, value) for code, units, value in _run(statement) if code}
    listed: Sequence[str] = VALUES.get(question.by, tuple(counted))
    return {code: counted.get(code, Cell(0, 0)) for code in listed}


def _expression(division: str, question: Question, on: date) -> str:
    """Give the SQL that tells a row's group."""
    if division == "place":
        return f"village[:{min(len(question.area) + 2, COMMUNE)}]"
    if division == "level":
        return "coalesce(status, 'not_poor')"
    if division == "disability":
        return "CASE WHEN disabled THEN 'yes' ELSE 'no' END"
    if division == "age":
        branches = "".join(
            f" WHEN birth_date <= DATE '{last_birth_of_age(least, on)}' THEN '{code}'"
            for (least, _), code in reversed(list(zip(AGES, AGE_CODES, strict=True)))
        )
        return f"CASE{branches} END"
    return division


def _run(statement: str) -> list[tuple[str, int, int]]:
    with _engine().cursor() as cursor:
        return cursor.execute(statement).fetchall()


@lru_cache(maxsize=1)
def _engine() -> duckdb.DuckDBPyConnection:
    """Open one engine a process: a cursor of it serves one question."""
    return duckdb.connect(config={"memory_limit": "1GB"})
