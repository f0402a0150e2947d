"""A member joins, leaves or dies; another becomes head."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from spean.kernel.errors import SpeanError
from spean.registry import queries
from spean.registry.actions import Problems
from spean.registry.models import Household, Identifier, Membership, Person, Pregnancy

DAY = date(2026, 12, 5)
LATER = date(2026, 12, 20)
BABY: dict[str, Any] = {
    "family_name_km": "សុខ", "given_name_km": "រតនា", "family_name_latin": "Sok",
    "given_name_latin": "Rathana", "sex": "female", "birth_date": "2026-12-01",
    "relation": "child",
}  # fmt: skip
Apply = Callable[..., Any]


def member(household: Household, relation: str) -> Person:
    return Membership.objects.get(household=household, relation=relation, end__isnull=True).person


def refusal(apply: Apply, *args: Any, **proposal: Any) -> str:
    with pytest.raises(SpeanError) as refused:
        apply(*args, **proposal)
    return refused.value.code


def test_a_child_is_born(family: Household, apply: Apply) -> None:
    apply("add_member", family, DAY, because="birth", not_duplicates=True,
          member=BABY | {"identifiers": {"birth_certificate": "12/2026"}})  # fmt: skip

    baby = Person.objects.get(given_name_latin="Rathana")
    assert (baby.since, baby.search_text) == (DAY, Person.objects.get(pk=baby.pk).search_text)
    assert Identifier.objects.get(person=baby).value == "12/2026"
    assert queries.household_facts(family.pk, on=DAY).members == 3
    assert queries.household_facts(family.pk, on=date(2026, 12, 4)).members == 2


def test_a_birth_after_the_day_it_is_recorded_for_is_refused(
    family: Household, apply: Apply
) -> None:
    with pytest.raises(Problems) as refused:
        apply("add_member", family, DAY, because="birth",
              member=BABY | {"birth_date": "2026-12-06"})  # fmt: skip

    assert [p.path for p in refused.value.problems] == ["members.0.birth_date"]


def test_a_second_head_cannot_join(family: Household, apply: Apply) -> None:
    code = refusal(apply, "add_member", family, DAY, because="other", not_duplicates=True,
                   member=BABY | {"relation": "head"})  # fmt: skip

    assert code == "registry.heads_not_one"


def test_a_member_leaves_and_comes_back(family: Household, apply: Apply) -> None:
    daughter = member(family, "child")

    apply("remove_member", daughter, DAY, because="work")
    assert queries.household_facts(family.pk, on=DAY).members == 1

    apply("add_member", family, LATER, because="return", known=str(daughter.pk), relation="child")
    assert queries.household_facts(family.pk, on=LATER).members == 2
    assert Membership.objects.filter(person=daughter).count() == 2


def test_one_person_lives_in_one_household(family: Household, apply: Apply) -> None:
    daughter = member(family, "child")

    code = refusal(apply, "add_member", family, DAY, because="return", known=str(daughter.pk),
                   relation="child")  # fmt: skip

    assert code == "registry.lives_elsewhere"


def test_a_head_leaves_only_with_a_new_one_named(family: Household, apply: Apply) -> None:
    head, daughter = member(family, "head"), member(family, "child")

    code = refusal(apply, "remove_member", head, DAY, because="separation")
    assert code == "registry.heads_not_one"

    apply("remove_member", head, DAY, because="separation", relations={str(daughter.pk): "head"})
    assert member(family, "head") == daughter


def test_the_last_member_dissolves_the_household(family: Household, apply: Apply) -> None:
    head, daughter = member(family, "head"), member(family, "child")
    apply("remove_member", daughter, DAY, because="marriage")

    apply("remove_member", head, LATER, because="moved")

    family.refresh_from_db()
    assert family.dissolved_on == LATER


def test_somebody_who_is_no_member_cannot_leave(
    family: Household, apply: Apply, propose: Apply
) -> None:
    daughter = member(family, "child")
    apply("remove_member", daughter, DAY, because="work")

    with pytest.raises(SpeanError):
        propose("remove_member", daughter, LATER, because="work")


def test_a_death_ends_the_membership_and_nothing_else(family: Household, apply: Apply) -> None:
    head, daughter = member(family, "head"), member(family, "child")

    apply("death", head, DAY, death_date="2026-11-30", relations={str(daughter.pk): "head"})

    head.refresh_from_db()
    assert head.death_date == date(2026, 11, 30)
    assert not Membership.objects.filter(person=head, end__isnull=True).exists()
    assert member(family, "head") == daughter


@pytest.mark.parametrize("day", ["2026-12-06", "1980-01-01"])
def test_a_death_lies_between_birth_and_the_day_it_is_recorded_for(
    family: Household, apply: Apply, day: str
) -> None:
    code = refusal(apply, "death", member(family, "child"), DAY, death_date=day)

    assert code == "registry.death_date_wrong"


def test_one_dies_once(family: Household, apply: Apply) -> None:
    daughter = member(family, "child")
    apply("death", daughter, DAY)

    assert refusal(apply, "death", daughter, LATER) == "registry.already_dead"


def test_another_member_becomes_head_and_relations_are_restated(
    family: Household, apply: Apply
) -> None:
    head, daughter = member(family, "head"), member(family, "child")

    apply("change_head", family, DAY,
          relations={str(head.pk): "parent", str(daughter.pk): "head"})  # fmt: skip

    assert (member(family, "head"), member(family, "parent")) == (daughter, head)


def test_relations_name_every_member_and_no_stranger(family: Household, apply: Apply) -> None:
    daughter = member(family, "child")

    code = refusal(apply, "change_head", family, DAY, relations={str(daughter.pk): "head"})

    assert code == "registry.relations_incomplete"


def test_composition_cannot_change_before_its_last_change(family: Household, apply: Apply) -> None:
    apply("add_member", family, LATER, because="birth", not_duplicates=True, member=BABY)

    code = refusal(apply, "remove_member", member_named(family, "Bopha"), DAY, because="work")

    assert code == "registry.later_change_recorded"


def member_named(family: Household, given_name: str) -> Person:
    return Person.objects.get(memberships__household=family, given_name_latin=given_name)


def test_a_newcomer_may_be_pregnant(family: Household, apply: Apply) -> None:
    wife = BABY | {"birth_date": "1995-01-01", "relation": "spouse", "pregnant": True}

    apply("add_member", family, DAY, because="marriage", not_duplicates=True, member=wife)

    assert Pregnancy.objects.get().start == DAY


def test_a_death_before_the_person_left_is_refused_until_the_leaving_is_reversed(
    family: Household, apply: Apply
) -> None:
    daughter = member(family, "child")
    apply("remove_member", daughter, LATER, because="work")

    assert refusal(apply, "death", daughter, DAY) == "registry.later_change_recorded"
