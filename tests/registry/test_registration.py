"""A household enters the registry, or is refused with everything that is wrong at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.locations.models import Place
from spean.registry import actions, queries
from spean.registry.actions import NewMember
from spean.registry.models import Household

TODAY = date(2026, 11, 1)
DARA = NewMember(
    family_name_km="សុខ", given_name_km="ដារ៉ា", family_name_latin="SOK", given_name_latin="Dara",
    sex="female", birth_date=date(1985, 4, 3), relation="head", pregnant=True,
    functioning={"seeing": 3, "hearing": 1, "walking": 1, "remembering": 1, "self_care": 1,
                 "communicating": 1},
)  # fmt: skip
BOPHA = NewMember(
    family_name_km="សុខ", given_name_km="បុប្ផា", family_name_latin="SOK",
    given_name_latin="Bopha", sex="female", birth_date=date(2025, 6, 1), relation="child",
)  # fmt: skip


def register(village: Place, clerk: Actor, *members: NewMember, **others: object) -> Household:
    return actions.register_household(
        village=village, address="House 5", phone="012 345 678", members=members, by=clerk,
        on=TODAY, not_duplicates=True, **others,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_household_is_recorded_with_its_members(village: Place, clerk: Actor) -> None:
    made = register(village, clerk, DARA, BOPHA)

    found = queries.household(made.pk, by=clerk)
    assert [m.person.name_km for m in found.members] == ["សុខ ដារ៉ា", "សុខ បុប្ផា"]
    assert found.phone == "+85512345678"
    line = AuditEntry.objects.filter(kind="write").latest("id")
    assert (line.action, line.area) == ("registry.register_household", village.code)
    assert AuditEntry.objects.filter(kind="read", subject_id=str(made.pk)).count() == 1


def test_facts_are_counted_for_a_day(village: Place, clerk: Actor) -> None:
    made = register(village, clerk, DARA, BOPHA)

    facts = queries.household_facts(made.pk, on=TODAY)

    assert (facts.members, facts.under_2, facts.disabled, facts.pregnant) == (2, 1, 1, 1)
    assert facts.female_head


def test_all_that_is_wrong_is_told_at_once(village: Place, clerk: Actor) -> None:
    later = replace(DARA, birth_date=date(2027, 1, 1), given_name_km="Dara", pregnant=False)
    second = replace(BOPHA, relation="head", phone="12")

    with pytest.raises(actions.Problems) as refused:
        register(village, clerk, later, second)

    assert {path for path, _ in refused.value.field_errors} == {
        "members.0.birth_date", "members.0.given_name_km", "members.1.relation", "members.1.phone",
    }  # fmt: skip
    assert not Household.objects.exists()


def test_a_household_of_another_commune_is_not_his_to_register_or_read(
    places: dict[str, Place], clerk: Actor, actor: Callable[..., Actor]
) -> None:
    with pytest.raises(NotAllowed):
        register(places["16010201"], clerk, DARA)
    made = register(places["16010201"], actor("commune_clerk", "160102"), DARA)
    with pytest.raises(NotAllowed):
        queries.household(made.pk, by=clerk)


def test_a_village_that_no_longer_exists_is_refused(village: Place, clerk: Actor) -> None:
    village.end = date(2026, 1, 1)
    village.save()

    with pytest.raises(actions.Problems) as refused:
        register(village, clerk, DARA)

    assert [p.field for p in refused.value.problems] == ["village"]
    assert "no longer exists" in str(refused.value.problems[0].error)


def test_a_number_held_in_another_commune_is_refused_without_saying_whose(
    places: dict[str, Place], village: Place, clerk: Actor, system: Actor
) -> None:
    numbered = replace(DARA, identifiers={"national_id": "012 345 678"})
    register(places["16020101"], system, numbered)

    with pytest.raises(actions.Problems) as refused:
        register(village, clerk, numbered)

    problem = refused.value.problems[0]
    assert (problem.path, problem.error.code) == (
        "members.0.identifiers.national_id", "registry.identifier_taken",
    )  # fmt: skip
    assert "ដារ៉ា" not in str(problem.error)


def test_a_likely_duplicate_is_shown_before_anything_is_recorded(
    village: Place, clerk: Actor
) -> None:
    register(village, clerk, DARA)

    with pytest.raises(actions.LikelyDuplicates) as refused:
        actions.register_household(
            village=village, address="", phone="", members=[DARA], by=clerk, on=TODAY
        )

    assert list(refused.value.candidates) == [0]
    assert Household.objects.count() == 1
