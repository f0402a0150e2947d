"""Two records of one person: care of both is shown, counted and due with the one that stays."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import call_command
from django.utils import timezone

from spean.kernel.access import Actor
from spean.locations.models import Place
from spean.maternal_child import actions, queries
from spean.maternal_child.models import Contact, Dose, Pregnancy
from spean.registry import actions as registry
from spean.registry import queries as people
from spean.registry.models import Person
from tests.maternal_child.conftest import TODAY, person

Members = dict[str, Any]
VILLAGE = "16010101"


@pytest.fixture
def second(village: Place, system: Actor) -> Members:
    """Register the mother and the child of two a second time, each in a household of their own."""
    again = {
        "ស្រីមុំ": person("បុប្ផា", "female", TODAY.replace(year=1996), "head", pregnant=True),
        "ដារ៉ា": person("វណ្ណា", "male", TODAY.replace(year=2024, month=1), "head"),
    }
    return {
        name: registry.register_household(
            village=village, address="", phone="", by=system, on=TODAY, not_duplicates=True,
            members=[one],
        ).memberships.get().person
        for name, one in again.items()
    }  # fmt: skip


@pytest.fixture
def merge(system: Actor) -> Callable[[Person, Person], None]:
    """Find that two records are one person: `merge(kept, dropped)`."""

    def found(kept: Person, dropped: Person) -> None:
        change = registry.propose_change(
            kind="merge_people", person=kept, proposal={"drop": dropped.pk}, reason="one child",
            effective_on=TODAY, by=Actor.system("clerk"), on=TODAY,
        )  # fmt: skip
        registry.approve_change(change=change, note="", by=system, on=TODAY)

    return found


def give(who: Person, vaccine: str, days_ago: int, by: Actor) -> Dose:
    doses = [actions.NewDose(vaccine, TODAY - timedelta(days=days_ago))]
    return actions.record_doses(person_id=who.pk, doses=doses, by=by, on=TODAY)[0]


def meet(who: Person, kind: str, days_ago: int, by: Actor, **found: Any) -> Contact:
    return actions.record_contact(
        person_id=who.pk, kind=kind, day=TODAY - timedelta(days=days_ago), place="facility",
        measured=actions.Measured(**found), by=by, on=TODAY,
    )  # fmt: skip


def due(by: Actor) -> dict[Any, list[str]]:
    return {
        one.home.person_id: [awaited.line.code for awaited in one.awaited]
        for one in queries.due_in(VILLAGE, by=by, on=TODAY)
    }


def test_doses_of_both_records_count_for_the_one_that_stays(
    members: Members, second: Members, merge: Callable[..., None], midwife: Actor
) -> None:
    kept, dropped = members["ដារ៉ា"], second["ដារ៉ា"]
    give(kept, "penta", 100, midwife)
    give(dropped, "penta", 60, midwife)
    give(dropped, "mr", 60, midwife)
    assert "penta_2" in due(midwife)[kept.pk]

    merge(kept, dropped)

    assert "penta_3" in due(midwife)[kept.pk]
    assert not {"penta_2", "mr_1"} & set(due(midwife)[kept.pk])
    assert dropped.pk not in due(midwife)
    found = queries.child(kept.pk, by=midwife, on=TODAY)
    assert [dose.vaccine for dose, _ in found.doses] == ["penta", "penta", "mr"]


def test_a_dose_that_both_records_hold_is_one_dose(
    members: Members, second: Members, merge: Callable[..., None], midwife: Actor
) -> None:
    for who in (members["ដារ៉ា"], second["ដារ៉ា"]):
        give(who, "penta", 60, midwife)

    merge(members["ដារ៉ា"], second["ដារ៉ា"])

    found = queries.child(members["ដារ៉ា"].pk, by=midwife, on=TODAY)
    assert [str(one.line) for _, said in found.doses for one in said] == ["penta_1", "penta_1"]


def test_the_old_address_shows_the_record_that_stays_and_takes_new_care_in(
    members: Members, second: Members, merge: Callable[..., None], midwife: Actor
) -> None:
    kept, dropped = members["ដារ៉ា"], second["ដារ៉ា"]
    merge(kept, dropped)

    assert queries.child(dropped.pk, by=midwife, on=TODAY).home.person_id == kept.pk
    assert meet(dropped, "child", 0, midwife).person_id == kept.pk


def test_a_record_merged_twice_over_is_found(
    members: Members, second: Members, merge: Callable[..., None], midwife: Actor, village: Place,
    system: Actor,
) -> None:  # fmt: skip
    third = registry.register_household(
        village=village, address="", phone="", by=system, on=TODAY, not_duplicates=True,
        members=[person("វិបុល", "male", TODAY.replace(year=2024, month=1), "head")],
    ).memberships.get().person  # fmt: skip
    give(third, "mr", 60, midwife)
    merge(second["ដារ៉ា"], third)
    second["ដារ៉ា"].refresh_from_db()

    merge(members["ដារ៉ា"], second["ដារ៉ា"])

    assert people.person_of(third.pk) == members["ដារ៉ា"].pk
    assert "mr_1" not in due(midwife)[members["ដារ៉ា"].pk]


@pytest.fixture
def two_pregnancies(
    pregnancy: Pregnancy, second: Members, members: Members, merge: Callable[..., None],
    midwife: Actor,
) -> Pregnancy:  # fmt: skip
    """Write one pregnancy down twice, with a contact each, before the records are merged."""
    other = actions.record_pregnancy(
        person_id=second["ស្រីមុំ"].pk, by=midwife, on=TODAY,
        dating=actions.Dating(last_period_on=TODAY - timedelta(weeks=37)),
    )  # fmt: skip
    meet(members["ស្រីមុំ"], "antenatal", 120, midwife)
    meet(second["ស្រីមុំ"], "antenatal", 1, midwife)
    merge(members["ស្រីមុំ"], second["ស្រីមុំ"])
    return other


def test_a_pregnancy_written_down_twice_is_one(
    two_pregnancies: Pregnancy, pregnancy: Pregnancy, members: Members, midwife: Actor
) -> None:
    found = queries.mother(two_pregnancies.pk, by=midwife, on=TODAY)

    assert found.pregnancy == pregnancy
    assert len(found.contacts) == 2
    assert members["ស្រីមុំ"].pk not in due(midwife), "the contact of yesterday met the line"


def test_a_third_record_of_it_is_refused(
    two_pregnancies: Pregnancy, members: Members, midwife: Actor
) -> None:
    with pytest.raises(actions.PregnantAlready):
        actions.record_pregnancy(
            person_id=members["ស្រីមុំ"].pk, by=midwife, on=TODAY,
            dating=actions.Dating(last_period_on=TODAY - timedelta(weeks=36)),
        )  # fmt: skip


def test_the_nations_list_counts_merged_records_as_the_villages_does(
    two_pregnancies: Pregnancy, members: Members, second: Members, merge: Callable[..., None],
    midwife: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    give(second["ដារ៉ា"], "penta", 60, midwife)
    give(members["ដារ៉ា"], "penta", 60, midwife)
    meet(second["ដារ៉ា"], "child", 1, midwife, treatments=["vitamin_a"])
    wrong = meet(members["ថ្មី"], "newborn", 0, midwife)
    actions.withdraw_contact(contact_id=wrong.pk, reason="x", by=midwife, on=TODAY)
    actions.record_contraindication(
        person_id=second["ដារ៉ា"].pk, condition="immunodeficiency", since=TODAY, by=midwife,
        on=TODAY,
    )  # fmt: skip
    merge(members["ដារ៉ា"], second["ដារ៉ា"])

    call_command("due_lists", str(tmp_path), verbosity=0)

    written = duckdb.sql(f"SELECT id::VARCHAR, line FROM '{tmp_path / 'due.parquet'}'").fetchall()
    expected = {
        (str(one.pregnancy_id or one.home.person_id), awaited.line.code)
        for one in queries.due_in(VILLAGE, by=midwife, on=TODAY)
        for awaited in one.awaited
    }
    assert set(written) == expected
    mine = {line for who, line in expected if who == str(members["ដារ៉ា"].pk)}
    assert "penta_2" in mine
    assert not {"opv_1", "vitamin_a_30"} & mine
