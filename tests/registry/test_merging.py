"""Two records of one person become one, and two again."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.kernel.periods import Period
from spean.locations.models import Place
from spean.registry import actions
from spean.registry.actions.merging import without
from spean.registry.models import (
    ChangeRequest,
    DuplicatePair,
    Household,
    Identifier,
    Membership,
    Person,
    Pregnancy,
)
from spean.registry.rules.people import NewMember

DAY = date(2026, 12, 5)
REGISTERED = date(2026, 11, 23)


@pytest.fixture
def officer(actor: Callable[..., Actor]) -> Actor:
    return actor("district_officer", "1601")


@pytest.fixture
def twin(
    places: dict[str, Place], system: Actor, new_member: Callable[..., NewMember]
) -> Household:
    """Register Bopha again, with her grandmother in the next village."""
    grandmother = new_member(given_name_latin="Chan", given_name_km="ចាន់", sex="female")
    bopha = new_member(
        relation="grandchild", given_name_km="បុប្ផា", given_name_latin="Bopha", sex="female",
        birth_date=date(2015, 5, 5), pregnant=True, identifiers={"birth_certificate": "7/2015"},
    )  # fmt: skip
    return actions.register_household(
        village=places["16010102"], address="", phone="", members=[grandmother, bopha],
        by=system, on=REGISTERED, not_duplicates=True,
    )  # fmt: skip


@pytest.fixture
def records(family: Household, twin: Household) -> tuple[Person, Person]:
    kept = Person.objects.get(given_name_latin="Bopha", memberships__household=family)
    dropped = Person.objects.get(given_name_latin="Bopha", memberships__household=twin)
    first, second = sorted((kept, dropped), key=lambda person: person.pk)
    DuplicatePair.objects.get_or_create(first=first, second=second, defaults={"likeness": "0.950"})
    return kept, dropped


@pytest.fixture
def merge(officer: Actor, council: Actor) -> Callable[..., ChangeRequest]:
    def make(kept: Person, dropped: Person, **proposal: Any) -> ChangeRequest:
        change = actions.propose_change(
            kind="merge_people", person=kept, proposal={"drop": str(dropped.pk)} | proposal,
            reason="Same birth certificate", by=officer, on=DAY,
        )  # fmt: skip
        return actions.approve_change(change=change, by=council, on=DAY)

    return make


def test_all_of_the_dropped_record_passes_to_the_kept_one(
    family: Household, twin: Household, records: tuple[Person, Person], merge: Callable[..., Any]
) -> None:
    kept, dropped = records

    merge(kept, dropped)

    dropped.refresh_from_db()
    assert dropped.merged_into == kept
    assert [row.household for row in Membership.objects.filter(person=kept)] == [family]
    assert not Membership.objects.filter(person=dropped).exists()
    assert Identifier.objects.get().person == kept
    assert Pregnancy.objects.get().person == kept
    assert DuplicatePair.objects.get().state == "merged"


def test_the_dropped_records_memberships_may_stand(
    twin: Household, records: tuple[Person, Person], merge: Callable[..., Any]
) -> None:
    merge(*records, stands="drop")

    assert [row.household for row in Membership.objects.filter(person=records[0])] == [twin]


def test_unmerged_each_has_exactly_its_own_rows_again(
    records: tuple[Person, Person], merge: Callable[..., Any], council: Actor
) -> None:
    before = stored()
    change = merge(*records)
    assert stored() != before

    actions.reverse_change(change=change, reason="Two cousins", by=council, on=DAY)

    assert stored() == before


def stored() -> list[list[dict[str, Any]]]:
    models = (Person, Household, Membership, Identifier, Pregnancy, DuplicatePair)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_a_duplicate_who_is_head_of_others_is_refused_until_another_is_head(
    records: tuple[Person, Person], twin: Household, merge: Callable[..., Any],
    apply: Callable[..., Any],
) -> None:  # fmt: skip
    grandmother = Person.objects.get(given_name_latin="Chan")
    relations = {str(records[1].pk): "head", str(grandmother.pk): "parent"}
    apply("change_head", twin, DAY, relations=relations)

    with pytest.raises(SpeanError) as refused:
        merge(*records)

    assert refused.value.code == "registry.household_without_head"


def test_a_lone_duplicates_household_is_dissolved(
    family: Household, village: Place, system: Actor, merge: Callable[..., Any],
    new_member: Callable[..., NewMember],
) -> None:  # fmt: skip
    alone = actions.register_household(
        village=village, address="", phone="", members=[new_member(phone="012 345 678")],
        by=system, on=REGISTERED, not_duplicates=True,
    )  # fmt: skip
    kept = Person.objects.get(memberships__household=family, given_name_latin="Dara")

    merge(kept, Person.objects.get(memberships__household=alone))

    alone.refresh_from_db()
    assert alone.dissolved_on == DAY


def test_a_merged_record_is_closed(
    records: tuple[Person, Person], merge: Callable[..., Any], clerk: Actor
) -> None:
    kept, dropped = records
    merge(kept, dropped)
    dropped.refresh_from_db()

    with pytest.raises(SpeanError) as refused:
        actions.propose_change(kind="correct_person", person=dropped, proposal={"phone": ""},
                               reason="So", by=clerk, on=DAY)  # fmt: skip

    assert refused.value.code == "registry.record_closed"


def test_a_clerk_may_not_merge_people(records: tuple[Person, Person], clerk: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.propose_change(
            kind="merge_people", person=records[0], proposal={"drop": str(records[1].pk)},
            reason="So", by=clerk, on=DAY,
        )  # fmt: skip


def test_both_villages_have_to_be_the_proposers(
    records: tuple[Person, Person], actor: Callable[..., Actor]
) -> None:
    with pytest.raises(NotAllowed):
        actions.propose_change(
            kind="merge_people", person=records[0], proposal={"drop": str(records[1].pk)},
            reason="So", by=actor("district_officer", "16010101"), on=DAY,
        )  # fmt: skip


def test_what_is_left_of_a_period() -> None:
    first, last, middle = date(2020, 1, 1), date(2022, 1, 1), date(2021, 1, 1)

    assert without(Period(first), [Period(middle, last)]) == [
        Period(first, middle), Period(last),
    ]  # fmt: skip
    assert without(Period(first, last), [Period(first)]) == []
