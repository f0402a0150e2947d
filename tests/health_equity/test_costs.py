"""What cases cost, and how long facilities wait for their money: figures that name nobody."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.health_equity import queries
from spean.health_equity.models import Adjudication, Claim, ClaimLine, StatedClaim, Statement
from spean.health_equity.queries import Delay
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.locations.models import Facility
from spean.registry.models import Person

TODAY = timezone.localdate()
MONTH = TODAY.replace(day=1)
SEES = {"analyst", "auditor", "programme_officer", "scheme_officer"}
Cases = Callable[..., list[Claim]]


@pytest.fixture
def cases(facility_of: Callable[..., Facility]) -> Cases:
    """Make cases of many people: `cases(20, "delivery", 80_000, people=20)`."""
    made = 0

    def make(number: int, service: str, paid: int, people: int = 20, facility: str = "HC1",
             place: str = "16010101") -> list[Claim]:  # fmt: skip
        nonlocal made
        where = facility_of(facility, place=place)
        who = [_person(n) for n in range(people)]
        claims = []
        for n in range(number):
            made += 1
            claim = Claim.objects.create(
                number=f"K{made:06}", facility=where, area=where.place.code, scheme="hef",
                month=MONTH, source="file", external=f"K{made}", person=who[n % people],
                came_on=TODAY, left_on=TODAY, asked=paid, amount=paid, state="accepted",
                submitted_on=MONTH, submitted_by="t",
            )  # fmt: skip
            ClaimLine.objects.create(claim=claim, place=1, service=service, on=TODAY, quantity=1,
                                     asked=paid)  # fmt: skip
            claims.append(claim)
        return claims

    return make


def _person(n: int) -> Person:
    return Person.objects.create(
        family_name_km="ក", given_name_km=f"{n}", sex="female", birth_date=date(1990, 1, 1),
        birth_date_precision="exact", since=date(2020, 1, 1), search_keys=[],
    )  # fmt: skip


@pytest.fixture
def analyst(actor: Callable[..., Actor]) -> Actor:
    return actor("analyst", "", Purpose.STATISTICS)


def costs(by: Actor, **asked: Any) -> dict[str, dict[str, tuple[int | None, int | None]]]:
    found = queries.costs(by=by, on=TODAY, **asked)
    return {axis: {one.code: (one.cases, one.riel) for one in rows}
            for axis, rows in found.by.items()}  # fmt: skip


def test_a_case_costs_what_was_paid_by_service_level_poverty_and_place(
    cases: Cases, analyst: Actor
) -> None:
    cases(20, "delivery", 80_000)
    cases(30, "outpatient", 4000, people=30)

    found = costs(analyst)

    assert found["service"] == {"delivery": (20, 80_000), "outpatient": (30, 4000)}
    assert found["level"] == {"health_centre": (50, 34_400)}
    assert found["poverty"] == {"not_poor": (50, 34_400)}
    assert found["place"] == {"16": (50, 34_400)}
    assert "facility" not in found
    assert costs(analyst, area="1601")["facility"] == {"HC1": (50, 34_400)}


def test_what_several_payers_pay_of_a_case_is_one_case(cases: Cases, analyst: Actor) -> None:
    firsts = cases(20, "delivery", 50_000)
    for n, first in enumerate(firsts):
        rest = Claim.objects.create(
            number=f"R{n:06}", facility=first.facility, area=first.area, scheme="workers",
            month=MONTH, source="visit", external=f"R{n}", person=first.person, came_on=TODAY,
            left_on=TODAY, asked=30_000, amount=30_000, whole=80_000, remainder_of=first,
            state="accepted", submitted_on=TODAY, submitted_by="t",
        )  # fmt: skip
        ClaimLine.objects.create(claim=rest, place=1, service="delivery", on=TODAY, quantity=1,
                                 asked=30_000)  # fmt: skip

    assert costs(analyst)["service"] == {"delivery": (20, 80_000)}


def test_few_people_are_held_back_however_many_their_cases(cases: Cases, analyst: Actor) -> None:
    cases(40, "delivery", 80_000, people=2)
    cases(30, "outpatient", 4000, people=30)

    assert costs(analyst)["service"] == {"delivery": (None, None), "outpatient": (None, None)}


def test_the_days_of_each_step_are_told_by_month_median_and_nine_of_ten(
    cases: Cases, analyst: Actor
) -> None:
    claims = cases(20, "delivery", 80_000)
    day = {"judged": MONTH + timedelta(days=3), "made": MONTH + timedelta(days=10)}
    made = Statement.objects.create(
        number="S1", facility=claims[0].facility, area=claims[0].area, scheme="hef", month=MONTH,
        claims=20, asked=Decimal(0), claimed=Decimal(0), given_back=Decimal(0),
        fixed_grant=Decimal(0), performance_grant=Decimal(0), carried=Decimal(0),
        total=Decimal(0), made_by="t",
    )  # fmt: skip
    noon = datetime(day["made"].year, day["made"].month, day["made"].day, 12,
                    tzinfo=ZoneInfo("Asia/Phnom_Penh"))  # fmt: skip
    Statement.objects.update(made_at=noon)
    for n, claim in enumerate(claims):
        judged_on = day["judged"] + timedelta(days=2 if n >= 16 else 0)
        Adjudication.objects.create(
            claim=claim, sequence=1, kind="rules", outcome="accepted", amount=80_000, lines=[],
            policy_version="v", judged_on=judged_on, judged_by="t",
        )  # fmt: skip
        StatedClaim.objects.create(statement=made, claim=claim, amount=80_000)

    (month,) = queries.costs(by=analyst, on=TODAY).delays

    assert (month.month, month.claims) == (MONTH, 20)
    assert (month.judged, month.stated) == (Delay(3, 5), Delay(7, 7))
    assert (month.paid, month.whole) == (Delay(None, None), Delay(None, None))


def test_an_area_sees_its_own_facilities_and_no_other(
    cases: Cases, actor: Callable[..., Actor]
) -> None:
    cases(20, "delivery", 80_000)
    cases(20, "outpatient", 4000, facility="HC2", place="16020101")
    here = actor("analyst", "1601", Purpose.STATISTICS)

    assert costs(here, area="1601")["service"] == {"delivery": (20, 80_000)}
    with pytest.raises(NotAllowed):
        queries.costs(by=here, on=TODAY)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_answer(
    cases: Cases, client_of: Callable[..., Client], role: str
) -> None:
    cases(20, "delivery", 80_000)
    client = client_of(role, "1601")
    expected = (200, 200, 403) if role in SEES else (403, 403, 403)

    page = client.get("/care/costs")
    answer = client.get("/api/v1/health_equity/costs?area=1601")
    away = client.get("/api/v1/health_equity/costs?area=1602")

    assert (page.status_code, answer.status_code, away.status_code) == expected
    if role in SEES:
        assert answer.json()["by"]["service"] == [
            {"code": "delivery", "cases": 20, "riel": 80_000}]  # fmt: skip
        assert "Delivery" in page.content.decode()


def test_the_page_draws_the_country_and_asks_the_database_the_same_number_of_times(
    cases: Cases, client_of: Callable[..., Client],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    for n in range(6):
        cases(20, "delivery", 80_000, facility=f"HC{n}")
    client = client_of("analyst")

    with django_assert_max_num_queries(20):
        page = client.get("/care/costs")

    assert page.content.decode().count("<svg") >= 4
