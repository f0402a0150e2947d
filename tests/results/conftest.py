"""A health centre, and a mother whom it saw from pregnancy to birth, with her older child."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from spean.kernel.access import Actor, Purpose
from spean.kernel.models import LongRun
from spean.locations.models import Catchment, Facility, FacilityLevel, OperationalDistrict, Place
from spean.maternal_child import actions as care
from spean.maternal_child.actions import Measured, NewDose
from spean.registry import actions as registry
from spean.registry.models import Pregnancy as Registered
from spean.results import actions
from tests.maternal_child.conftest import person

LONG_AGO, ON = date(2015, 1, 1), date(2026, 11, 23)
BIRTH, PERIOD = date(2026, 10, 5), "202610"
BORN = date(2025, 6, 1)  # of the older child, who turns one in June 2026


@dataclass(frozen=True)
class Family:
    """The people of the family, and the pregnancy."""

    mother: Any
    child: Any
    newborn: Any
    pregnancy: Any


@pytest.fixture
def centre(places: dict[str, Place]) -> Facility:
    """Give the health centre of Nhang, that serves the commune."""
    district = OperationalDistrict.objects.create(
        code="1601", name_km="បានលុង", name_en="Ban Lung", province=places["16"], start=LONG_AGO
    )
    made = Facility.objects.create(
        code="HC1", name_km="មណ្ឌលសុខភាព", name_en="Nhang health centre", place=places["16010101"],
        operational_district=district, start=LONG_AGO,
    )  # fmt: skip
    FacilityLevel.objects.create(facility=made, kind="health_centre", act="t", start=LONG_AGO)
    Catchment.objects.create(facility=made, place=places["160101"], start=LONG_AGO)
    return made


@pytest.fixture
def cared_for(village: Place, system: Actor, actor: Callable[..., Actor]) -> Family:
    """Care for a family: four antenatal contacts, a birth of twins, doses, a measure, a death."""
    midwife = actor("health_worker", "1601", Purpose.CARE)
    home = registry.register_household(
        village=village, address="", phone="",
        members=[
            person("ស្រីមុំ", "female", date(1996, 5, 1), "head", pregnant=True),
            person("ដារ៉ា", "male", BORN, "child"),
        ],
        by=system, on=date(2025, 6, 10), not_duplicates=True,
    )  # fmt: skip
    rows = {one.person.given_name_km: one.person for one in home.memberships.all()}
    mother, child = rows["ស្រីមុំ"], rows["ដារ៉ា"]
    Registered.objects.update(start=BIRTH - timedelta(days=200))
    pregnancy = care.record_pregnancy(
        person_id=mother.pk, dating=care.Dating(last_period_on=BIRTH - timedelta(weeks=39)),
        by=midwife, on=BIRTH - timedelta(days=190),
    )  # fmt: skip

    def see(who: Any, kind: str, day: date, **found: Any) -> None:
        doses = found.pop("doses", [])
        care.record_contact(
            person_id=who.pk, kind=kind, day=day, place="facility", measured=Measured(**found),
            doses=doses, sure=True, by=midwife, on=ON,
        )  # fmt: skip

    for days in (190, 120, 60, 20):
        see(mother, "antenatal", BIRTH - timedelta(days=days), treatments=["iron"])
    care.record_birth(
        pregnancy_id=pregnancy.pk,
        birth=care.Birth(day=BIRTH, place="health_centre", attendant="midwife", mode="normal"),
        babies=[
            care.NewBaby(outcome="live", sex="female", weight_g=2400, given_name_km="ធីតា"),
            care.NewBaby(outcome="fresh_stillbirth", sex="male"),
        ],
        by=midwife, on=ON,
    )  # fmt: skip
    newborn = pregnancy.babies.get(outcome="live").person
    see(mother, "postnatal", BIRTH + timedelta(days=1))
    see(newborn, "newborn", BIRTH + timedelta(days=3), doses=[NewDose("bcg", BIRTH)])
    for vaccine, age in (("penta", 42), ("penta", 60), ("penta", 98), ("mr", 400)):
        day = BORN + timedelta(days=age)
        care.record_doses(person_id=child.pk, doses=[NewDose(vaccine, day)], by=midwife, on=ON)
    see(child, "child", date(2026, 10, 9), weight_kg=Decimal("7.5"), length_cm=Decimal(74))
    see(child, "child", date(2026, 10, 20), weight_kg=Decimal("10.5"), length_cm=Decimal(80))
    return Family(mother, child, newborn, pregnancy)


@pytest.fixture
def frozen(cared_for: Family, tmp_path: Path) -> dict[str, Any]:
    """Work out the indicators of the small nation."""
    result = actions.freeze(tmp_path / "indicators", since=date(2025, 1, 1), on=ON)
    LongRun.objects.create(
        kind="indicators", state="done", started_by="test", finished_at=timezone.now(),
        result=result,
    )  # fmt: skip
    return result
