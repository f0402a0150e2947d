"""A household as it was recorded for any day, and reads that leave their line."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.registry import queries
from spean.registry.models import EquityCard, Household, Person

REGISTERED = date(2026, 11, 23)
BEFORE, DAY, AFTER = date(2026, 12, 4), date(2026, 12, 5), date(2026, 12, 6)
Apply = Callable[..., Any]
QUERIES = 7


def names(state: queries.HouseholdState) -> list[tuple[str, str]]:
    return [(member.facts.given_name_latin, member.relation) for member in state.members]


def test_each_day_has_its_own_village_names_and_members(
    family: Household, apply: Apply, council: Actor
) -> None:
    dara = Person.objects.get(given_name_latin="Dara")
    bopha = Person.objects.get(given_name_latin="Bopha")
    apply("move", family, DAY, village="16010102")
    apply("correct_person", dara, DAY, given_name_latin="Daraa")
    apply("remove_member", bopha, AFTER, because="work")

    states = [
        queries.household_as_of(family.pk, by=council, on=day) for day in (BEFORE, DAY, AFTER)
    ]

    assert [state.village.code for state in states] == ["16010101", "16010102", "16010102"]
    assert [names(state) for state in states] == [
        [("Dara", "head"), ("Bopha", "child")],
        [("Daraa", "head"), ("Bopha", "child")],
        [("Daraa", "head")],
    ]
    assert states[0].members[1].age == 11


def test_the_card_of_the_day_is_among_what_is_given(
    family: Household, card: EquityCard, council: Actor
) -> None:
    assert queries.household_as_of(family.pk, by=council, on=DAY).cards == (card,)


def test_a_day_before_the_registration_has_nothing(family: Household, council: Actor) -> None:
    with pytest.raises(queries.NotYetRegistered, match="2026-11-23"):
        queries.household_as_of(family.pk, by=council, on=date(2026, 11, 22))


def test_another_commune_cannot_ask(family: Household, actor: Callable[..., Actor]) -> None:
    with pytest.raises(NotAllowed):
        queries.household_as_of(family.pk, by=actor("commune_council", "160102"), on=DAY)


def test_the_question_is_in_the_audit_trail_with_its_purpose(
    family: Household, council: Actor
) -> None:
    queries.household_as_of(family.pk, by=council, on=DAY)

    line = AuditEntry.objects.get(action="registry.read_household_as_of")
    assert (line.kind, line.purpose, line.detail) == ("read", "registration", {"on": "2026-12-05"})


def test_the_queries_do_not_grow_with_the_household(
    family: Household, card: EquityCard, apply: Apply, council: Actor
) -> None:
    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            queries.household_as_of(family.pk, by=council, on=AFTER)
        return len(seen)

    small = counted()
    for number in range(3):
        apply("add_member", family, DAY, because="forgotten", not_duplicates=True, member={
            "family_name_km": "", "given_name_km": "", "family_name_latin": "Sok",
            "given_name_latin": "Abc" + "def"[number], "sex": "male", "relation": "child",
            "birth_date": "2001-01-01", "pregnant": False,
        })  # fmt: skip

    assert small == counted() == QUERIES


def test_the_household_of_today_is_read_in_five_queries(family: Household, council: Actor) -> None:
    with CaptureQueriesContext(connection) as seen:
        queries.household(family.pk, by=council)

    assert len(seen) == 4


def test_the_history_lists_what_was_applied_latest_first(
    family: Household, apply: Apply, propose: Apply, council: Actor
) -> None:
    move = apply("move", family, DAY, village="16010102")
    phone = apply("correct_household", family, AFTER, phone="012 345 678")
    propose("correct_household", family, AFTER, phone="012 345 679")

    assert list(queries.history(family, by=council)) == [phone, move]
    assert queries.changes_of(family, by=council).count() == 3
