"""Poor rural families, and the nation's results for a day."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from spean.kernel import runs
from spean.kernel.access import Actor
from spean.kernel.models import LongRun
from spean.locations.actions import classify_area
from spean.locations.models import Place
from spean.registry import actions as registry
from spean.registry import queries
from spean.registry.models import Household, Membership, Person
from spean.registry.rules.people import NewMember
from spean.targeting.models import Assessment, PovertyStatus
from tests.snapshots import AS_OF, HOME, MEMBER, write_snapshot

DAY = date(2023, 1, 2)


def add_child(home: Household, since: date) -> Membership:
    person = Person.objects.create(
        family_name_km="សុខ", given_name_km="រតនា", sex="male", birth_date=date(2020, 3, 3),
        since=since, search_keys=[],
    )  # fmt: skip
    return Membership.objects.create(household=home, person=person, relation="child", start=since)


@pytest.fixture
def family_in(system: Actor) -> Callable[[Place], Household]:
    """Register a poor rural mother and her child of three in a village."""

    def make(village: Place) -> Household:
        classify_area(place=village, kind="rural", act="test", by=system, on=date(2020, 1, 1))
        names = {"family_name_km": "សុខ", "family_name_latin": "Sok", "sex": "female"}
        made = registry.register_household(
            village=village, address="", phone="", by=system, on=DAY, not_duplicates=True,
            members=[
                NewMember(given_name_km="បុប្ផា", given_name_latin="Bopha", relation="head",
                          birth_date=date(1990, 1, 1), **names),
                NewMember(given_name_km="ធីតា", given_name_latin="Thida", relation="child",
                          birth_date=date(2019, 6, 1), **names),
            ],
        )  # fmt: skip
        case = Assessment.objects.create(
            household=made, village=village, state="confirmed", final_level="poor_1",
            origin="imported", channel="system", requested_on=DAY, requested_by="t",
            closed_on=DAY, closed_by="t",
        )  # fmt: skip
        PovertyStatus.objects.create(
            household=made, level="poor_1", assessment=case, start=DAY, end=date(2030, 1, 2)
        )
        return made

    return make


@pytest.fixture
def family(village: Place, family_in: Callable[[Place], Household]) -> Household:
    return family_in(village)


@pytest.fixture
def worked_out(settings: Any, tmp_path: Path, system: Actor) -> Callable[[date], None]:
    """Work out the nation from the registry as it stands on a day, under the rules of the day."""
    settings.RESULTS = tmp_path / "results"

    def work(on: date) -> None:
        folder = tmp_path / str(uuid4())
        write_snapshot(folder, *_rows(on, system), taken_at=timezone.now().isoformat())
        LongRun.objects.create(
            kind="snapshot", state="done", started_by="test", finished_at=timezone.now(),
            result={"folder": str(folder), "as_of": AS_OF.isoformat()},
        )  # fmt: skip
        run = runs.start(kind="entitlements", parameters={"on": on.isoformat()}, by=system)
        assert runs.carry_out(run.pk).state == "done"

    return work


def _rows(on: date, by: Actor) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    homes, people = [], []
    for number, home in enumerate(Household.objects.order_by("id"), 1):
        state = queries.household_as_of(home.pk, by=by, on=on)
        lives = HOME | {"household": number, "village": state.village.code}
        level = PovertyStatus.objects.get(household=home).level
        homes.append(lives | {"household_id": str(home.pk), "status": level})
        people += [
            MEMBER | lives | {"sex": one.facts.sex, "birth_date": one.facts.birth_date,
                              "relation": one.relation}
            for one in state.members
        ]  # fmt: skip
    return homes, people
