"""Referrals over FHIR: their state, and what the receiving facility said, as ServiceRequest."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry
from spean.locations.models import Facility, FacilityLevel, OperationalDistrict, Place
from spean.referrals import actions
from spean.referrals.models import Referral
from spean.registry.models import Person
from tests.interop.fhir.conftest import System
from tests.interop.fhir.test_care import found

NOW = timezone.now()
BY = Actor.system("test")
LONG_AGO = date(2015, 1, 1)


@pytest.fixture
def referral(people: dict[str, Person], places: dict[str, Place]) -> Referral:
    """Refer the mother, who bleeds, from her village to a hospital of the next district."""
    district = OperationalDistrict.objects.create(
        code="D16", name_km="បានលុង", name_en="Ban Lung", province=places["16"], start=LONG_AGO
    )
    hospital = Facility.objects.create(
        code="RH16", name_km="មន្ទីរពេទ្យ", name_en="Hospital", place=places["16020101"],
        operational_district=district, start=LONG_AGO,
    )  # fmt: skip
    FacilityLevel.objects.create(facility=hospital, kind="cpa2", act="test", start=LONG_AGO)
    return actions.request_referral(
        person_id=people["Sreymom"].pk, to_facility="RH16", at=NOW - timedelta(hours=1), now=NOW,
        need=actions.Need(urgency="emergency", reasons=["bleeding"], ways=["water"]), by=BY,
    )  # fmt: skip


def test_a_referral_is_an_order_to_the_facility_for_its_reasons(
    records: System, referral: Referral
) -> None:
    (one,) = found(records, "ServiceRequest", patient=referral.person_id)

    assert one["id"] == str(referral.pk)
    assert (one["intent"], one["priority"], one["status"]) == ("order", "stat", "active")
    assert one["performer"] == [{"reference": "Organization/RH16"}]
    assert one["subject"] == {"reference": f"Patient/{referral.person_id}"}
    assert [reason["coding"][0]["code"] for reason in one["reasonCode"]] == ["bleeding"]
    assert records.get(f"ServiceRequest/{referral.pk}").body == one
    assert found(records, "ServiceRequest", _id=referral.pk) == [one]
    assert AuditEntry.objects.filter(action="referrals.read", kind="read").count() == 3


def test_it_is_found_by_its_state(records: System, referral: Referral) -> None:
    patient = referral.person_id
    assert found(records, "ServiceRequest", patient=patient, status="completed") == []

    actions.take_step(
        referral_id=referral.pk, step="cancelled", reason="She gave birth at home", at=NOW, by=BY,
        now=NOW,
    )  # fmt: skip

    (one,) = found(records, "ServiceRequest", patient=patient, status="revoked")
    assert one["id"] == str(referral.pk)
    assert found(records, "ServiceRequest", patient=patient, priority="routine") == []


def test_elsewhere_it_is_not_found(
    system_of: Callable[..., System], records: System, referral: Referral
) -> None:
    elsewhere = system_of("health_record_system", "0102")

    assert elsewhere.get(f"ServiceRequest/{referral.pk}").status_code == 404
    assert found(elsewhere, "ServiceRequest", _id=referral.pk) == []
    assert found(elsewhere, "ServiceRequest", patient=referral.person_id) == []
    assert records.get("ServiceRequest/no-number").status_code == 404
