"""What a pair rests on is kept, and told to who decides on it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.kernel.models import User
from spean.registry import actions
from spean.registry.models import ChangeRequest, DuplicatePair, Person
from spean.registry.rules import linkage
from spean.registry.rules.evidence import COMPARISONS, LEVELS, NOT_KNOWN, findings
from spean.registry.rules.linkage.model import compared
from tests.registry.api_calls import Call
from tests.registry.conftest import CARD_DAY
from tests.registry.test_linkage_model import draw

DISTRICT = "district_officer"


def search(folder: Path, by: Actor) -> int:
    return actions.find_double_records(folder=folder / "search", at="now", by=by, on=CARD_DAY)


@pytest.fixture
def found(twice: None, system: Actor, tmp_path: Path) -> DuplicatePair:
    assert search(tmp_path, system) == 1
    return DuplicatePair.objects.get()


@pytest.mark.django_db(transaction=True)
def test_a_pair_found_in_the_whole_registry_keeps_what_it_rests_on(found: DuplicatePair) -> None:
    assert found.evidence == [
        {"comparison": "given_name", "level": "same spelling"},
        {"comparison": "family_name", "level": "same spelling"},
        {"comparison": "birth", "level": "day and month exchanged"},
        {"comparison": "sex", "level": "same"},
        {"comparison": "household", "level": "same village"},
        {"comparison": "national_id", "level": NOT_KNOWN},
    ]


@pytest.mark.django_db(transaction=True)
def test_the_district_reads_the_evidence_in_both_languages(
    found: DuplicatePair, client_of: Callable[..., Client]
) -> None:
    english = client_of(DISTRICT, "1601").get("/duplicates").content.decode()
    khmer = client_of(DISTRICT, "1601", language="km").get("/duplicates").content.decode()

    for line in (
        "What agrees", "Given name: spelt the same", "Household: the same village",
        "Date of birth: day and month exchanged", "What can&#x27;t be compared",
    ):  # fmt: skip
        assert line in english
    assert "What differs" not in english
    assert "ថ្ងៃខែឆ្នាំកំណើត៖ ថ្ងៃ និងខែប្ដូរកន្លែងគ្នា" in khmer


@pytest.mark.django_db(transaction=True)
def test_the_district_gets_the_evidence_over_the_api(
    found: DuplicatePair, user_of: Callable[..., User], call: Call
) -> None:
    [row] = call(user_of(DISTRICT, "1601"), "get", "/duplicates", {}).json()["items"]

    assert row["evidence"][2] == {
        "comparison": "birth", "level": "day and month exchanged", "outcome": "agrees",
    }  # fmt: skip
    assert [one["outcome"] for one in row["evidence"]] == ["agrees"] * 5 + ["not_known"]


@pytest.fixture
def across(household: Callable[..., Person]) -> DuplicatePair:
    """Keep a pair of two districts with its evidence."""
    people = household("16010101"), household("16020101", birth_date=date(1950, 1, 1))
    first, second = sorted(person.pk for person in people)
    return DuplicatePair.objects.create(
        first_id=first, second_id=second, likeness="0.9",
        evidence=[{"comparison": "birth", "level": "different"}],
    )  # fmt: skip


@pytest.mark.django_db
def test_of_a_record_in_another_district_the_api_tells_no_evidence(
    across: DuplicatePair, user_of: Callable[..., User], call: Call
) -> None:
    told = {
        area: call(user_of(DISTRICT, area), "get", "/duplicates", {}).json()["items"]
        for area in ("1601", "1602", "16", "1603")
    }

    assert [[len(row["evidence"]) for row in rows] for rows in told.values()] == [[0], [0], [1], []]


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(set(ROLES) - {DISTRICT}))
def test_no_other_role_reads_any_evidence(
    across: DuplicatePair, client_of: Callable[..., Client], user_of: Callable[..., User],
    call: Call, role: str,
) -> None:  # fmt: skip
    page = client_of(role, "160101").get("/duplicates")
    listed = call(user_of(role, "160101"), "get", "/duplicates", {})

    assert (page.status_code, listed.status_code) == (403, 403)
    assert "Date of birth: different" not in page.content.decode()
    assert "evidence" not in listed.json()


@pytest.mark.django_db
def test_a_pair_turned_to_the_kept_record_loses_the_evidence_of_the_dropped_one(
    across: DuplicatePair, household: Callable[..., Person], actor: Callable[..., Actor]
) -> None:
    kept, dropped = household("16010101", birth_date=date(1999, 1, 1)), across.first
    merge = _merged(kept, dropped, actor)
    assert _evidence_of(across) == []

    # A change of the days before evidence was kept knows nothing of that column.
    for effect in merge.effects:
        for side in filter(None, (effect["before"], effect["after"])):
            side.pop("evidence", None)
    merge.save(update_fields=["effects"])
    actions.reverse_change(
        change=merge, reason="Two cousins", by=actor("commune_council", "160101"), on=CARD_DAY
    )

    across.refresh_from_db()
    assert across.first == dropped


def _evidence_of(pair: DuplicatePair) -> object:
    pair.refresh_from_db()
    return pair.evidence


def _merged(kept: Person, dropped: Person, actor: Callable[..., Actor]) -> ChangeRequest:
    change = actions.propose_change(
        kind="merge_people", person=kept, proposal={"drop": str(dropped.pk)}, reason="One man",
        by=actor(DISTRICT, "16"), on=CARD_DAY,
    )  # fmt: skip
    return actions.approve_change(change=change, by=actor("commune_council", "16"), on=CARD_DAY)


def test_every_level_of_the_model_has_its_words() -> None:
    with duckdb.connect() as connection:
        connection.register("people", draw(60)[0])
        measures = linkage.measure(connection, linkage.prepare(connection, "people"))

    named = {one.name: set(one.level_names().values()) - {NOT_KNOWN} for one in compared(measures)}

    assert named == {name: set(levels) for name, levels in LEVELS.items()}
    assert set(named) == set(COMPARISONS)


def test_what_agrees_is_told_first_and_what_is_not_known_last() -> None:
    told = findings(
        {"comparison": "birth", "level": level}
        for level in ("not known", "different", "of an older model", "same day")
    )

    assert [one.words for one in told] == [
        "of an older model", "the same day", "different", "not known of one record, or of both"
    ]  # fmt: skip
