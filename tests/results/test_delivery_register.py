"""The delivery register: the births of a month of whom the facility serves."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.locations.models import Catchment, Facility, Place
from spean.maternal_child import queries
from spean.maternal_child.models import Pregnancy
from tests.results.conftest import ON, Family

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
SEES = {"health_worker", "health_district_officer", "health_record_system"}
ASKED = {"facility": "HC1", "month": "2026-10"}


def births(centre: Facility, by: Actor, since: date = OCTOBER) -> list[queries.Delivery]:
    until = NOVEMBER if since == OCTOBER else date(2026, 12, 1)
    return queries.deliveries(centre, since=since, until=until, by=by, on=ON)


def test_a_birth_stands_in_its_month_with_its_contacts_and_babies(
    centre: Facility, cared_for: Family, actor: Callable[..., Actor]
) -> None:
    midwife = actor("health_worker", "1601", Purpose.CARE)

    (found,) = births(centre, midwife)

    assert (found.birth.pk, found.weeks, found.antenatal) == (cared_for.pregnancy.pk, 39, 4)
    assert [one.outcome for one in found.babies] == ["live", "fresh_stillbirth"]
    assert births(centre, midwife, NOVEMBER) == []
    assert AuditEntry.objects.filter(action="maternal_child.read_register").count() == 2


def test_only_births_of_the_villages_that_go_there_first_are_listed(
    centre: Facility, cared_for: Family, actor: Callable[..., Actor]
) -> None:
    Catchment.objects.all().delete()

    assert births(centre, actor("health_worker", "1601", Purpose.CARE)) == []


def test_a_birth_is_in_the_register_of_the_facility_that_it_names(
    centre: Facility, cared_for: Family, actor: Callable[..., Actor], places: dict[str, Place]
) -> None:
    hospital = Facility.objects.create(
        code="RH1", name_km="មន្ទីរពេទ្យ", name_en="Hospital", place=places["160201"],
        operational_district=centre.operational_district, start=date(2015, 1, 1),
    )  # fmt: skip
    Pregnancy.objects.filter(pk=cared_for.pregnancy.pk).update(facility=hospital, place="hospital")

    assert births(centre, actor("health_worker", "1601", Purpose.CARE)) == []
    (found,) = births(hospital, actor("health_worker", "1602", Purpose.CARE))
    assert found.birth.pk == cared_for.pregnancy.pk


def test_who_works_elsewhere_sees_no_birth(
    centre: Facility, cared_for: Family, actor: Callable[..., Actor]
) -> None:
    with pytest.raises(NotAllowed):
        births(centre, actor("health_worker", "1602", Purpose.CARE))
    assert births(centre, actor("health_worker", "16010101", Purpose.CARE)) != []


def test_each_role_has_its_answer(
    centre: Facility, cared_for: Family, client_of: Callable[..., Client]
) -> None:
    for role in ROLES:
        answer = client_of(role, "16").get("/care/register", ASKED)
        assert answer.status_code == (200 if role in SEES else 403), role
        assert ("ស្រីមុំ" in answer.content.decode()) == (role in SEES)
