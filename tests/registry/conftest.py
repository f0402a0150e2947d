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
from spean.registry.models import ChangeRequest, EquityCard, Household, Person
from spean.registry.rules.people import NewMember
from tests.registry import api_calls

CARD_DAY = date(2026, 11, 23)
CHANGE_DAY = date(2026, 12, 31)
CARD_VALID = Period(CARD_DAY, date(2029, 11, 23))
OTHERS = (("ជា", "វណ្ណា", "Chea", "Vanna"), ("ចាន់", "ធីតា", "Chan", "Thida"),
          ("អ៊ុំ", "បូរ៉ា", "Um", "Bora"), ("កែវ", "ពិសី", "Keo", "Pisey"))  # fmt: skip
NAMES = ("family_name_km", "given_name_km", "family_name_latin", "given_name_latin")


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


@pytest.fixture
def clerk(actor: Callable[..., Actor]) -> Actor:
    """Give the clerk of the commune of Nhang."""
    return actor("commune_clerk", "160101")


@pytest.fixture
def council(actor: Callable[..., Actor]) -> Actor:
    """Give the council of the commune of Nhang."""
    return actor("commune_council", "160101")


@pytest.fixture
def propose(clerk: Actor) -> Callable[..., ChangeRequest]:
    """Propose a change: `propose("move", household, day, village="16010102")`."""

    def make(
        kind: str, about: Household | Person, day: date, *, by: Actor = clerk, **proposal: Any
    ) -> ChangeRequest:
        return actions.propose_change(
            kind=kind,
            household=about if isinstance(about, Household) else None,
            person=about if isinstance(about, Person) else None,
            proposal=proposal,
            reason="The family said so",
            effective_on=day,
            by=by,
            on=CHANGE_DAY,
        )

    return make


@pytest.fixture
def apply(propose: Callable[..., ChangeRequest], council: Actor) -> Callable[..., ChangeRequest]:
    """Propose a change as the clerk, and approve it as the council."""

    def make(
        kind: str, about: Household | Person, day: date, *, by: Actor | None = None, **proposal: Any
    ) -> ChangeRequest:
        about.refresh_from_db()
        change = propose(kind, about, day, **({"by": by} if by else {}), **proposal)
        return actions.approve_change(change=change, by=council, on=CHANGE_DAY)

    return make


@pytest.fixture
def call() -> api_calls.Call:
    """Call the registry's API: `call(user, "post", "/households", body)`."""
    return api_calls.call


@pytest.fixture
def household(places: dict[str, Place], system: Actor, new_member: Callable[..., Any]) -> Any:
    """Register a household of its head alone: `household("16010101", birth_date=...)`."""

    def make(code: str, **head: Any) -> Person:
        made = actions.register_household(
            village=places[code], address="", phone="", members=[new_member(**head)], by=system,
            on=CARD_DAY, not_duplicates=True,
        )  # fmt: skip
        return Person.objects.get(memberships__household=made)

    return make


@pytest.fixture
def twice(household: Callable[..., Person]) -> None:
    """Register Sok Dara twice, his day and month of birth exchanged, and four others once."""
    for number, names in enumerate(OTHERS):
        household("16010101", birth_date=date(1970 + number, 5, 9),
                  **dict(zip(NAMES, names, strict=True)))  # fmt: skip
    household("16010101", birth_date=date(1988, 2, 8))
    household("16010101", birth_date=date(1988, 8, 2))
