"""Policy is dated data, read strictly; what is wrong with a file is named."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from spean.kernel.policy import BadPolicy, NotInForce, Policy, Rows, UnknownPolicy, policy
from spean.kernel.policy.strict_yaml import read

HEAD = "description: {km: ក, en: a}\nunit: KHR\nchecked_on: 2026-11-01\n"
GRANT = HEAD + (
    'values:\n  2019-06-01: {value: 40000, reference: "Sub-decree 53"}\n'
    '  2023-08-01: {value: 80000, reference: "Sub-decree 99"}\n  2024-04-01: null\n'
)


@pytest.fixture
def written(tmp_path: Path) -> Policy:
    folder = tmp_path / "programmes" / "maternal"
    folder.mkdir(parents=True)
    (folder / "visit.yaml").write_text(GRANT)
    return Policy(tmp_path)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2019, 6, 1), 40000),
        (date(2023, 7, 31), 40000),
        (date(2023, 8, 1), 80000),
        (date(2024, 3, 31), 80000),
    ],
)
def test_a_value_holds_from_its_date_until_the_day_before_the_next(
    written: Policy, day: date, value: int
) -> None:
    found = written.value("programmes.maternal.visit", on=day)

    assert (found.value, found.unit) == (Decimal(value), "KHR")
    assert found.since <= day


@pytest.mark.parametrize("day", [date(2019, 5, 31), date(2024, 4, 1), date(2030, 1, 1)])
def test_outside_its_dates_a_value_is_not_in_force_and_never_nought(
    written: Policy, day: date
) -> None:
    with pytest.raises(NotInForce, match="programmes.maternal.visit"):
        written.value("programmes.maternal.visit", on=day)


def test_a_key_without_a_file_is_a_fault(written: Policy) -> None:
    with pytest.raises(UnknownPolicy):
        written.value("programmes.invented", on=date(2024, 1, 1))


def test_the_version_changes_with_any_file(written: Policy) -> None:
    before = written.version()

    (written.root / "programmes" / "maternal" / "visit.yaml").write_text(GRANT + "\n")

    assert written.version() != before


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (GRANT + "colour: red\n", "unknown colour"),
        (GRANT.replace("unit: KHR", "unit: shells"), "'shells' is none of"),
        (GRANT.replace(', reference: "Sub-decree 53"', ""), "missing reference"),
        (GRANT.replace("Sub-decree 53", "ASSUMED"), "reference"),
        (GRANT.replace("Sub-decree 53", "ASSUMED, well"), "and why"),
        (GRANT.replace("40000,", '"40,000",'), "is not a number"),
        (GRANT.replace("40000,", "4e4,"), "is not a number"),
        (GRANT.replace("en: a", "en: ''"), "both languages"),
        (HEAD + "values: {}\n", "at least one date"),
        (HEAD + 'values: {soon: {value: 1, reference: "Sub-decree"}}\n', "is not a date"),
        ("shape: circle\n" + GRANT, "'circle' is none of"),
        ("shape: [circle]\n" + GRANT, "is none of"),
        (GRANT.replace("unit: KHR", "unit: yes or no"), "neither 1 (yes) nor 0 (no)"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(written: Policy, text: str, what: str) -> None:
    (written.root / "programmes" / "maternal" / "visit.yaml").write_text(text)

    (problem,) = written.check()

    assert "visit.yaml" in problem
    assert what in problem


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: 1\na: 2\n", "line 2: the key 'a' stands twice"),
        ("on: 1\n", "reads as yes or no"),
        ("0301: x\n", "quote it if it is a code"),
        ("301: x\n", "quote codes"),
        ("x: 0301\n", "quote it if it is a code"),
        ("- a\n", "a policy file is a mapping"),
        ("a: [\n", "line 2"),
        ("a: 2019-13-01\n", "no day of the calendar"),
        ("a: 2019-01-01 10:00:00\n", "no day of the calendar"),
        ("? [a]\n: 1\n", "a key is one word or one date"),
        ("a: !!python/object:os.system x\n", "could not determine a constructor"),
    ],
)
def test_yaml_traps_are_refused(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)

    with pytest.raises(BadPolicy, match=what):
        read(path)


SCALE = (
    HEAD
    + """shape: scale
values:
  2024-01-01:
    reference: "Prakas 1 (2024)"
    brackets: [{from: 0, value: 1}, {from: 100, value: 2}]
