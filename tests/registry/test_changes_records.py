"""What is recorded of a person or a household is put right, or added to."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from spean.kernel.errors import SpeanError
from spean.registry import actions, queries
from spean.registry.actions import IdentifierTaken, Problems
from spean.registry.models import FunctionAssessment, Household, Identifier, Person, PersonPast

DAY = date(2026, 12, 5)
LATER = date(2026, 12, 20)
WELL = dict.fromkeys(
    ("seeing", "hearing", "walking", "remembering", "self_care", "communicating"), 1
)
Apply = Callable[..., Any]


@pytest.fixture
def dara(family: Household) -> Person:
    return Person.objects.get(given_name_latin="Dara")


@pytest.fixture
def bopha(family: Household) -> Person:
    return Person.objects.get(given_name_latin="Bopha")


def refusal(apply: Apply, *args: Any, **proposal: Any) -> str:
    with pytest.raises(SpeanError) as refused:
        apply(*args, **proposal)
    return refused.value.code


def test_a_name_is_corrected_and_the_former_one_kept(dara: Person, apply: Apply) -> None:
    apply("correct_person", dara, DAY, given_name_latin="Darareaksmey")

    dara.refresh_from_db()
    assert (dara.given_name_latin, dara.given_name_km) == ("Darareaksmey", "ដារ៉ា")
    assert "darareaksmey" in dara.search_text
    assert PersonPast.objects.get(person=dara).given_name_latin == "Dara"


def test_all_that_is_wrong_with_a_correction_is_told_at_once(dara: Person, apply: Apply) -> None:
    with pytest.raises(Problems) as refused:
        apply("correct_person", dara, DAY, given_name_km="Dara", birth_date="2030-01-01", sex="x")

    assert {p.field for p in refused.value.problems} == {"given_name_km", "birth_date", "sex"}


def test_a_correction_that_corrects_nothing_is_refused(dara: Person, apply: Apply) -> None:
    assert refusal(apply, "correct_person", dara, DAY, sex="male") == "registry.nothing_changes"


def test_two_proposals_about_different_fields_both_pass(
    dara: Person, propose: Apply, council: Any
) -> None:
    one = propose("correct_person", dara, DAY, phone="011 222 333")
    two = propose("correct_person", dara, DAY, given_name_latin="Daraa")

    for change in (one, two):
        actions.approve_change(change=change, by=council, on=DAY)

    dara.refresh_from_db()
    assert (dara.phone, dara.given_name_latin) == ("+85511222333", "Daraa")


def test_two_proposals_about_one_field_conflict_and_name_it(
    dara: Person, propose: Apply, council: Any
) -> None:
    one = propose("correct_person", dara, DAY, phone="011 222 333")
    two = propose("correct_person", dara, DAY, phone="011 222 334", sex="female")
    actions.approve_change(change=one, by=council, on=DAY)

    with pytest.raises(actions.SeenNoLonger, match="phone") as refused:
        actions.approve_change(change=two, by=council, on=DAY)

    assert "sex" not in str(refused.value)


def test_a_household_gets_another_phone(family: Household, apply: Apply) -> None:
    apply("correct_household", family, DAY, phone="012 345 678")

    family.refresh_from_db()
    assert (family.phone, family.address) == ("+85512345678", "")


def test_an_answer_nobody_asked_for_is_refused(family: Household, propose: Apply) -> None:
    with pytest.raises(Problems) as refused:
        propose("correct_household", family, DAY, colour="blue")

    assert [p.field for p in refused.value.problems] == ["colour"]


def test_a_number_is_recorded_and_a_mistaken_one_withdrawn(dara: Person, apply: Apply) -> None:
    apply("record_identifier", dara, DAY, number_kind="national_id", number="០១២ 345 678")
    wrong = Identifier.objects.get(person=dara)
    assert wrong.value == "012345678"

    apply("record_identifier", dara, LATER, number_kind="national_id", number="012345679",
          mistaken=str(wrong.pk))  # fmt: skip

    wrong.refresh_from_db()
    assert wrong.withdrawn
    assert Identifier.objects.get(person=dara, withdrawn=False).value == "012345679"


def test_a_number_that_another_person_has_is_refused_with_the_name_the_clerk_may_see(
    dara: Person, bopha: Person, apply: Apply
) -> None:
    apply("record_identifier", dara, DAY, number_kind="national_id", number="012345678")

    with pytest.raises(Problems) as refused:
        apply("record_identifier", bopha, DAY, number_kind="national_id", number="012345678")

    assert isinstance(refused.value.problems[0].error, IdentifierTaken)
    assert "សុខ ដារ៉ា" in str(refused.value.problems[0].error)


def test_a_number_of_the_wrong_length_is_refused(dara: Person, apply: Apply) -> None:
    code = refusal(apply, "record_identifier", dara, DAY, number_kind="national_id", number="123")

    assert code == "registry.identifier_wrong_length"


def test_a_pregnancy_begins_and_ends(family: Household, bopha: Person, apply: Apply) -> None:
    apply("record_pregnancy", bopha, DAY, expected_on="2027-05-01")
    assert queries.household_facts(family.pk, on=DAY).pregnant == 1

    apply("record_pregnancy", bopha, LATER, ended=True)
    assert queries.household_facts(family.pk, on=LATER).pregnant == 0
    assert queries.household_facts(family.pk, on=DAY).pregnant == 1


def test_a_man_is_not_pregnant(dara: Person, apply: Apply) -> None:
    assert refusal(apply, "record_pregnancy", dara, DAY) == "registry.cannot_be_pregnant"


def test_what_has_not_begun_does_not_end(bopha: Person, apply: Apply) -> None:
    assert refusal(apply, "record_pregnancy", bopha, DAY, ended=True) == "registry.not_pregnant"


def test_difficulties_hold_from_the_day_they_were_told(
    family: Household, dara: Person, apply: Apply
) -> None:
    apply("record_functioning", dara, DAY, **WELL)
    apply("record_functioning", dara, LATER, **(WELL | {"walking": 4}))

    assert queries.household_facts(family.pk, on=DAY).disabled == 0
    assert queries.household_facts(family.pk, on=LATER).disabled == 1
    assert FunctionAssessment.objects.filter(person=dara).count() == 2


def test_an_answer_outside_the_four_is_refused(dara: Person, apply: Apply) -> None:
    code = refusal(apply, "record_functioning", dara, DAY, **(WELL | {"walking": 5}))

    assert code == "registry.functioning_half_answered"
