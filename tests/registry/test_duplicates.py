"""Who may already be recorded is shown before a person is entered a second time."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, NotFound
from spean.locations.models import Place
from spean.registry import actions, queries
from spean.registry.models import DuplicatePair, Household, Person
from spean.registry.queries import Elsewhere, PersonHit
from spean.registry.rules.people import NewMember
from tests.registry.conftest import CARD_DAY

pytestmark = pytest.mark.django_db
New = Callable[..., NewMember]
LATIN_ONLY = {"family_name_km": "", "given_name_km": ""}
KHMER_ONLY = {"family_name_latin": "", "given_name_latin": ""}


def likely(member: NewMember, by: Actor) -> list[Any]:
    return queries.likely_duplicates(member, village_code="16010101", by=by)


@pytest.mark.parametrize(
    "said",
    [
        {},
        LATIN_ONLY,
        KHMER_ONLY,
        {"family_name_km": "ដារ៉ា", "given_name_km": "សុខ"} | KHMER_ONLY,
        {"family_name_latin": "Sokh", "given_name_latin": "Darra"} | LATIN_ONLY,
        {"birth_date": date(1988, 2, 20)},
        {"birth_date": date(1989, 1, 1), "birth_date_precision": "year"},
        # Khmer spelled as it sounds, not as it is written: the Latin name still agrees.
        {"family_name_km": "ស៊ុក"},
    ],
)
def test_a_person_described_again_is_recognised(
    family: Household, clerk: Actor, new_member: New, said: dict[str, Any]
) -> None:
    [found] = likely(new_member(**said), clerk)

    assert isinstance(found, PersonHit)
    assert found.name_latin == "Sok Dara"
    assert found.household_id == family.pk
    assert 0.85 <= found.likeness <= 1


@pytest.mark.parametrize(
    "said",
    [
        {"sex": "female"},
        {"birth_date": date(1988, 4, 1)},
        {"birth_date": date(1991, 1, 1), "birth_date_precision": "estimated"},
        {"given_name_km": "វណ្ណា", "given_name_latin": "Vanna"},
        {"family_name_km": "ចាន់", "family_name_latin": "Chan"},
    ],
)
def test_another_person_is_not_taken_for_one_recorded(
    family: Household, clerk: Actor, new_member: New, said: dict[str, Any]
) -> None:
    assert likely(new_member(**said), clerk) == []


def test_a_number_in_common_is_certain_whatever_the_name(
    family: Household, clerk: Actor, new_member: New, apply: Callable[..., Any]
) -> None:
    dara = Person.objects.get(given_name_latin="Dara")
    dara.identifiers.create(kind="national_id", value="010203041", start=CARD_DAY)
    other = new_member(
        given_name_km="វណ្ណា", given_name_latin="Vanna", sex="female", birth_date=date(1950, 1, 1),
        identifiers={"national_id": "010203041"},
    )  # fmt: skip

    assert [(hit.person_id, hit.likeness) for hit in likely(other, clerk)] == [(dara.pk, 1.0)]
    dara.identifiers.update(withdrawn=True)
    assert likely(other, clerk) == []


def test_of_a_record_elsewhere_only_the_district_is_told(
    family: Household, actor: Callable[..., Actor], new_member: New
) -> None:
    [found] = likely(new_member(), actor("commune_clerk", "160201"))

    assert found == Elsewhere(district="1601", likeness=1.0)
    assert set(Elsewhere.__slots__) == {"district", "likeness"}
    assert queries.districts([found])["1601"].name_en == "Andoung Meas"


def test_the_likest_comes_first_and_at_most_ten(
    village: Place, clerk: Actor, system: Actor, new_member: New
) -> None:
    for day in range(1, 13):
        actions.register_household(
            village=village, address="", phone="", by=system, on=CARD_DAY, not_duplicates=True,
            members=[new_member(birth_date=date(1988, 2, day))],
        )  # fmt: skip

    found = likely(new_member(birth_date=date(1988, 2, 12)), clerk)

    assert len(found) == 10
    assert found[0].birth_date == date(1988, 2, 12)
    assert [hit.likeness for hit in found] == sorted((h.likeness for h in found), reverse=True)


def test_likely_duplicates_take_few_queries_however_many_there_are(
    village: Place, clerk: Actor, system: Actor, new_member: New
) -> None:
    for day in range(1, 9):
        actions.register_household(
            village=village, address="", phone="", by=system, on=CARD_DAY, not_duplicates=True,
            members=[new_member(birth_date=date(1988, 2, day))],
        )  # fmt: skip

    with CaptureQueriesContext(connection) as asked:
        assert len(likely(new_member(), clerk)) == 8

    assert len(asked) <= 4


@pytest.fixture
def pair(family: Household, places: dict[str, Place], system: Actor, new_member: New) -> Any:
    """Note Sok Dara of Nhang and his namesake of another district as a pair."""
    away = actions.register_household(
        village=places["16020101"], address="", phone="", by=system, on=CARD_DAY,
        members=[new_member()], not_duplicates=True,
    )  # fmt: skip
    people = Person.objects.filter(
        given_name_latin="Dara", memberships__household__in=[family, away]
    )
    first, second = sorted(person.pk for person in people)
    return DuplicatePair.objects.get_or_create(
        first_id=first, second_id=second, defaults={"likeness": "1"}
    )[0]


@pytest.mark.parametrize(
    ("role", "area", "sees"),
    [
        ("district_officer", "1601", True), ("district_officer", "1602", True),
        ("district_officer", "16", True), ("district_officer", "1603", False),
        ("commune_clerk", "160101", False), ("commune_council", "160101", False),
        ("auditor", "", False), ("administrator", "", False),
    ],
)  # fmt: skip
def test_a_pair_is_seen_and_decided_where_either_record_is(
    pair: DuplicatePair, actor: Callable[..., Actor], role: str, area: str, sees: bool
) -> None:
    by = actor(role, area)

    assert queries.duplicate_pairs(by=by).exists() == sees
    if sees:
        assert queries.duplicate_pair(pair.pk, by=by) == pair
        assert actions.say_different(pair_id=pair.pk, by=by, on=CARD_DAY).decided_by == by.name
    else:
        with pytest.raises(NotFound):
            queries.duplicate_pair(pair.pk, by=by)
        with pytest.raises(NotAllowed):
            actions.say_different(pair_id=pair.pk, by=by, on=CARD_DAY)


def test_each_record_of_a_pair_is_shown_only_to_its_own_district(
    pair: DuplicatePair, actor: Callable[..., Actor]
) -> None:
    seen = queries.people_as_seen([pair.first, pair.second], by=actor("district_officer", "1601"))

    assert sorted(type(one).__name__ for one in seen.values()) == ["Elsewhere", "PersonHit"]
