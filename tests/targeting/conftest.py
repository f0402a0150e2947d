"""A family, the people of the commune, and a case brought to any step."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Protocol

import pytest
from django.test import Client
from django.utils import timezone

from spean.kernel.access import Actor, Purpose
from spean.kernel.models import User
from spean.locations.models import Place
from spean.registry import actions as registry
from spean.targeting import actions
from spean.targeting.models import Assessment

DAY = date(2026, 3, 2)
DISPLAY_DAYS = 7

POOREST = {
    "roof": "leaves",
    "walls": "leaves",
    "condition": "dilapidated",
    "floor_area": "under_5",
    "farm_land": "none",
    "tenure": "none",
    "income": "none",
    "animals": "none",
    "food_shortage": "four_or_more",
    "goods": "none",
    "transport": "none",
}
RICH = {
    "roof": "tiles",
    "walls": "brick",
    "condition": "good",
    "floor_area": "over_10",
    "farm_land": "over_one",
    "tenure": "owned",
    "income": "regular",
    "animals": "cattle",
    "food_shortage": "none",
    "goods": "many",
    "transport": "car",
}
STEPS = ("requested", "interviewed", "reviewed", "displayed", "decided", "confirmed")


@pytest.fixture
def household_in(system: Actor) -> Callable[..., Any]:
    """Register a household of one woman in a village: `household_in(village, "ស៊ុន")`."""

    def make(place: Place, given: str = "ដារ៉ា", *, born: date = date(1980, 5, 1)) -> Any:
        head = registry.NewMember(
            family_name_km="សុខ",
            given_name_km=given,
            family_name_latin="",
            given_name_latin="",
            sex="female",
            birth_date=born,
            relation="head",
        )
        return registry.register_household(
            village=place,
            address="",
            phone="",
            members=[head],
            by=system,
            on=date(2025, 1, 1),
            not_duplicates=True,
        )

    return make


@pytest.fixture
def household(household_in: Callable[..., Any], village: Place) -> Any:
    """Give a household of Nhang."""
    return household_in(village)


@pytest.fixture
def people(actor: Callable[..., Actor]) -> dict[str, Actor]:
    """Give who takes part in the commune of Nhang."""
    return {
        "rep": actor("village_representative", "16010101", Purpose.TARGETING),
        "clerk": actor("commune_clerk", "160101", Purpose.TARGETING),
        "council": actor("commune_council", "160101", Purpose.TARGETING),
        "district": actor("district_officer", "1601", Purpose.TARGETING),
    }


@pytest.fixture
def case_at(household: Any, people: dict[str, Actor]) -> Callable[..., Assessment]:
    """Bring a case of the household to a state: `case_at("displayed", on=DAY)`.

    Every step but the council's is taken on `on`; the council decides when the display ends, and
    the district confirms that day.
    """

    def bring(
        state: str,
        *,
        on: date = DAY,
        answers: dict[str, str] | None = None,
        level: str = "",
        family: Any = None,
    ) -> Assessment:
        case = actions.request_assessment(
            household_id=(family or household).pk,
            channel="village_chief",
            by=people["clerk"],
            on=on,
        )
        after = on + timedelta(days=DISPLAY_DAYS)
        for step in STEPS[1 : STEPS.index(state) + 1]:
            case = _take(case, step, people, answers or POOREST, level, on, after)
        return case

    return bring


def _take(
    case: Assessment,
    step: str,
    people: dict[str, Actor],
    answers: dict[str, str],
    level: str,
    on: date,
    after: date,
) -> Assessment:
    this: dict[str, Any] = {"assessment_id": case.pk, "version": case.version}
    match step:
        case "interviewed":
            return actions.record_interview(**this, answers=answers, by=people["clerk"], on=on)
        case "reviewed":
            return actions.review_in_village(**this, opinion="agrees", by=people["rep"], on=on)
        case "displayed":
            return actions.put_on_display(**this, by=people["clerk"], on=on)
        case "decided":
            chosen = level or case.scored_level
            reason = "debt" if chosen != case.scored_level else ""
            return actions.decide(
                **this, level=chosen, reason=reason, by=people["council"], on=after
            )
        case _:
            return actions.check(**this, outcome="confirmed", by=people["district"], on=after)


class SignIn(Protocol):
    """Give a browser in which a role of an area is signed in, reading English unless told."""

    def __call__(self, role: str, area: str = "", language: str = "en") -> Client: ...


@pytest.fixture
def sign_in(user_of: Callable[..., User]) -> SignIn:
    """Sign in: `sign_in("commune_clerk", "160101")`, or in Khmer with a third word, "km"."""

    def make(role: str, area: str = "", language: str = "en") -> Client:
        client = Client()
        client.force_login(user_of(role, area))
        client.cookies["spean_language"] = language
        return client

    return make


@pytest.fixture
def today_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Set the day that the pages see: `today_is(DAY)`."""

    def move(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda *_: day)

    return move


@pytest.fixture
def links_of() -> Callable[[str], set[str]]:
    """Give the addresses that a page links to."""
    return lambda page: set(re.findall(r'href="([^"#]+)"', page))
