"""Indicators: counted from the records, held back from who may not see them, the records behind."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.kernel.policy import policy
from spean.kernel.snapshots import WrongHash
from spean.locations.models import Place
from spean.maternal_child.queries import countable
from spean.results import queries
from spean.results.queries.indicators import groups, report_groups
from spean.results.rules import part
from tests.results.conftest import ON, Family

READERS = {
    "analyst", "auditor", "national_registry_officer", "programme_officer", "health_worker",
    "health_district_officer", "facility_chief",
}  # fmt: skip
SEES_RECORDS = {"health_worker", "health_district_officer", "health_record_system"}
YEAR = {"area": "16", "period": "2026"}


@pytest.fixture
def midwife(actor: Callable[..., Actor]) -> Actor:
    return actor("health_worker", "16", Purpose.CARE)


@pytest.fixture
def analyst(actor: Callable[..., Actor]) -> Actor:
    return actor("analyst", "16", Purpose.STATISTICS)


def wanted(area: str = "16", period: str = "2026", **only: str) -> queries.Wanted:
    return queries.wanted(area, period, only, on=ON)


def counted(by: Actor, asked: queries.Wanted) -> dict[str, tuple[int | None, int | None]]:
    found = queries.overview(asked, by=by)
    return {
        line.indicator.code: (line.figure.counted, line.figure.of)
        for _, lines in found.sets
        for line in lines
    }


def test_every_indicator_names_flags_that_are_worked_out() -> None:
    known = countable.flags(ON)
    for one in [*groups(ON).values(), *report_groups(ON).values()]:
        for row in one.rows:
            for named in filter(None, (row.counts, row.of)):
                assert set(part(named).flags) <= set(known[part(named).kind]), row.code


def test_one_mother_and_her_children_are_counted_as_they_were_cared_for(
    frozen: dict[str, Any], midwife: Actor
) -> None:
    found = counted(midwife, wanted())

    assert found["antenatal_4"] == (1, 1)
    assert found["antenatal_8"] == (0, 1)
    assert found["skilled_birth"] == found["facility_birth"] == (1, 1)
    assert found["live_births"] == (1, None)
    assert found["stillbirth_rate"] == (1, 2)
    assert found["low_birth_weight"] == (1, 1)
    assert found["postnatal_mother"] == (1, 1)
    assert found["postnatal_newborn"] == (0, 1)  # seen on the third day
    assert found["penta_2"] == (1, 1)  # the dose at 98 days: that at 60 was too soon
    assert found["penta_3"] == found["mr_1"] == found["fully_immunised"] == (0, 1)
    assert found["wasting"] == (0, 1)  # the last measure of the year counts


def test_of_a_child_measured_twice_the_last_measure_of_the_period_counts(
    frozen: dict[str, Any], midwife: Actor
) -> None:
    october = counted(midwife, wanted(period="202610"))
    november = counted(midwife, wanted(period="202611"))

    assert october["wasting"] == (0, 1)
    assert november["wasting"] == (0, 0)
    assert "maternal_mortality" not in october  # says nothing of a month


def test_an_indicator_is_divided_by_place_level_sex_and_period(
    frozen: dict[str, Any], midwife: Actor, places: dict[str, Place]
) -> None:
    def rows(code: str, by: str, **more: str) -> dict[str, int | None]:
        found = queries.divided(code, by, wanted(**more), by=midwife)
        return {row.code: row.figure.counted for row in found.rows if row.figure.counted}

    assert rows("live_births", "place") == {"1601": 1}
    assert rows("live_births", "place", area="1601") == {"160101": 1}
    assert rows("live_births", "level") == {"not_poor": 1}
    assert rows("live_births", "sex") == {"female": 1}
    assert rows("live_births", "sex", sex="male") == {}
    assert rows("live_births", "period", period="202611") == {"202610": 1}
    quarters = queries.divided("live_births", "period", wanted(), by=midwife)
    assert [row.code for row in quarters.rows][-2:] == ["2026Q3", "2026Q4"]  # of a year
    years = queries.divided("maternal_mortality", "period", wanted(), by=midwife)
    assert [row.code for row in years.rows] == ["2025", "2026"]
    with pytest.raises(queries.NotDivided):
        queries.divided("live_births", "village' OR 1=1", wanted(), by=midwife)


def test_who_reads_statistics_sees_no_small_figure(frozen: dict[str, Any], analyst: Actor) -> None:
    found = queries.overview(wanted(), by=analyst)

    assert not found.exact
    assert counted(analyst, wanted())["skilled_birth"] == (None, None)
    assert found.completeness.live_births is None
    assert found.completeness.people is None
    with pytest.raises(NotAllowed):
        queries.overview(wanted(area="17"), by=analyst)


def test_the_records_behind_a_figure_are_listed_for_who_may_read_them(
    frozen: dict[str, Any], cared_for: Family, midwife: Actor, analyst: Actor
) -> None:
    def names(code: str, side: str) -> list[str]:
        found = queries.records(code, side, wanted(), by=midwife, on=ON)
        return [row.behind.name_km for row in found.rows]

    assert names("skilled_birth", "counted") == ["សុខ ស្រីមុំ"]
    assert names("skilled_birth", "not_counted") == []
    assert names("penta_3", "not_counted") == ["សុខ ដារ៉ា"]
    assert AuditEntry.objects.filter(action="maternal_child.read_counted").count() == 3
    with pytest.raises(NotAllowed):
        queries.records("skilled_birth", "of", wanted(), by=analyst, on=ON)


def test_how_complete_notification_is_stands_beside(frozen: dict[str, Any], midwife: Actor) -> None:
    found = queries.overview(wanted(), by=midwife).completeness

    assert (found.people, found.live_births, found.deaths) == (3, 1, 0)
    assert found.expected_births == 0  # of three people
    assert found.reference.startswith("Under-five deaths")


def test_what_was_worked_out_stays_as_it_was(
    frozen: dict[str, Any], cared_for: Family, midwife: Actor
) -> None:
    before = counted(midwife, wanted())
    cared_for.pregnancy.contacts.all()[0].doses.all().delete()
    cared_for.pregnancy.contacts.filter(kind="antenatal").delete()

    assert counted(midwife, wanted()) == before
    Path(frozen["folder"], "births.parquet").write_bytes(b"PAR1")
    queries.frozen._whole.cache_clear()
    with pytest.raises(WrongHash):
        queries.overview(wanted(), by=midwife)


def test_before_anything_was_worked_out_the_page_says_what_to_do(
    places: dict[str, Place], client_of: Callable[..., Client]
) -> None:
    answer = client_of("analyst", "16").get("/indicators")

    assert "The indicators have not been worked out yet." in answer.content.decode()


def test_each_role_has_its_answer(frozen: dict[str, Any], client_of: Callable[..., Client]) -> None:
    pages = (
        "/indicators", "/indicators/live_births", "/api/v1/results/indicators",
        "/api/v1/results/indicators/live_births",
    )  # fmt: skip

    for role in ROLES:
        client = client_of(role, "16")
        answers = {client.get(address, YEAR).status_code for address in pages}
        records = client.get("/indicators/live_births/records", YEAR).status_code

        assert answers == ({200} if role in READERS else {403}), role
        assert records == (200 if role in SEES_RECORDS else 403), role


def test_the_pages_lead_from_all_to_one_to_the_records(
    frozen: dict[str, Any], client_of: Callable[..., Client]
) -> None:
    client = client_of("health_worker", "16")

    all_of_them = client.get("/indicators", YEAR).content.decode()
    one = client.get("/indicators/under_five_mortality", YEAR).content.decode()
    records = client.get("/indicators/live_births/records", YEAR).content.decode()

    assert "/indicators/skilled_birth?area=16&amp;period=2026" in all_of_them
    assert "25 (2030)" in all_of_them
    assert "Target for 2030: 25" in one
    assert "<svg" in one
    assert "side=counted" in one
    assert "ស្រីមុំ" in records or "ធីតា" in records
    assert client.get("/indicators/unheard_of", YEAR).status_code == 404


def test_the_api_gives_figures_with_numerator_and_denominator(
    frozen: dict[str, Any], client_of: Callable[..., Client]
) -> None:
    client = client_of("health_worker", "16")

    found = client.get("/api/v1/results/indicators/low_birth_weight", YEAR).json()
    wrong = client.get("/api/v1/results/indicators", {"area": "16", "period": "2026Q9"})

    assert found["total"] == {"numerator": 1, "denominator": 1, "rate": 100.0}
    assert found["indicator"]["of"] == "babies.live.weighed"
    assert (found["as_of"], found["exact"]) == ("2026-11-23", True)
    assert found["policy_version"] == policy.version()
    assert (wrong.status_code, wrong.json()["code"]) == (422, "results.bad_period")


def test_a_period_before_the_first_record_counts_nothing(
    frozen: dict[str, Any], midwife: Actor
) -> None:
    assert counted(midwife, wanted(period="2019"))["live_births"] == (0, None)
    assert date.fromisoformat(frozen["since"]) == date(2025, 1, 1)
