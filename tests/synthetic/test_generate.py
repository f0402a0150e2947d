"""What is written, how it fits, and that chance is the seed's alone."""

import json
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from spean.synthetic import actions
from spean.synthetic.rules.margins import margins
from tests.synthetic.conftest import DISTRICT, VILLAGE, Drawn

Draw = Callable[..., Drawn]


def test_the_same_seed_writes_the_same_bytes_however_many_provinces_are_drawn_at_once(
    drawing: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = drawing("once", scale=0.02).bytes()
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    again = drawing("again", scale=0.02).bytes()

    assert list(once) == [
        "areas.csv", "fit.json", "households-16.csv", "households-24.csv", "interviews-16.csv",
        "interviews-24.csv", "truth-16.csv", "truth-24.csv",
    ]  # fmt: skip
    assert once == again


def test_another_seed_writes_other_people(drawing: Draw) -> None:
    one = drawing("one", scale=0.02, area="16", seed=1).bytes()
    other = drawing("other", scale=0.02, area="16", seed=2).bytes()

    assert one["areas.csv"] == other["areas.csv"]
    for name in ("households-16.csv", "interviews-16.csv", "truth-16.csv"):
        assert one[name] != other[name]


# By the end of a line's name or the whole of it: how far it may be off at one part in a hundred.
TOLERANCES = {
    "persons": 0.002,
    "households": 0.001,
    "household size": 0.002,
    "poor households": 0.005,
    "poor persons": 0.005,
    "at-risk households": 0.005,
    "poor with a disability, share": 0.15,  # some 600 people: four standard errors
}
SHARES = 0.02
PROVINCE_PERSONS = 12  # people: each kind of area and group is rounded to whole households


def test_one_part_in_a_hundred_fits_the_published_margins(country: Drawn) -> None:
    assert len(country.lines) == 16 - 1 + 25
    for line in country.lines:
        if line.name.startswith("persons, province"):
            assert abs(line.drawn - line.published) <= PROVINCE_PERSONS + 0.003 * line.published
        else:
            allowed = TOLERANCES.get(line.name, SHARES)
            assert abs(line.off) <= allowed, f"{line.name}: {line.off:.2%}"


def test_the_parts_of_the_country_add_up_to_the_published_figures(country: Drawn) -> None:
    known = margins()
    published = {line.name: line.published for line in country.lines}

    counts = {
        "persons": "population.persons",
        "households": "population.households",
        "poor households": "poor.households",
        "poor persons": "poor.persons",
        "at-risk households": "at_risk.households",
    }
    for name, path in counts.items():
        assert published[name] == pytest.approx(known[path] / 100, rel=1e-6)
    for name, path in {
        "urban, share": "population.urban_share",
        "women as heads, share": "population.female_head_share",
        "age from_60, share": "ages.from_60",
        "poor aged 60 and over, share": "poor.from_60_share",
    }.items():
        assert published[name] == pytest.approx(known[path], rel=1e-4)
    for code, persons in known.provinces.items():
        assert published[f"persons, province {code}"] == pytest.approx(persons / 100, rel=1e-6)


def test_the_fit_is_written_as_it_is_given(country: Drawn) -> None:
    stored = json.loads((country.folder / "fit.json").read_text(encoding="utf-8"))

    assert [(one["name"], one["drawn"]) for one in stored] == [
        (line.name, line.drawn) for line in country.lines
    ]


def test_numbers_are_nobody_elses_and_heads_one_a_household_over_the_country(
    country: Drawn,
) -> None:
    rows = country.rows("households")

    for kind in ("national_id", "birth_certificate"):
        numbers = [row[kind] for row in rows if row[kind]]
        assert len(numbers) > 20_000
        assert len(set(numbers)) == len(numbers)
    heads = Counter(row["household_key"] for row in rows if row["relation"] == "head")
    assert set(heads) == {row["household_key"] for row in rows}
    assert set(heads.values()) == {1}
    villages = [row["village_code"] for row in rows if row["household_key"][:2] == "16"]
    assert villages == sorted(villages)


def test_no_two_rows_of_a_household_read_like_one_person(country: Drawn) -> None:
    columns = ("household_key", "sex", "birth_date", "family_name_km", "given_name_km")
    rows = [tuple(r[c] for c in columns) for r in country.rows("households") if r["given_name_km"]]

    assert len(set(rows)) == len(rows)


def test_two_people_of_a_hundred_are_recorded_twice(country: Drawn) -> None:
    rows = [row["person"] for row in country.rows("truth")]
    people = len(set(rows))

    assert people == sum(line.drawn for line in country.lines if line.name == "persons")
    assert len(rows) / people - 1 == pytest.approx(0.02, abs=4 * (0.02 * 4 / people) ** 0.5)


def test_truth_names_each_row_of_the_households(district: Drawn) -> None:
    place: Counter[str] = Counter()
    expected = []
    for row in district.rows("households"):
        place[row["household_key"]] += 1
        expected.append((row["household_key"], str(place[row["household_key"]])))

    assert [(row["household_key"], row["member"]) for row in district.rows("truth")] == expected
    assert {row["household_key"] for row in district.rows("interviews")} == set(place)


def test_only_a_part_of_the_household_moves_when_it_is_recorded_again(district: Drawn) -> None:
    homes: dict[str, set[str]] = {}
    for row in district.rows("truth"):
        homes.setdefault(row["person"], set()).add(row["household_key"])

    assert max(len(keys) for keys in homes.values()) <= 3
    truth = [(row["household_key"], row["person"]) for row in district.rows("truth")]
    assert len(set(truth)) == len(truth)


def test_one_village_works(drawing: Draw) -> None:
    drawn = drawing("village", scale=1, area=VILLAGE)
    rows = drawn.rows("households")
    published = {line.name: line.published for line in drawn.lines}

    assert {row["village_code"] for row in rows} == {VILLAGE}
    assert 100 < len(rows) < 10_000
    assert published["persons"] == pytest.approx(published["persons, province 16"])
    assert len({row["person"] for row in drawn.rows("truth")}) == pytest.approx(
        published["persons"], rel=0.02
    )


def test_hardly_anybody_of_one_village_works_too(drawing: Draw) -> None:
    drawn = drawing("few", scale=0.001, area=VILLAGE)

    assert len(drawn.rows("households")) < 30


def test_files_of_an_earlier_draw_do_not_stay(drawing: Draw) -> None:
    drawn = drawing("same", scale=0.001, area="16")
    old = drawn.folder / "households-99.csv"
    old.write_text("old", encoding="utf-8")

    drawing("same", scale=0.001, area="16")

    assert not old.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("area", ["99", "1", "160", "1601999", "x", "16019999", "160101011"])
def test_a_bad_area_is_refused_and_writes_nothing(
    provinces: None, tmp_path: Path, area: str
) -> None:
    with pytest.raises(CommandError, match="No village lies in"):
        call_command("synthesise", str(tmp_path / "out"), area=area, stdout=StringIO())

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("option", "value"), [("scale", 0.0), ("scale", 1.1), ("seed", -1)])
def test_a_bad_number_is_refused(tmp_path: Path, option: str, value: float) -> None:
    with pytest.raises(CommandError):
        call_command("synthesise", str(tmp_path), stdout=StringIO(), **{option: value})


@pytest.mark.django_db
def test_the_command_prints_the_fit(provinces: None, tmp_path: Path) -> None:
    out = StringIO()

    call_command("synthesise", str(tmp_path), scale=0.01, area=DISTRICT, stdout=out)

    assert "persons, province 16" in out.getvalue()