"""
)
SCHEDULE = """description: {km: ក, en: a}
shape: schedule
checked_on: 2026-11-01
values:
  2024-01-01:
    reference: "Guideline (2024)"
    contacts:
      first: {due: 42, earliest: 38}
      second: {due: 70, earliest: 66, latest: 200, shortest_interval: 28}
"""


DOSES = """description: {km: ក, en: a}
shape: schedule
checked_on: 2026-11-01
values:
  2024-01-01:
    reference: "Guideline (2024)"
    contacts:
      a_1: {series: a, vaccines: [a], due: 42, earliest: 38, overdue: 70}
      a_2: {series: a, vaccines: [a, b], due: 70, earliest: 66, after: a_1, after_interval: 60}
      b_1: {series: b, instead_of: a, vaccines: [b], due: 42, earliest: 38, not_with: [c]}
"""
DECISIONS = """description: {km: ក, en: a}
shape: decisions
checked_on: 2026-11-01
values:
  2024-01-01:
    reference: "Guideline (2024)"
    rows:
      high: {when: {pressure: "140..159", protein: absent}, urgency: refer, km: ក, en: b,
        source: "Guideline (2024), 3"}
"""


def test_a_schedule_of_doses_gives_its_vaccines_and_intervals(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(DOSES)

    one, two, other = Policy(tmp_path).schedule("s", on=date(2024, 1, 1)).contacts

    assert (one.overdue, one.series, one.vaccines) == (70, "a", ("a",))
    assert (other.instead_of, other.not_with, other.careful_with) == ("a", ("c",), ())
    assert (two.overdue, two.after, two.after_interval) == (70, "a_1", 60)


def test_a_decision_table_gives_its_rows(tmp_path: Path) -> None:
    (tmp_path / "d.yaml").write_text(DECISIONS)

    (row,) = Policy(tmp_path).decisions("d", on=date(2024, 1, 1)).rows

    assert (row.code, row.urgency, row.text.en) == ("high", "refer", "b")
    assert row.when == {"pressure": "140..159", "protein": "absent"}


def test_a_scale_gives_the_bracket_that_holds_the_amount(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SCALE)

    scale = Policy(tmp_path).scale("s", on=date(2024, 1, 1))

    assert [scale.at(amount) for amount in (0, 99, 100, 5000)] == [1, 1, 2, 2]
    with pytest.raises(LookupError):
        scale.at(-1)


def test_a_schedule_gives_its_contacts_in_order(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SCHEDULE)

    contacts = Policy(tmp_path).schedule("s", on=date(2024, 1, 1)).contacts

    assert [(c.code, c.due, c.shortest_interval) for c in contacts] == [
        ("first", 42, None),
        ("second", 70, 28),
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (SCALE.replace("from: 100", "from: 0"), "they must rise"),
        (SCHEDULE.replace("earliest: 38", "earliest: 50"), "must rise"),
        (SCHEDULE.replace("earliest: 38", "earlier: 38"), "missing earliest"),
        (DOSES.replace("overdue: 70", "overdue: 41"), "must rise"),
        (DOSES.replace("vaccines: [a], ", ""), "where a series is named"),
        (DOSES.replace("after: a_1", "after: c_1"), "no line before it"),
        (DOSES.replace("instead_of: a", "instead_of: c"), "no series before it"),
        (DOSES.replace("not_with: [c]", "not_with: c"), "write a list"),
        (DECISIONS.replace("140..159", "over 140"), "write a code, or a range"),
        (DECISIONS.replace("Guideline (2024), 3", "?"), "a source is needed"),
    ],
)
def test_a_shape_that_makes_no_sense_is_refused(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "s.yaml").write_text(text)

    (problem,) = Policy(tmp_path).check()

    assert what in problem


SCORECARD = """description: {km: ក, en: a}
shape: scorecard
checked_on: 2026-11-01
values:
  2024-01-01:
    reference: "Guideline (2024)"
    questions:
      roof:
        text: {km: ក, en: a}
        answers:
          leaves: {km: ក, en: a, points: 3}
          tiles: {km: ខ, en: b, points: 0}
      ratio:
        text: {km: ក, en: a}
        derived: true
        answers:
          high: {km: ក, en: a, points: 2, above: 2}
          low: {km: ខ, en: b, points: 0}
    cut_offs: {poor: 4, near: 2}
    needs_one_of: {near: {elderly: {km: ក, en: a}}}
