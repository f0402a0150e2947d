"""People are found by name as it sounds, by number and by phone, within the actor's areas."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from spean.kernel.access import Actor, Purpose
from spean.locations.models import Place
from spean.registry import actions, queries
from spean.registry.models import Household, Person
from spean.registry.queries import search
from spean.registry.rules.people import NewMember
from tests.registry.conftest import CARD_DAY

pytestmark = pytest.mark.django_db
New = Callable[..., NewMember]


@pytest.fixture
def neighbours(
    family: Household, places: dict[str, Place], system: Actor, new_member: New
) -> dict[str, Household]:
    """Register Chan Sophea beside Sok Dara of Nhang, and his namesake of another district."""

    def register(code: str, phone: str = "", **member: Any) -> Household:
        return actions.register_household(
            village=places[code], address="", phone=phone, members=[new_member(**member)],
            by=system, on=CARD_DAY, not_duplicates=True,
        )  # fmt: skip

    return {
        "sophea": register(
            "16010102", "097 765 4321", family_name_km="ចាន់", given_name_km="សុភា",
            family_name_latin="Chan", given_name_latin="Sophea", sex="female",
            birth_date=date(1990, 6, 6), identifiers={"national_id": "010203041"},
        ),
        "namesake": register("16020101"),
    }  # fmt: skip


def names(text: str, by: Actor) -> list[str]:
    return [hit.name_latin for hit in queries.find_people(text, by=by)]


@pytest.mark.parametrize(
    "text",
    [
        "Chan Sophea", "Sophea Chan", "ចាន់ សុភា", "សុភា ចាន់", "ចាន់សុភា", "chan sopheap",
        "CHAN SO", "soph", "Chann Sophear", "ចាន់ Sophea", "  Sophea  ", "\u200bចាន់\u200b សុភា",
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written(
    neighbours: dict[str, Household], clerk: Actor, text: str
) -> None:
    assert names(text, clerk)[:1] == ["Chan Sophea"]


@pytest.mark.parametrize("text", ["", " ", "s", "12", "--", "Vannak", "%", "\\", "'"])
def test_what_names_nobody_finds_nobody(
    neighbours: dict[str, Household], clerk: Actor, text: str
) -> None:
    assert names(text, clerk) == []


@pytest.mark.parametrize(
    "text",
    ["010203041", "010 203 041", "០១០២០៣០៤១", "097 765 4321", "0977654321", "+855977654321",
     "855 97 765 4321"],
)  # fmt: skip
def test_a_number_or_a_phone_finds_its_holder(
    neighbours: dict[str, Household], clerk: Actor, text: str
) -> None:
    assert names(text, clerk) == ["Chan Sophea"]


def test_the_number_of_a_card_finds_the_whole_family(card: Any, clerk: Actor) -> None:
    assert sorted(names(card.number, clerk)) == ["Sok Bopha", "Sok Dara"]


def test_a_number_entered_by_mistake_finds_nobody(
    neighbours: dict[str, Household], clerk: Actor
) -> None:
    neighbours["sophea"].memberships.get().person.identifiers.update(withdrawn=True)

    assert names("010203041", clerk) == []


def test_the_likest_comes_first(
    neighbours: dict[str, Household], clerk: Actor, village: Place, system: Actor, new_member: New
) -> None:
    actions.register_household(
        village=village, address="", phone="", by=system, on=CARD_DAY, not_duplicates=True,
        members=[new_member(given_name_km="ដារ៉ាវុធ", given_name_latin="Daravuth")],
    )  # fmt: skip

    assert names("sok dara", clerk) == ["Sok Dara", "Sok Daravuth"]
    assert len(queries.find_people("sok", by=clerk, limit=2)) == 2


@pytest.mark.parametrize(
    ("role", "area", "found"),
    [
        ("commune_clerk", "160101", 1), ("commune_clerk", "160102", 0),
        ("commune_clerk", "160201", 1), ("commune_council", "160101", 1),
        ("district_officer", "1601", 1), ("district_officer", "16", 2),
        ("village_representative", "16010101", 0), ("health_worker", "", 0), ("analyst", "", 0),
        ("auditor", "", 0), ("administrator", "", 0),
    ],
)  # fmt: skip
def test_nobody_finds_beyond_their_area(
    neighbours: dict[str, Household], actor: Callable[..., Actor], role: str, area: str, found: int
) -> None:
    assert len(names("Sok Dara", actor(role, area))) == found


def test_the_auditor_finds_for_oversight(
    neighbours: dict[str, Household], actor: Callable[..., Actor]
) -> None:
    assert len(names("Sok Dara", actor("auditor", "", Purpose.OVERSIGHT))) == 2


def test_who_has_moved_away_is_found_where_they_live_now(
    family: Household, apply: Callable[..., Any], actor: Callable[..., Actor], clerk: Actor
) -> None:
    officer = actor("district_officer", "1601")
    apply("move", family, CARD_DAY.replace(day=30), by=officer, village="16010201")

    assert names("Sok Dara", clerk) == []
    assert names("Sok Dara", actor("commune_clerk", "160102")) == ["Sok Dara"]


def test_a_search_takes_two_queries_however_many_it_finds(
    neighbours: dict[str, Household], clerk: Actor
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(queries.find_people("sok", by=clerk)) == 2

    assert len(asked) == 2


def test_of_many_namesakes_only_the_first_are_compared(
    neighbours: dict[str, Household], clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST", 1)

    assert len(queries.find_people("sok", by=clerk)) == 1


def test_a_search_by_name_can_use_the_indexes(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    whole = Person.objects.filter(search.whole("sok dara")).explain()
    by_name = Person.objects.filter(search.sounding("dara")).explain()
    by_spelling = Person.objects.filter(search_text__trigram_word_similar="sok dara").explain()

    assert {"registry_person_keys", "registry_person_text"} <= set(by_name.split())
    assert "registry_person_text" in by_spelling.split()
    assert {"registry_person_begins", "registry_person_keys"} <= set(whole.split())
