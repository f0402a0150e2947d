"""A family with a pregnant woman and a newborn, and those who visit them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from spean.kernel.access import Actor, Purpose
from spean.locations.models import Place
from spean.registry import actions as registry
from spean.registry.models import Household

TODAY = date(2026, 11, 23)


def person(given: str, sex: str, born: date, relation: str, **more: Any) -> registry.NewMember:
    return registry.NewMember(
        family_name_km="សុខ",
        given_name_km=given,
        family_name_latin="",
        given_name_latin="",
        sex=sex,
        birth_date=born,
        relation=relation,
        **more,
    )


@pytest.fixture
def family(village: Place, system: Actor) -> Household:
    """Register a pregnant woman of thirty and a child of three days."""
    return registry.register_household(
        village=village,
        address="",
        phone="",
        members=[
            person("ស្រីមុំ", "female", date(1996, 5, 1), "head", pregnant=True),
            person("ថ្មី", "male", date(2026, 11, 20), "child"),
            person("ដារ៉ា", "male", date(2024, 1, 1), "child"),
        ],
        by=system,
        on=TODAY,
        not_duplicates=True,
    )


@pytest.fixture
def members(family: Household) -> dict[str, Any]:
    """Give the people of the family by given name."""
    rows = family.memberships.select_related("person")
    return {row.person.given_name_km: row.person for row in rows}


@pytest.fixture
def volunteer(actor: Callable[..., Actor]) -> Actor:
    return actor("village_health_volunteer", "16010101", Purpose.CARE)