"""


def test_a_scorecard_gives_questions_cut_offs_and_conditions(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SCORECARD)

    card = Policy(tmp_path).scorecard("s", on=date(2024, 1, 1))

    assert card.most_points == 5
    assert list(card.cut_offs.items()) == [("poor", 4), ("near", 2)]
    assert [(c.level, c.code) for c in card.conditions] == [("near", "elderly")]
    assert [answer.above for answer in card.questions[1].answers] == [2, None]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("poor: 4", "poor: 6", "no household could reach"),
        ("{poor: 4, near: 2}", "{near: 2, poor: 4}", "the poorest level stands first"),
        ("{poor: 4, near: 2}", "{}", "at least one is needed"),
        ("near: {elderly", "far: {elderly", "unknown far"),
        ("leaves:", "Palm leaves:", "is no code"),
        (", above: 2", "", "'above' falls"),
        ("derived: true", "derived: maybe", "write true"),
        ("        derived: true\n", "", "only a derived question"),
        ("          low: {km: ខ, en: b, points: 0}\n", "", "two answers or more"),
        ("points: 3", "points: 3.5", "not a whole number"),
    ],
)
def test_a_scorecard_that_makes_no_sense_is_refused(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    (tmp_path / "s.yaml").write_text(SCORECARD.replace(old, new))

    (problem,) = Policy(tmp_path).check()

    assert what in problem


@pytest.mark.parametrize("name", ["visit.yml", "Per-Visit.yaml", "notes.txt"])
def test_a_file_that_would_be_passed_over_is_named(written: Policy, name: str) -> None:
    (written.root / name).write_text(GRANT)

    assert [name in problem for problem in written.check()] == [True]


def test_a_root_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert "no such folder" in Policy(tmp_path / "nowhere").check()[0]


def test_every_policy_file_holds_and_says_where_it_comes_from() -> None:
    assert policy.check() == []
    assert all(v.reference for k in policy.all_keys for v in policy.history(k).values() if v)
    assert {value.key for value in policy.assumptions()} >= {"targeting.scorecard"}


TABLE = (
    "description: {km: ក, en: a}\nshape: table\nunit: KHR\nchecked_on: 2026-11-01\nvalues:\n"
    '  2019-06-01: {reference: "Sub-decree 53", rows: {rural: {member: 5}}}\n  2021-01-01: null\n'
)


def test_a_draft_holds_on_any_day_and_leaves_the_rest_as_it_is(written: Policy) -> None:
    (written.root / "rates.yaml").write_text(TABLE)
    rows = {"rural": {"member": Decimal(7)}}
    draft = written.amended({"rates": rows})

    found = draft.table("rates", on=date(2026, 1, 1))

    assert (found.rows, found.reference) == (rows, "DRAFT — not in force")
    assert draft.value("programmes.maternal.visit", on=date(2020, 1, 1)).value == 40000
    assert (
        len({written.version(), draft.version(), written.amended({"rates": None}).version()}) == 3
    )


def test_a_draft_of_a_draft_keeps_both_changes(written: Policy) -> None:
    (written.root / "rates.yaml").write_text(TABLE)
    (written.root / "others.yaml").write_text(TABLE)
    day = date(2020, 1, 1)
    seven, nine = ({"rural": {"member": Decimal(pay)}} for pay in (7, 9))
    once = written.amended({"rates": seven, "others": None})

    other = once.amended({"others": nine})
    again = once.amended({"rates": nine})

    assert other.table("rates", on=day).rows == seven
    assert other.table("others", on=day).rows == nine
    assert again.table("rates", on=day).rows == nine
    with pytest.raises(NotInForce):
        again.table("others", on=day)
    drafts = (once, other, again, written.amended({"rates": nine}))
    assert len({draft.version() for draft in drafts}) == 4


def test_a_scorecard_amended_twice_has_the_points_of_both() -> None:
    card, on = "targeting.scorecard", date(2026, 1, 1)
    roof, water = list(policy.scorecard(card, on=on).rows)[:2]

    drafted = policy.amended({card: points_of(roof, 41)}).amended({card: points_of(water, 42)})

    rows = drafted.scorecard(card, on=on).rows
    assert (rows[roof]["points"], rows[water]["points"]) == (41, 42)


def points_of(row: str, points: int) -> Rows:
    return {row: {"points": Decimal(points)}}


def test_a_draft_can_abolish_a_table(written: Policy) -> None:
    (written.root / "rates.yaml").write_text(TABLE)

    with pytest.raises(NotInForce):
        written.amended({"rates": None}).table("rates", on=date(2020, 1, 1))
