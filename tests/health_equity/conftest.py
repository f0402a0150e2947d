"""A health centre and a hospital under contract, and a poor family that goes there."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from spean.health_equity import actions
from spean.health_equity.models import Claim, ClaimLine, Contract, Sample
from spean.kernel.access import Actor, Purpose
from spean.locations.models import Facility, FacilityLevel, OperationalDistrict, Place
from spean.registry import actions as registry
from spean.registry.models import Household, Person
from spean.registry.rules.people import NewMember
from spean.targeting.models import Assessment, PovertyStatus

LONG_AGO = date(2015, 1, 1)
SINCE, UNTIL = date(2024, 1, 2), date(2027, 1, 2)
DAY = date(2026, 3, 10)
MONTH, FEE = date(2026, 2, 1), Decimal(4000)  # of claims that are paid


@pytest.fixture
def facility_of(places: dict[str, Place]) -> Callable[..., Facility]:
    """Make (once) a facility: `facility_of("HC1", "health_centre", "16010101")`, under contract."""

    def make(
        code: str = "HC1", kind: str = "health_centre", place: str = "16010101", scheme: str = "hef"
    ) -> Facility:
        district, _ = OperationalDistrict.objects.get_or_create(
            code="1601", defaults={"name_km": "បានលុង", "name_en": "Ban Lung",
                                   "province": places["16"], "start": LONG_AGO},
        )  # fmt: skip
        made, new = Facility.objects.get_or_create(
            code=code, defaults={"name_km": f"មណ្ឌល {code}", "name_en": f"Facility {code}",
                                 "operational_district": district, "place": places[place],
                                 "start": LONG_AGO},
        )  # fmt: skip
        if new:
            FacilityLevel.objects.create(facility=made, kind=kind, act="test", start=LONG_AGO)
        if scheme:
            Contract.objects.get_or_create(
                facility=made, scheme=scheme,
                defaults={"act": "test", "start": LONG_AGO, "made_by": "test"},
            )  # fmt: skip
        return made

    return make


def be_poor(household: Household, level: str, until: date = UNTIL) -> None:
    """Find a household poor from SINCE on."""
    case = Assessment.objects.create(
        household=household, village=household.village, state="confirmed", final_level=level,
        origin="imported", channel="system", requested_on=SINCE, requested_by="t",
        closed_on=SINCE, closed_by="t",
    )  # fmt: skip
    PovertyStatus.objects.create(
        household=household, level=level, assessment=case, start=SINCE, end=until
    )


@pytest.fixture
def family_in(system: Actor) -> Callable[..., Household]:
    """Register a mother of 1990 and her daughter of 2019 in a village, poor from SINCE to UNTIL."""

    def make(village: Place, *, level: str = "poor_1") -> Household:
        names = {"family_name_km": "សុខ", "family_name_latin": "Sok", "sex": "female"}
        made = registry.register_household(
            village=village, address="", phone="", by=system, on=SINCE, not_duplicates=True,
            members=[
                NewMember(given_name_km="បុប្ផា", given_name_latin="Bopha", relation="head",
                          birth_date=date(1990, 1, 1), **names),
                NewMember(given_name_km="ធីតា", given_name_latin="Thida", relation="child",
                          birth_date=date(2019, 6, 1), **names),
            ],
        )  # fmt: skip
        if level:
            be_poor(made, level)
        return made

    return make


@pytest.fixture
def mother(family_in: Callable[..., Household], village: Place) -> Person:
    """Give the mother of a family of poor level 1."""
    home = family_in(village)
    return Person.objects.get(memberships__household=home, memberships__relation="head")


_numbers = count(1)


@pytest.fixture
def claim_of(facility_of: Callable[..., Facility], mother: Person) -> Callable[..., Claim]:
    """Make a claim of one consultation of the mother at the health centre; say what differs."""

    def make(*lines: dict[str, Any], **given: Any) -> Claim:
        number = next(_numbers)
        facility = given.pop("facility", None) or facility_of()
        rows = [{"service": "outpatient", "on": DAY, "quantity": 1, "asked": 4000} | one
                for one in lines or ({},)]  # fmt: skip
        claim = Claim.objects.create(**{
            "number": f"T{number:09}", "facility": facility, "area": facility.place.code,
            "scheme": "hef", "month": DAY.replace(day=1), "source": "file",
            "external": str(number), "person": mother, "came_on": DAY, "left_on": DAY,
            "diagnoses": ["A09"], "asked": sum(one["asked"] for one in rows),
            "submitted_on": DAY, "submitted_by": "clerk"} | given)  # fmt: skip
        for place, one in enumerate(rows, 1):
            ClaimLine.objects.create(claim=claim, place=place, **one)
        return claim

    return make


@pytest.fixture
def paid_claim(facility_of: Callable[..., Facility]) -> Callable[..., Claim]:
    """Make an accepted claim of a consultation at a health centre."""
    made = 0

    def make(facility: str = "HC1", amount: Decimal = FEE, **more: Any) -> Claim:
        nonlocal made
        made += 1
        place = facility_of(facility)
        one = Claim.objects.create(
            number=f"C-{made:05d}", facility=place, area=place.place.code, scheme="hef",
            month=MONTH, source="file", external=str(made), came_on=MONTH, left_on=MONTH,
            asked=amount, submitted_on=DAY, submitted_by="clerk", state="accepted",
            **{"amount": amount} | more,
        )  # fmt: skip
        ClaimLine.objects.create(claim=one, place=1, service="outpatient", on=MONTH, quantity=1,
                                 asked=amount)  # fmt: skip
        return one

    return make


@pytest.fixture
def certifier(actor: Callable[..., Actor]) -> Actor:
    """Give the head of verification."""
    return actor("certification_chief", "", Purpose.PAYMENT)


@pytest.fixture
def verifier(actor: Callable[..., Actor]) -> Actor:
    """Give a verifier."""
    return actor("claims_verifier", "", Purpose.PAYMENT)


@pytest.fixture
def sample(paid_claim: Callable[..., Claim], certifier: Actor) -> Sample:
    """Draw the sample of a month of six claims: all of them."""
    for _ in range(6):
        paid_claim()
    return actions.draw_sample(scheme="hef", month=MONTH, seed="2026-02", by=certifier)
