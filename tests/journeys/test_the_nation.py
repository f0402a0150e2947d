"""A country is drawn, taken in, put into a snapshot, worked out, asked about and searched."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from spean.kernel import runs
from spean.kernel.access import Actor
from spean.kernel.models import LongRun
from spean.locations.models import Place
from spean.programmes.queries import entitlements_of
from spean.registry.models import DuplicatePair, Household, Person
from spean.results.queries import Question, answer
from spean.targeting.models import PovertyStatus


def _run(kind: str, **parameters: Any) -> LongRun:
    run = runs.start(kind=kind, parameters=parameters, by=Actor.system("test"))
    run = runs.carry_out(run.pk)
    assert run.state == "done", run.error
    return run


@pytest.mark.django_db(transaction=True)
def test_from_a_drawn_country_to_its_figures(
    places: dict[str, Place], settings: Any, tmp_path: Path
) -> None:
    settings.SNAPSHOTS, settings.RESULTS = tmp_path / "snapshots", tmp_path / "results"
    settings.INTAKE, drawn = tmp_path, tmp_path / "drawn"
    today, system = timezone.localdate(), Actor.system("test")

    call_command("synthesise", drawn, scale=0.02, seed=2, area="1601")
    call_command("classify_areas", drawn / "areas.csv", act="drawn", on=date(2020, 1, 1))
    call_command("intake", drawn / "households-16.csv")
    call_command("intake_interviews", drawn / "interviews-16.csv")
    assert Household.objects.count() > 400
    assert PovertyStatus.objects.filter(level="poor_1").count() > 20

    taken = _run("snapshot")
    worked = _run("entitlements")
    assert taken.result["rows"]["people"] == Person.objects.count()
    assert worked.result["households"] == Household.objects.count()

    poor = PovertyStatus.objects.filter(level="poor_1").latest("id")
    one = entitlements_of(poor.household_id, by=system, on=today)
    assert {d.kind for d in one.decisions} == {
        "programmes.maternal_grant", "programmes.disability_allowance", "programmes.shock_top_up",
        "programmes.shock_expansion",
        "programmes.elderly_allowance", "programmes.scholarship",
    }  # fmt: skip
    levels = answer(Question("households", "level"), by=system)
    assert levels.total == round(Household.objects.count() / 5) * 5

    found = _run("duplicates")
    again = _run("duplicates")
    assert found.result["pairs"] == DuplicatePair.objects.count() > 10
    assert again.result["pairs"] == 0
    assert not [path for path in settings.SNAPSHOTS.iterdir() if path.name.startswith(".")]
