"""What is drawn passes the registry's own checks, and its interviews score as they say."""

from collections import Counter
from pathlib import Path

import duckdb
import ibis
import pytest

from spean.kernel.access import Actor
from spean.kernel.policy import policy
from spean.locations import queries as locations
from spean.registry.actions.checking import Notes, checked_members
from spean.registry.rules.import_columns import names_of_columns
from spean.registry.rules.import_households import read_households
from spean.registry.rules.people import YOUNGEST_USUAL_HEAD
from spean.targeting.rules import score
from tests.synthetic.conftest import DISTRICT, TODAY, Drawn, load

CARD = policy.scorecard("targeting.scorecard", on=TODAY)


@pytest.mark.django_db
def test_every_row_of_a_district_passes_the_checks_of_an_import(
    district: Drawn, system: Actor
) -> None:
    rows = district.rows("households")
    assert set(names_of_columns(rows[0])) == set(rows[0])

    households, problems = read_households(enumerate(rows, 2))

    members = [member for household in households for member in household.members.values()]
    notes = Notes()
    checked = checked_members(members, by=system, on=TODAY, notes=notes)
    assert (problems, notes.problems) == ([], [])
    assert len(members) == len(rows) > 1_500
    assert checked == members
    load(DISTRICT)
    known = set(locations.places("village", on=TODAY).values_list("code", flat=True))
    assert {household.village_code for household in households} <= known
    for household in households:
        head = household.members[household.heads[0]]
        assert TODAY.year - head.birth_date.year >= YOUNGEST_USUAL_HEAD


def test_telephones_and_numbers_are_as_often_given_as_assumed(district: Drawn) -> None:
    rows = district.rows("households")
    adults = [row for row in rows if row["relation"] in ("head", "spouse")]
    homes = {row["household_key"]: row["household_phone"] for row in rows}

    assert sum(map(bool, homes.values())) / len(homes) == pytest.approx(0.7, abs=0.04)
    assert sum(bool(row["national_id"]) for row in adults) / len(adults) == pytest.approx(
        0.8, abs=0.04
    )


FACTS = """
    WITH people AS (
        SELECT *, date_sub('year', birth_date::DATE, DATE '{on}') AS age,
            greatest(seeing, hearing, walking, remembering, self_care, communicating) AS worst
        FROM read_csv('{folder}/households-*.csv', all_varchar=true, header=true)
    ), facts AS (
        SELECT household_key, count(*) AS members,
            count(*) FILTER (age < 2) AS members_under_2,
            count(*) FILTER (age < 18) AS members_under_18,
            count(*) FILTER (age >= 60) AS members_60_and_over,
            count(*) FILTER (worst >= '3') AS members_disabled,
            count(*) FILTER (age < 15 OR age >= 60) AS dependants,
            count(*) FILTER (age >= 15 AND age < 60) AS members_of_working_age,
            bool_or(relation = 'head' AND sex = 'female') AS female_head
        FROM people GROUP BY household_key
    )
    SELECT interviews.* RENAME (level AS said), facts.* EXCLUDE (household_key)
    FROM read_csv('{folder}/interviews-*.csv', all_varchar=true, header=true) interviews
    JOIN facts USING (household_key)
"""


def _said_and_scored(folder: Path) -> Counter[tuple[str, str]]:
    found = duckdb.sql(FACTS.format(folder=folder, on=TODAY))
    assert found is not None
    table = found.to_arrow_table()
    scored = score(ibis.memtable(table), CARD).select("said", "level").to_pyarrow().to_pylist()
    return Counter((row["said"], row["level"]) for row in scored)


def test_nine_of_ten_households_score_into_their_own_group(country: Drawn) -> None:
    found = _said_and_scored(country.folder)

    assert {scored for _, scored in found} == {"poor_1", "poor_2", "at_risk", "not_poor"}
    for group in ("poor_1", "poor_2", "at_risk", "not_poor"):
        said = sum(number for (one, _), number in found.items() if one == group)
        assert said > 0
        assert found[group, group] / said >= 0.9, group
