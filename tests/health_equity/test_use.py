"""Who comes for care and who doesn't: figures by level, distance and place that name nobody."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.health_equity import queries
from spean.health_equity.models import Visit, VisitService
from spean.health_equity.rules.use import Tally, band, lines
from spean.kernel import snapshots
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.policy import policy
from spean.locations.models import Catchment, Facility, Place, VillagePoint
from spean.registry.models import Household, Membership, Person
from tests.snapshots import HOME, MEMBER, write_snapshot

TODAY = timezone.localdate()
DAY = TODAY - timedelta(days=30)
SEES = {"analyst", "auditor", "programme_officer", "scheme_officer"}
NEAR, FAR, ELSEWHERE = "16010101", "16010201", "16020101"
Come = Callable[..., None]


@pytest.fixture(autouse=True)
def snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Count 40 poor people near the health centre, 60 others far away, 30 in another district."""
    folder = tmp_path / "snapshot"
    folder.mkdir()
    living = ((NEAR, "poor_1", 40), (FAR, None, 60), (ELSEWHERE, None, 30))
    homes, people = [], []
    for n, (village, level, count) in enumerate(living):
        where = {"household": n, "village": village, "status": level}
        homes.append(HOME | where)
        people += [MEMBER | where] * count
    opened = write_snapshot(folder, homes, people)
    monkeypatch.setattr(snapshots, "latest", lambda: opened)


@pytest.fixture
def centre(facility_of: Callable[..., Facility], places: dict[str, Place]) -> Facility:
    """Give a health centre in the near village that serves both communes of the district."""
    made = facility_of()
    for code, latitude in ((NEAR, 13.0), (FAR, 13.07)):
        VillagePoint.objects.create(
            place=places[code], latitude=latitude, longitude=107, source="t"
        )
        Catchment.objects.create(facility=made, place=places[code[:6]], start=date(2015, 1, 1))
    return made


@pytest.fixture
def come(centre: Facility, family_in: Callable[..., Household], places: dict[str, Place]) -> Come:
    """Let somebody of a village come: `come("16010101", times=2, service="delivery")`."""

    def visit(village: str, *, level: str = "", times: int = 1, people: int = 1,
              service: str = "outpatient", fee: int = 2000, on: date = DAY) -> None:  # fmt: skip
        home = family_in(places[village], level=level)
        for n in range(people):
            who = Person.objects.create(
                family_name_km="ក", given_name_km=f"{n}", sex="female", birth_date=date(1990, 1, 1),
                birth_date_precision="exact", since=DAY, search_keys=[],
            )  # fmt: skip
            Membership.objects.create(household=home, person=who, relation="other", start=DAY)
            for time in range(times):
                _visit(centre, home, who, service, fee, on + timedelta(days=time))

    return visit


def _visit(
    facility: Facility, home: Household, who: Person, service: str, fee: int, on: date
) -> None:
    made = Visit.objects.create(
        number=f"T{Visit.objects.count()}", facility=facility, area=facility.place.code, person=who,
        household=home, came_on=on, left_on=on, outcome="cured", fee=fee, opened_by="t",
        closed_by="t", closed_at=timezone.now(),
    )  # fmt: skip
    VisitService.objects.create(visit=made, service=service, on=on, given_by="t")


@pytest.fixture
def analyst(actor: Callable[..., Actor]) -> Actor:
    return actor("analyst", "", Purpose.STATISTICS)


def test_a_year_of_visits_is_told_by_level_distance_and_place(come: Come, analyst: Actor) -> None:
    come(NEAR, level="poor_1", people=10, times=2)
    come(FAR, people=15)

    found = queries.use_of_services(by=analyst, on=TODAY)

    levels = {one.code: (one.people, one.visits, one.rate) for one in found.by_level}
    assert levels["poor_1"] == (40, 20, 50)
    assert levels["not_poor"] == (90, 15, 17)
    bands = {one.code: (one.people, one.visits) for one in found.by_distance}
    assert bands == {"0_2": (40, 20), "2_5": (0, 0), "5_10": (60, 15), "10_": (0, 0),
                     "unknown": (30, 0)}  # fmt: skip
    assert [(one.code, one.people, one.visits) for one in found.by_place] == [("16", 130, 35)]
    assert (found.total.people, found.total.rate) == (130, 27)


