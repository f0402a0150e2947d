"""A health centre and a hospital in the small gazetteer."""

from datetime import date

import pytest

from spean.locations.models import (
    Catchment,
    Facility,
    FacilityLevel,
    OperationalDistrict,
    Place,
)

START = date(2020, 1, 1)


@pytest.fixture
def operational_district(places: dict[str, Place]) -> OperationalDistrict:
    return OperationalDistrict.objects.create(
        code="1601", name_km="បានលុង", name_en="Ban Lung", province=places["16"], start=START
    )


@pytest.fixture
def health_centre(places: dict[str, Place], operational_district: OperationalDistrict) -> Facility:
    """Give a health centre that serves the commune of Nhang."""
    return _facility("160101", "health_centre", operational_district, places["160101"])


@pytest.fixture
def hospital(places: dict[str, Place], operational_district: OperationalDistrict) -> Facility:
    """Give a hospital that serves the commune of Nhang."""
    return _facility("160199", "cpa2", operational_district, places["160101"])


def _facility(code: str, kind: str, district: OperationalDistrict, place: Place) -> Facility:
    made = Facility.objects.create(
        code=code, name_km="ញ៉ាង", name_en=f"Facility {code}", start=START,
        operational_district=district, place=place,
    )  # fmt: skip
    FacilityLevel.objects.create(facility=made, kind=kind, act="Prakas 1", start=START)
    Catchment.objects.create(facility=made, place=place, start=START)
    return made
