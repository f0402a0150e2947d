"""People and households that many tests of the registry start from."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from spean.kernel.access import Actor
from spean.kernel.periods import Period
from spean.locations.models import Place
from spean.registry import actions
from spean.registry.models import EquityCard, Household
from spean.registry.rules.people import NewMember

CARD_DAY = date(2026, 11, 23)
CARD_VALID = Period(CARD_DAY, date(2029, 11, 23))


@pytest.fixture
def own_keys(tmp_path: Path, settings: Any) -> None:
    """Sign this test's cards with keys of its own."""
    settings.CARD_KEYS = tmp_path / "keys"


@pytest.fixture
def new_member() -> Callable[..., NewMember]:
    """Describe a person: Sok Dara, a head of household born on 1 February 1988, unless told."""

    def make(**others: Any) -> NewMember:
        usual = {
            "family_name_km": "សុខ",
            "given_name_km": "ដារ៉ា",
            "family_name_latin": "Sok",
            "given_name_latin": "Dara",
            "sex": "male",
            "birth_date": date(1988, 2, 1),
            "relation": "head",
        }
        return NewMember(**(usual | others))

    return make


@pytest.fixture
def family(village: Place, system: Actor, new_member: Callable[..., NewMember]) -> Household:
    """Register Sok Dara and his daughter Bopha in the village of Nhang."""
    daughter = new_member(
        relation="child",
        given_name_km="បុប្ផា",
        given_name_latin="Bopha",
        sex="female",
        birth_date=date(2015, 5, 5),
    )
    return actions.register_household(
        village=village,
        address="",
        phone="",
        members=[new_member(), daughter],
        by=system,
        on=CARD_DAY,
        not_duplicates=True,
    )


@pytest.fixture
def card(family: Household, own_keys: None, system: Actor) -> EquityCard:
    """Issue the family's card for three years from 23 November 2026."""
    return actions.issue_card(
        household=family, category="poor_1", valid=CARD_VALID, by=system, on=CARD_DAY
    )
