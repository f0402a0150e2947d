"""Two records merged and unmerged give back exactly the same rows, whatever they held.

While they are merged nothing is lost: every day on which either record was a member of some
household, the one that is kept is a member of one; and every dated fact still stands somewhere.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spean.kernel.access import Actor
from spean.locations.models import Place
from spean.registry import actions
from spean.registry.models import (
    DuplicatePair,
    FunctionAssessment,
    Household,
    HouseholdPast,
    Identifier,
    Membership,
    Person,
    PersonPast,
    Pregnancy,
)
from spean.registry.rules.people import NewMember

FIRST, SPAN = date(2026, 1, 1), 8
TODAY = FIRST + timedelta(days=SPAN + 1)
TABLES = (
    Person, PersonPast, Household, HouseholdPast, Membership, Identifier, Pregnancy,
    FunctionAssessment, DuplicatePair,
)  # fmt: skip
WELL = dict.fromkeys(
    ("seeing", "hearing", "walking", "remembering", "self_care", "communicating"), 1
)
Days = list[tuple[int, int | None]]


@st.composite
def intervals(draw: st.DrawFn) -> Days:
    """Give days in pairs that don't overlap; the last may be open."""
    cuts = sorted(draw(st.sets(st.integers(0, SPAN), min_size=0, max_size=6)))
    pairs: Days = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    if len(cuts) % 2:
        pairs.append((cuts[-1], None))
    return pairs


lives = st.fixed_dictionaries(
    {"homes": intervals(), "pregnancies": intervals(), "functions": intervals(),
     "numbers": st.integers(0, 2)}
)  # fmt: skip


def member(given_name: str) -> NewMember:
    return NewMember(
        family_name_km="", given_name_km="", family_name_latin="Sok", given_name_latin=given_name,
        sex="female", birth_date=date(1990, 1, 1), relation="head",
    )  # fmt: skip


def household(village: Place) -> Household:
    return actions.register_household(
        village=village, address="", phone="", members=[member("Head")],
        by=Actor.system("test"), on=FIRST, not_duplicates=True,
    )  # fmt: skip


def dates(pair: tuple[int, int | None]) -> dict[str, date | None]:
    start, end = pair
    return {
        "start": FIRST + timedelta(days=start),
        "end": None if end is None else FIRST + timedelta(days=end),
    }


def live(person: Person, homes: list[Household], life: dict[str, Any]) -> None:
    """Give a person memberships (in turn in each household) and dated facts."""
    for number, days in enumerate(life["homes"]):
        Membership.objects.create(
            person=person, household=homes[number % 2], relation="sibling", **dates(days)
        )
    for days in life["pregnancies"]:
        Pregnancy.objects.create(person=person, **dates(days))
    for days in life["functions"]:
        FunctionAssessment.objects.create(person=person, **WELL, **dates(days))
    for number in range(life["numbers"]):
        value = f"{person.pk.int % 10**8:08d}{number}"
        Identifier.objects.create(kind="national_id", value=value, person=person, start=FIRST)


def stored() -> list[list[dict[str, Any]]]:
    return [list(table._default_manager.order_by("pk").values()) for table in TABLES]


def days_lived(*people: Person) -> set[int]:
    rows = Membership.objects.filter(person__in=people)
    return {
        day
        for day in range(SPAN + 2)
        for row in rows
        if row.start <= FIRST + timedelta(days=day)
        and (row.end is None or row.end > FIRST + timedelta(days=day))
    }


class _Undo(Exception):
    """Leaves the database as it was before an example."""


@settings(
    max_examples=100, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(lives, lives, st.sampled_from(["keep", "drop"]), st.booleans(), st.booleans())
def test_a_merge_loses_nothing_and_is_undone_exactly(
    places: dict[str, Place], actor: Callable[..., Actor], one: dict[str, Any],
    two: dict[str, Any], stands: str, same_homes: bool, both_paired: bool,
) -> None:  # fmt: skip
    officer = actor("district_officer", "16")
    try:
        with transaction.atomic():
            kept, dropped = _two_records(places, one, two, same_homes, both_paired)
            before, lived = stored(), days_lived(kept, dropped)
            facts = {m: m._default_manager.count() for m in (Pregnancy, FunctionAssessment)}

            change = actions.approve_change(
                change=_proposed(kept, dropped, stands), by=officer, on=TODAY
            )
            assert days_lived(kept) == lived
            assert days_lived(dropped) == set()
            assert not Identifier.objects.filter(person=dropped).exists()
            assert facts == {m: m._default_manager.count() for m in facts}

            actions.reverse_change(change=change, reason="Two people", by=officer, on=TODAY)
            assert stored() == before
            raise _Undo
    except _Undo:
        pass


def _two_records(
    places: dict[str, Place], one: dict[str, Any], two: dict[str, Any], same_homes: bool,
    both_paired: bool,
) -> tuple[Person, Person]:  # fmt: skip
    homes = [household(places[code]) for code in ("16010101", "16010102")]
    others = homes if same_homes else [household(places["16010201"]), homes[1]]
    people = [
        Person.objects.create(
            family_name_latin="Sok", given_name_latin="Twin", sex="female", since=FIRST,
            birth_date=date(1990, 1, 1), search_text="sok twin", search_keys=[],
        )
        for _ in range(3)
    ]  # fmt: skip
    kept, dropped, third = people
    # Each has lived somewhere at least once: access follows from it.
    live(kept, homes, one | {"homes": one["homes"] or [(0, 2)]})
    live(dropped, others, two | {"homes": two["homes"] or [(1, 3)]})
    pairs = [(kept, dropped), (dropped, third), *([(kept, third)] if both_paired else [])]
    for first, second in pairs:
        first, second = sorted((first, second), key=lambda person: person.pk)
        DuplicatePair.objects.get_or_create(
            first=first, second=second, defaults={"likeness": "0.900"}
        )
    return kept, dropped


def _proposed(kept: Person, dropped: Person, stands: str) -> Any:
    return actions.propose_change(
        kind="merge_people", person=kept, proposal={"drop": str(dropped.pk), "stands": stands},
        reason="Same person", by=Actor.system("test"), on=TODAY,
    )  # fmt: skip


def test_the_rows_compared_are_all_that_the_registry_has() -> None:
    others = {
        "registry_changerequest", "registry_equitycard", "registry_importrun",
        "registry_importedhousehold", "registry_putaside",
    }  # fmt: skip
    tables = {model._meta.db_table for model in TABLES}
    ours = {t for t in connection.introspection.django_table_names() if t.startswith("registry_")}

    assert ours - others == tables
