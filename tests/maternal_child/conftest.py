"""A family with a pregnant woman and a newborn, and those who visit them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from spean.kernel.access import Actor, Purpose
from spean.locations.models import Place
from spean.maternal_child import actions
from spean.maternal_child.models import Pregnancy
from spean.registry import actions as registry
from spean.registry.models import Household
from spean.registry.models import Pregnancy as Registered

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


@pytest.fixture
def midwife(actor: Callable[..., Actor]) -> Actor:
    return actor("health_worker", "1601", Purpose.CARE)


@pytest.fixture
def pregnancy(members: dict[str, Any], midwife: Actor) -> Pregnancy:
    """Take the mother's pregnancy, known for months, into care in its 38th week."""
    Registered.objects.update(start=TODAY - timedelta(days=100))
    return actions.record_pregnancy(
        person_id=members["ស្រីមុំ"].pk,
        dating=actions.Dating(last_period_on=TODAY - timedelta(weeks=38)),
        by=midwife,
        on=TODAY,
    )
