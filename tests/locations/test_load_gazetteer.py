"""Bringing the stored gazetteer into step with the published list."""

import time
from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.locations import actions, rules
from spean.locations.models import Place, Succession

TODAY = date(2026, 11, 1)

pytestmark = pytest.mark.django_db


def _load(only: str | None = "1601", on: date = TODAY) -> actions.LoadReport:
    return actions.load_gazetteer(by=Actor.system("test"), on=on, only=only)


def test_the_nation_is_loaded_once_and_a_second_run_changes_nothing_in_two_seconds() -> None:
    first = _load(None)
    began = time.monotonic()
    second = _load(None)
    seconds = time.monotonic() - began

    assert (len(first.added), len(first.defects)) == (25 + 210 + 1661 + 14_481, 95)
    assert not second.changes
    assert second.unchanged == len(first.added)
    assert seconds < 2
    assert AuditEntry.objects.filter(action="locations.load_gazetteer").count() == 1


def test_the_first_load_opens_codes_on_the_first_day_of_the_list() -> None:
    _load()

    malik = Place.objects.get(code="16010101")
    assert (malik.start, malik.end) == (rules.FIRST_DAY, None)
    assert (malik.name_km, malik.name_en, malik.parent.code) == ("ម៉ាលិក", "Malik", "160101")  # type: ignore[union-attr]


def test_only_an_area_and_what_holds_it_is_loaded() -> None:
    _load("160101")

    assert set(Place.objects.values_list("code", flat=True)) == {
        "16", "1601", "160101", "16010101", "16010102", "16010103", "16010104",
    }  # fmt: skip


def test_a_code_that_appears_opens_on_the_day() -> None:
    _load()
    Place.objects.get(code="16010101").delete()

    report = _load()

    assert report.added == ["16010101"]
    assert Place.objects.get(code="16010101").start == TODAY


def test_a_code_that_the_list_drops_closes_on_the_day() -> None:
    _load()
    Place.objects.create(
        code="16010199", level="village", name_km="ចាស់", name_en="Old", start=rules.FIRST_DAY,
        parent=Place.objects.get(code="160101"),
    )  # fmt: skip

    report = _load()

    assert report.closed == ["16010199"]
    assert Place.objects.get(code="16010199").end == TODAY


def test_a_renamed_place_stays_the_same_place_and_the_trail_keeps_its_old_name() -> None:
    _load()
    before = Place.objects.get(code="16010101")
    Place.objects.filter(pk=before.pk).update(name_en="Old Malik")

    report = _load()

    assert Place.objects.get(pk=before.pk).name_en == "Malik"
    line = AuditEntry.objects.filter(action="locations.load_gazetteer").latest("id")
    assert line.detail["renamed"] == report.renamed
    assert report.renamed[0]["name_en"] == "Old Malik"


def test_a_code_that_an_act_closed_is_not_opened_again_by_the_list() -> None:
    _load()
    ended, going_on = (Place.objects.get(code=code) for code in ("16010101", "16010102"))
    ended.end = date(2026, 1, 1)
    ended.save()
    Succession.objects.create(predecessor=ended, successor=going_on, day=ended.end, act="Act 1")

    assert not _load().changes


def test_an_area_outside_ones_own_is_not_loaded(actor: Callable[..., Actor]) -> None:
    elsewhere = actor("administrator", "17", Purpose.ADMINISTRATION)

    with pytest.raises(NotAllowed):
        actions.load_gazetteer(by=elsewhere, on=TODAY, only="16")


def test_the_command_reports_what_it_left_out() -> None:
    out = StringIO()

    call_command("load_gazetteer", only="050614", defects=True, stdout=out)

    assert "9 rows left out" in out.getvalue()
    assert "malformed: 0506140-" in out.getvalue()