def test_deliveries_and_stays_are_counted_once_a_visit(come: Come, analyst: Actor) -> None:
    come(NEAR, people=10, service="caesarean", fee=360_000)
    come(NEAR, people=20, service="delivery", fee=40_000)

    found = queries.use_of_services(by=analyst, on=TODAY)

    assert (found.total.deliveries, found.total.stays) == (30, 10)
    costs = {(one.level, one.service): (one.cases, one.fee) for one in found.costs}
    assert costs == {("health_centre", "caesarean"): (10, 360_000),
                     ("health_centre", "delivery"): (20, 40_000)}  # fmt: skip


def test_few_people_are_held_back_however_often_they_came(come: Come, analyst: Actor) -> None:
    come(NEAR, level="poor_1", people=2, times=20)
    come(FAR, people=30)

    found = queries.use_of_services(by=analyst, on=TODAY)

    levels = {one.code: (one.visits, one.rate) for one in found.by_level}
    assert levels["poor_1"] == (None, None)
    assert levels["not_poor"] == (None, None)  # else the total would give the others away
    assert levels["poor_2"] == (0, None)


def test_a_status_counts_as_it_was_on_the_day_and_only_a_year_counts(
    come: Come, analyst: Actor
) -> None:
    come(NEAR, level="poor_1", people=12, on=date(2023, 12, 1))
    come(NEAR, level="poor_1", people=12)

    before = queries.use_of_services(by=analyst, on=date(2023, 12, 31))
    now = queries.use_of_services(by=analyst, on=TODAY)

    assert {one.code: one.visits for one in before.by_level}["not_poor"] == 10
    assert {one.code: one.visits for one in now.by_level}["poor_1"] == 10


def test_an_area_sees_its_own_people_and_no_other(come: Come, actor: Callable[..., Actor]) -> None:
    come(NEAR, people=20)
    here = actor("analyst", "1601", Purpose.STATISTICS)

    found = queries.use_of_services(by=here, on=TODAY, area="1601")

    assert [one.code for one in found.by_place] == ["160101", "160102"]
    assert found.total.people == 100
    for area in ("", "16", "1602"):
        with pytest.raises(NotAllowed):
            queries.use_of_services(by=here, on=TODAY, area=area)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_answer(come: Come, client_of: Callable[..., Client], role: str) -> None:
    come(NEAR, level="poor_1", people=20)
    client = client_of(role, "1601")

    page = client.get("/care/use")
    answer = client.get("/api/v1/health_equity/use?area=1601")
    away = client.get("/api/v1/health_equity/use?area=1602")

    expected = (200, 200, 403) if role in SEES else (403, 403, 403)
    assert (page.status_code, answer.status_code, away.status_code) == expected
    if role in SEES:
        assert answer.json()["by_level"][0] == {
            "code": "poor_1", "people": 40, "visits": 20, "deliveries": 0, "stays": 0, "rate": 50,
        }  # fmt: skip
        text = page.content.decode()
        assert "Who comes for care?" in text
        assert "Bopha" not in text


def test_a_place_that_is_not_there_is_not_found(client_of: Callable[..., Client]) -> None:
    client = client_of("analyst", "")

    assert client.get("/care/use?area=99").status_code == 404
    assert client.get("/care/use?area=160").status_code == 404


@pytest.mark.parametrize(
    ("km", "name"),
    [(0, "0_2"), (1.99, "0_2"), (2, "2_5"), (5, "5_10"), (10, "10_"), (80, "10_"),
     (None, "unknown")],
)  # fmt: skip
def test_distances_are_told_in_bands(km: float | None, name: str) -> None:
    assert band(km) == name


def test_nobody_living_there_makes_no_rate() -> None:
    terms: Any = policy.table("results.disclosure", on=TODAY)

    (line,) = lines({"x": Tally(visitors=20, visits=20)}, days=365, terms=terms)

    assert (line.visits, line.rate) == (20, None)
