"""A form is published once for each version, and stays as it was."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from spean.fieldwork import actions
from spean.fieldwork.models import FormVersion
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry

TODAY = date(2026, 11, 23)
SYSTEM = Actor.system("publish_forms")
SURVEY = [
    ["type", "name", "label::Khmer (km)", "label::English (en)"],
    ["select_one_from_file villages.csv", "village", "ភូមិ", "Village"],
    ["text", "note", "កំណត់សម្គាល់", "Notes"],
]
SETTINGS = {
    "form_title": "សាកល្បង · Trial",
    "form_id": "trial",
    "version": "2026112301",
    "default_language": "Khmer (km)",
}
Write = Callable[..., Path]

pytestmark = pytest.mark.django_db


@pytest.fixture
def workbook(tmp_path: Path) -> Write:
    """Write a small workbook: `workbook(version="2026112302", more=[…a row…])`."""

    def write(*, more: list[str] | None = None, **settings: str) -> Path:
        book = openpyxl.Workbook()
        for row in [*SURVEY, *([more] if more else [])]:
            book.worksheets[0].append(row)
        book.worksheets[0].title = "survey"
        sheet = book.create_sheet("settings")
        held = SETTINGS | settings
        sheet.append(list(held))
        sheet.append(list(held.values()))
        path = tmp_path / "trial.xlsx"
        book.save(path)
        return path

    return write


def publish(*paths: Path, by: Actor = SYSTEM) -> list[FormVersion]:
    return actions.publish_forms(paths=paths, by=by, on=TODAY)


def test_a_workbook_becomes_a_form_version(workbook: Write) -> None:
    (form,) = publish(workbook())

    assert (form.form_id, form.version) == ("trial", "2026112301")
    assert (form.title_km, form.title_en) == ("សាកល្បង", "Trial")
    assert form.media == ["villages.csv"]
    assert (form.published_on, form.published_by) == (TODAY, SYSTEM.name)
    assert len(form.md5) == 32
    assert len(form.workbook_sha256) == 64
    assert AuditEntry.objects.get(action="fieldwork.publish_form").detail["version"] == form.version


def test_publishing_again_changes_nothing(workbook: Write) -> None:
    path = workbook()
    publish(path)

    assert publish(path) == []
    assert FormVersion.objects.count() == 1


def test_a_changed_workbook_needs_a_new_version(workbook: Write) -> None:
    publish(workbook())
    before = FormVersion.objects.values().get()

    with pytest.raises(actions.VersionPublished, match=r"trial\.xlsx a new version"):
        publish(workbook(more=["integer", "age", "អាយុ", "Age"]))
    assert FormVersion.objects.values().get() == before


def test_a_new_version_leaves_the_old_one(workbook: Write) -> None:
    publish(workbook())
    old = FormVersion.objects.get()

    publish(workbook(version="2026112302", more=["integer", "age", "អាយុ", "Age"]))

    assert set(FormVersion.objects.values_list("version", flat=True)) == {
        "2026112301",
        "2026112302",
    }
    assert FormVersion.objects.get(version="2026112301").xform == old.xform


def test_an_old_workbook_that_comes_back_changes_nothing(workbook: Write) -> None:
    path = workbook()
    first = path.read_bytes()
    publish(path)
    publish(workbook(version="2026112302"))
    path.write_bytes(first)

    assert publish(path) == []


def test_one_wrong_workbook_publishes_none(workbook: Write, tmp_path: Path) -> None:
    good = workbook()
    bad = tmp_path / "very_bad.xlsx"
    bad.write_bytes(b"no workbook")

    with pytest.raises(actions.WorkbookWrong, match=r"very_bad\.xlsx"):
        publish(good, bad)
    assert not FormVersion.objects.exists()


def test_what_pyxform_found_is_said(workbook: Write) -> None:
    path = workbook(more=["select_one missing", "x", "អ្វី", "What"])

    with pytest.raises(actions.WorkbookWrong, match="choices sheet"):
        publish(path)


@pytest.mark.parametrize(
    "settings", [{"version": ""}, {"form_title": "Trial"}, {"form_title": " · Trial"}]
)
def test_a_form_says_which_one_it_is_in_both_languages(
    settings: dict[str, str], workbook: Write
) -> None:
    with pytest.raises(actions.WorkbookIncomplete):
        publish(workbook(**settings))


@pytest.mark.parametrize("role", ["administrator", "enumerator", "auditor"])
def test_nobody_publishes_but_the_system_itself(
    role: str, workbook: Write, actor: Callable[..., Actor]
) -> None:
    with pytest.raises(NotAllowed):
        publish(workbook(), by=actor(role, "", Purpose.ADMINISTRATION))


def test_the_command_publishes_the_workbooks_of_every_module() -> None:
    said = StringIO()

    call_command("publish_forms", stdout=said)
    call_command("publish_forms", stdout=said)

    first, second = said.getvalue().splitlines()
    assert first.startswith("Forms: ")
    assert "poverty_interview 2026112301" in first
    assert second.endswith("published nothing new.")
    interview = FormVersion.objects.get(form_id="poverty_interview")
    assert interview.media == ["cases.csv", "villages.csv"]
    update = FormVersion.objects.get(form_id="household_update")
    assert update.media == ["households.csv", "people.csv", "villages.csv"]


def test_the_command_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(**_: object) -> None:
        raise actions.VersionPublished(form="trial", version="1", file="trial.xlsx")

    monkeypatch.setattr(actions, "publish_forms", refuses)

    with pytest.raises(CommandError, match="new version"):
        call_command("publish_forms")
