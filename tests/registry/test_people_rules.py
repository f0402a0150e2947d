from datetime import date

import pytest

from spean.registry import rules
from spean.registry.rules import people
from spean.registry.rules.facts import MemberFacts, household_facts

TODAY = date(2026, 11, 23)
NO_DIFFICULTY = dict.fromkeys(rules.Function, 1)


def test_somebody_born_today_is_accepted_and_tomorrow_refused() -> None:
    assert rules.check_birth_date(TODAY, TODAY) == TODAY
    with pytest.raises(people.BornInTheFuture):
        rules.check_birth_date(date(2026, 11, 24), TODAY)


def test_the_last_day_of_being_120_is_accepted_and_the_121st_birthday_refused() -> None:
    rules.check_birth_date(date(1905, 11, 24), TODAY)
    with pytest.raises(people.BornTooLongAgo):
        rules.check_birth_date(date(1905, 11, 23), TODAY)


def test_who_is_born_on_29_february_ages_on_1_march() -> None:
    assert rules.age_on(date(2020, 2, 29), date(2021, 2, 28)) == 0
    assert rules.age_on(date(2020, 2, 29), date(2021, 3, 1)) == 1


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", ""),
        ("012 345 678", "+85512345678"),
        ("០១២ ៣៤៥ ៦៧៨", "+85512345678"),
        ("(097) 123-4567", "+855971234567"),
        ("+855 12 345 678", "+85512345678"),
        ("+855 (0)12 345 678", "+85512345678"),
        ("85512345678", "+85512345678"),
        ("00855 12 345 678", "+85512345678"),
        ("085 512 345", "+85585512345"),
        ("+66 81 234 5678", "+66812345678"),
    ],
)
def test_a_phone_is_stored_with_its_country_code(text: str, stored: str) -> None:
    assert rules.check_phone(text) == stored
    assert rules.check_phone(stored) == stored


@pytest.mark.parametrize(
    "text", ["012", "12345678", "0123456789012", "+855 12", "phone", "012 345 67a", "00", "+"]
)
def test_a_phone_that_nobody_answers_is_refused(text: str) -> None:
    with pytest.raises(people.PhoneWrong):
        rules.check_phone(text)


def test_a_phone_is_shown_as_it_is_dialled() -> None:
    assert rules.phone_display("+85512345678") == "012 345 678"
    assert rules.phone_display("+855971234567") == "097 123 4567"
    assert rules.phone_display("+66812345678") == "+66812345678"
    assert rules.phone_display("") == ""


@pytest.mark.parametrize("function", rules.Function)
@pytest.mark.parametrize(("level", "disabled"), [(1, False), (2, False), (3, True), (4, True)])
def test_a_lot_of_difficulty_in_one_function_is_a_disability(
    function: str, level: int, disabled: bool
) -> None:
    assert rules.is_disabled(NO_DIFFICULTY | {function: level}) is disabled


def test_some_difficulty_everywhere_is_not_a_disability() -> None:
    assert not rules.is_disabled(dict.fromkeys(rules.Function, 2))


@pytest.mark.parametrize("answers", [{}, {"seeing": 1}, NO_DIFFICULTY | {"seeing": 5}])
def test_questions_half_answered_decide_nothing(answers: dict[str, int]) -> None:
    with pytest.raises(people.FunctioningHalfAnswered):
        rules.is_disabled(answers)


def test_a_household_of_nobody_is_refused() -> None:
    with pytest.raises(people.NoMembers):
        rules.check_household([], TODAY)


@pytest.mark.parametrize("relations", [("spouse",), ("head", "head"), ("head", "child", "head")])
def test_a_household_has_exactly_one_head(relations: tuple[str, ...]) -> None:
    with pytest.raises(people.HeadsNotOne):
        rules.check_household([(relation, date(1980, 1, 1)) for relation in relations], TODAY)


def test_a_head_of_nine_is_asked_about_and_not_refused() -> None:
    (doubt,) = rules.check_household([("head", date(2016, 11, 24))], TODAY)
    assert isinstance(doubt, people.HeadVeryYoung)
    assert "aged 9." in str(doubt)


def test_a_head_of_ten_is_not_asked_about() -> None:
    assert rules.check_household([("head", date(2016, 11, 23))], TODAY) == ()


def test_a_household_is_counted_by_age_sex_and_need() -> None:
    members = [
        MemberFacts("female", date(1990, 1, 1), "head", pregnant=True),
        MemberFacts("male", date(2024, 11, 24), "child"),
        MemberFacts("male", date(2024, 11, 23), "child"),
        MemberFacts("female", date(2021, 11, 23), "child"),
        MemberFacts("female", date(2011, 11, 23), "child"),
        MemberFacts("male", date(1966, 11, 23), "parent", disabled=True),
    ]
    facts = household_facts(members, village="16010101", on=TODAY)
    assert (facts.members, facts.under_2, facts.under_5, facts.under_18) == (6, 1, 2, 4)
    assert (facts.adults, facts.elderly, facts.disabled, facts.pregnant) == (1, 1, 1, 1)
    assert (facts.of_earning_age, facts.dependants) == (2, 4)
    assert facts.female_head


def test_the_enumerations_of_rules_and_models_are_the_same() -> None:
    from spean.registry.models import Identifier
    from spean.registry.models.households import Relation
    from spean.registry.models.people import BirthDatePrecision, Difficulty, Sex

    pairs = [
        (rules.Sex, Sex), (rules.Relation, Relation), (rules.Difficulty, Difficulty),
        (rules.BirthDatePrecision, BirthDatePrecision), (rules.IdentifierKind, Identifier.Kind),
    ]  # fmt: skip
    for ours, stored in pairs:
        assert [member.value for member in ours] == list(stored.values)
