"""A facility's month: counted from the records, closed by its chief, and what came later."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.locations.models import Catchment, Facility, Place
from spean.maternal_child import actions as care
from spean.maternal_child.actions import NewDose
from spean.maternal_child.models import Contact, Pregnancy
from spean.results import actions, queries
from spean.results.models import MonthlyReport
from tests.calls import post
from tests.results.conftest import LONG_AGO, ON, PERIOD, Family

READERS = {"health_worker", "health_district_officer", "facility_chief"}


@pytest.fixture
def chief(actor: Callable[..., Actor]) -> Actor:
    return actor("facility_chief", "1601", Purpose.CARE)


def counts(by: Actor, period: str = PERIOD) -> dict[str, int]:
    found = queries.report("HC1", queries.month(period), by=by, on=ON)
    return {row: count for row, count in found.counts.items() if count}


def test_a_month_is_counted_from_the_records(
    centre: Facility, cared_for: Family, chief: Actor
) -> None:
    assert counts(chief) == {
        "births": 1, "births_health_centre": 1, "births_midwife": 1, "births_normal": 1,
        "babies": 2, "live_births": 1, "live_girls": 1, "weighed": 1, "low_weight_girls": 1,
        "fresh_stillbirths": 1, "postnatal_contacts": 1, "newborn_contacts": 1, "bcg_under_1": 1,
        "children_measured": 1,
    }  # fmt: skip
    september = counts(chief, "202609")
    assert (september["antenatal_contacts"], september["fourth_visits"]) == (1, 1)
    assert september["iron"] == 1


def test_doses_count_by_antigen_and_age_and_those_that_do_not_count_apart(
    centre: Facility, cared_for: Family, chief: Actor
) -> None:
    assert counts(chief, "202507")["penta_1_under_1"] == 1
    assert counts(chief, "202507")["not_valid"] == 1  # the second, too soon, on 31 July
    assert counts(chief, "202607")["mr_1_older"] == 1


def test_a_facility_counts_the_villages_that_go_to_it_first(
    centre: Facility, cared_for: Family, chief: Actor, places: dict[str, Place]
) -> None:
    other = Facility.objects.create(
        code="HP1", name_km="ប៉ុស្តិ៍", name_en="Health post", place=places["16010101"],
        operational_district=centre.operational_district, start=LONG_AGO,
    )  # fmt: skip
    Catchment.objects.create(facility=other, place=places["16010101"], start=LONG_AGO)

    assert counts(chief) == {}
    found = queries.report("HP1", queries.month(PERIOD), by=chief, on=ON)
    assert found.counts["births"] == 1


@pytest.fixture
def hospital(centre: Facility, places: dict[str, Place]) -> Facility:
    """A hospital to which no village goes first."""
    return Facility.objects.create(
        code="RH1", name_km="មន្ទីរពេទ្យ", name_en="Hospital", place=places["16010101"],
        operational_district=centre.operational_district, start=LONG_AGO,
    )  # fmt: skip


def test_a_birth_and_a_contact_are_in_the_report_of_the_facility_that_they_name(
    centre: Facility, hospital: Facility, cared_for: Family, chief: Actor
) -> None:
    Pregnancy.objects.filter(pk=cared_for.pregnancy.pk).update(facility=hospital, place="hospital")
    Contact.objects.filter(kind="antenatal", day__month=9).update(facility=hospital)

    here = counts(chief)
    assert "births" not in here
    assert here["postnatal_contacts"] == 1
    assert "antenatal_contacts" not in counts(chief, "202609")
    there = queries.report("RH1", queries.month(PERIOD), by=chief, on=ON).counts
    assert (there["births"], there["births_hospital"], there["live_births"]) == (1, 1, 1)
    assert there["postnatal_contacts"] == 0
    september = queries.report("RH1", queries.month("202609"), by=chief, on=ON).counts
    assert (september["antenatal_contacts"], september["fourth_visits"]) == (1, 1)
    assert september["first_visits"] == 0


def test_a_facility_that_nobody_goes_to_first_has_no_report(centre: Facility, chief: Actor) -> None:
    Catchment.objects.all().delete()

    with pytest.raises(queries.ServesNobody):
        queries.report("HC1", queries.month(PERIOD), by=chief, on=ON)


def test_a_closed_report_stays_and_what_came_later_is_a_difference(
    centre: Facility, cared_for: Family, chief: Actor, actor: Callable[..., Actor]
) -> None:
    actions.close_report(facility="HC1", period=PERIOD, by=chief, on=ON)
    assert not queries.report("HC1", queries.month(PERIOD), by=chief, on=ON).late
    care.record_doses(
        person_id=cared_for.newborn.pk, doses=[NewDose("hepb", date(2026, 10, 6))],
        by=actor("health_worker", "1601", Purpose.CARE), on=ON,
    )  # fmt: skip

    found = queries.report("HC1", queries.month(PERIOD), by=chief, on=ON)

    late = {
        row.indicator.code: row.difference for _, rows in found.sections for row in rows
        if row.difference
    }  # fmt: skip
    assert late == {"hepb_0_under_1": 1}
    assert found.late
    assert found.counts["hepb_0_under_1"] == 0
    with pytest.raises(actions.ClosedAlready):
        actions.close_report(facility="HC1", period=PERIOD, by=chief, on=ON)


def test_a_month_is_closed_when_it_is_over_and_only_by_the_chief(
    centre: Facility, cared_for: Family, chief: Actor, actor: Callable[..., Actor]
) -> None:
    first = date(2026, 11, 1)
    with pytest.raises(actions.MonthNotOver):
        actions.close_report(facility="HC1", period=PERIOD, by=chief, on=first - timedelta(days=1))
    with pytest.raises(NotAllowed):
        actions.close_report(
            facility="HC1", period=PERIOD, by=actor("health_worker", "1601", Purpose.CARE), on=ON
        )

    closed = actions.close_report(facility="HC1", period=PERIOD, by=chief, on=first)

    assert (closed.closed_by, closed.counts["births"]) == (chief.name, 1)


def test_the_database_keeps_one_report_of_a_month(centre: Facility) -> None:
    given: dict[str, Any] = {
        "facility": centre, "counts": {}, "policy_version": "x", "closed_on": ON, "closed_by": "t",
    }  # fmt: skip
    MonthlyReport.objects.create(period=PERIOD, **given)

    for period in (PERIOD, "2026Q4", "202613"):
        with transaction.atomic(), pytest.raises(IntegrityError):
            MonthlyReport.objects.create(period=period, **given)


def test_each_role_has_its_answer(
    centre: Facility, cared_for: Family, client_of: Callable[..., Client]
) -> None:
    month = f"/reports/HC1/{PERIOD}"
    api = "/api/v1/results"
    files = [f"{base}{month}/{form}" for base in ("", api) for form in ("dhis2", "adx")]

    for role in ROLES:
        client = client_of(role, "16")
        read = {client.get(address).status_code for address in ("/reports", month, api + month)}
        fetched = {client.get(address).status_code for address in files}
        over_api = post(client, f"results{month}/close").status_code
        MonthlyReport.objects.all().delete()
        closed = client.post(f"{month}/close").status_code

        assert read == ({200} if role in READERS else {403}), role
        assert fetched == ({409} if role in READERS else {403}), role  # HC1 has no code there
        assert (over_api, closed) == ((200, 302) if role == "facility_chief" else (403, 403)), role


def test_the_page_of_a_month_says_what_to_look_at_and_is_closed_by_a_button(
    centre: Facility, cared_for: Family, client_of: Callable[..., Client]
) -> None:
    client = client_of("facility_chief", "1601")

    listed = client.get("/reports").content.decode()
    open_ = client.get(f"/reports/HC1/{PERIOD}").content.decode()
    client.post(f"/reports/HC1/{PERIOD}/close")
    closed = client.get(f"/reports/HC1/{PERIOD}").content.decode()

    assert f"/reports/HC1/{PERIOD}" in listed
    assert "Close the report" in open_
    assert "Close the report" not in closed
    assert "For DHIS2 (JSON)" in closed
    assert client.get("/reports/HC1/2026").status_code == 422
    assert client.get(f"/reports/HC9/{PERIOD}").status_code == 404


def test_the_api_gives_and_closes_a_month(
    centre: Facility, cared_for: Family, client_of: Callable[..., Client]
) -> None:
    client = client_of("facility_chief", "1601")

    before = client.get(f"/api/v1/results/reports/HC1/{PERIOD}").json()
    closed = post(client, f"results/reports/HC1/{PERIOD}/close").json()
    again = post(client, f"results/reports/HC1/{PERIOD}/close")

    rows = {row["code"]: (row["count"], row["came_later"]) for row in before["rows"]}
    assert rows["births"] == (1, 0)
    assert (before["closed_on"], before["doubts"]) == (None, [])
    assert closed["closed_on"] is not None
    assert (again.status_code, again.json()["code"]) == (409, "results.report_closed_already")
