"""The form of a birth asks at which facility it was, and the birth counts there."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import timezone

from spean.fieldwork import actions, queries
from spean.fieldwork.models import Submission
from spean.kernel.access import Actor, Purpose
from spean.locations.models import Facility, FacilityLevel, Place
from spean.maternal_child.actions import Dating, record_pregnancy
from spean.maternal_child.models import Pregnancy
from spean.registry.models import Household
from tests.fieldwork.test_work_list import user_of
from tests.referrals.conftest import LONG_AGO, facilities, family  # noqa: F401

TODAY = date(2026, 11, 23)
NOW = timezone.make_aware(datetime(2026, 11, 23, 18, 0))
SAMPLE = next((Path(__file__).parent / "submissions/delivery/2026112802").glob("*.xml"))


@pytest.fixture
def midwife(actor: Callable[..., Actor]) -> Actor:
    """Give a midwife of the commune of Nhang."""
    return actor("health_worker", "160101", Purpose.CARE)


@pytest.fixture
def send(family: Household, midwife: Actor) -> Callable[[str], Submission]:  # noqa: F811
    """Send a birth of the mother as the phone does; say at which facility."""
    call_command("publish_forms", verbosity=0)
    mother = family.memberships.get(relation="head").person_id
    record_pregnancy(person_id=mother, dating=Dating(date(2026, 3, 2)), by=midwife, on=TODAY)

    def made(facility: str) -> Submission:
        text = re.sub("<facility>[^<]*", f"<facility>{facility}", SAMPLE.read_text())
        text = re.sub("<person>[^<]*", f"<person>{mother}", text)
        text = re.sub("<household>[^<]*", f"<household>{family.pk}", text)
        kept = actions.receive_submission(xml=text.encode(), by=midwife, at=NOW, device="t")
        return actions.take_in(submission_id=UUID(str(kept.pk)), at=NOW)

    return made


def test_a_birth_is_recorded_at_the_facility_that_was_chosen(
    send: Callable[[str], Submission],
) -> None:
    assert send("H1").state == "applied"

    born = Pregnancy.objects.get()
    assert born.facility is not None
    assert born.facility.code == "H1"


def test_a_birth_without_a_facility_is_recorded_as_before(
    send: Callable[[str], Submission],
) -> None:
    assert send("").state == "applied"
    assert Pregnancy.objects.get().facility is None


def test_a_facility_that_is_not_there_waits_for_a_person(send: Callable[[str], Submission]) -> None:
    done = send("H9")

    (part,) = done.parts.filter(state="open")
    assert done.state == "attention"
    assert "H9" in str(part.reasons)


def listed(by: Actor) -> list[dict[str, str]]:
    """Give the list of facilities on somebody's phone."""
    text = queries.entity_list("facilities.csv", user=user_of(by), on=TODAY).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_phone_offers_facilities_of_the_province_near_ones_first_and_the_national_ones(
    facilities: dict[str, Facility], midwife: Actor, places: dict[str, Place],  # noqa: F811
) -> None:  # fmt: skip
    district = facilities["HC1"].operational_district
    places["02"] = Place.objects.create(code="02", level="province", name_km="ក", name_en="Far",
                                        start=LONG_AGO)  # fmt: skip
    for code, kind, where, name in (
        ("N1", "national", "02", "Aaa"), ("C9", "cpa1", "02", "Bbb"), ("H2", "cpa1", "16", "Ccc"),
    ):  # fmt: skip
        place = places[where]
        made = Facility.objects.create(code=code, name_km=f"ក {name}", name_en=name, place=place,
                                       operational_district=district, start=LONG_AGO)  # fmt: skip
        FacilityLevel.objects.create(facility=made, kind=kind, act="t", start=LONG_AGO)

    found = listed(midwife)

    assert "C9" not in {one["name"] for one in found}
    assert found[0] == {"name": "HC1", "label": "មណ្ឌល HC1", "label_en": "Facility HC1",
                        "kind": "health_centre"}  # fmt: skip
    assert {one["name"]: one["kind"] for one in found[1:]} == {
        "N1": "hospital", "H2": "hospital", "H1": "hospital"}  # fmt: skip


def test_who_records_no_births_is_offered_none(
    facilities: dict[str, Facility],  # noqa: F811
    actor: Callable[..., Actor],
) -> None:
    asked: Any = actor("enumerator", "160101", Purpose.TARGETING)

    assert listed(asked) == []
