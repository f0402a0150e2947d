"""Who is due for care in a village, defaulters first."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import call_command
from django.utils import timezone

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.maternal_child import actions, queries
from spean.maternal_child.models import Pregnancy
from spean.registry.models import Household
from tests.maternal_child.conftest import TODAY

Members = dict[str, Any]
VILLAGE = "16010101"


def due(by: Actor, on: date = TODAY) -> dict[str, list[str]]:
    rows = queries.due_in(VILLAGE, by=by, on=on)
    return {
        one.home.person.given_name_km: [awaited.line.code for awaited in one.awaited]
        for one in rows
    }


def test_defaulters_stand_first(members: Members, pregnancy: Pregnancy, volunteer: Actor) -> None:
    found = due(volunteer)

    assert list(found) == ["ដារ៉ា", "ថ្មី", "ស្រីមុំ"]
    assert found["ស្រីមុំ"] == ["antenatal_4"]
    assert found["ថ្មី"] == ["hepb_0", "growth_0", "bcg", "postnatal_2"]
    assert {"penta_1", "mr_1", "je", "vitamin_a_30"} <= set(found["ដារ៉ា"])


def test_what_is_done_is_due_no_more(
    members: Members, pregnancy: Pregnancy, midwife: Actor, volunteer: Actor
) -> None:
    for who, kind, doses in (
        ("ស្រីមុំ", "antenatal", []),
        ("ថ្មី", "newborn", [actions.NewDose(one, TODAY) for one in ("bcg", "hepb")]),
    ):
        actions.record_contact(
            person_id=members[who].pk, kind=kind, day=TODAY, place="home", doses=doses,
            measured=actions.Measured(weight_kg=40 if kind == "antenatal" else 3),  # type: ignore[arg-type]
            by=midwife, on=TODAY,
        )  # fmt: skip

    assert list(due(volunteer)) == ["ដារ៉ា"]


def test_after_the_birth_mother_and_child_are_seen(
    members: Members, pregnancy: Pregnancy, midwife: Actor, volunteer: Actor
) -> None:
    actions.record_birth(
        pregnancy_id=pregnancy.pk, others=True, by=midwife, on=TODAY,
        birth=actions.Birth(TODAY, "health_centre", "midwife", "normal"),
        babies=[actions.NewBaby("live", "female", 3000, "ធីតា")],
    )  # fmt: skip

    found = due(volunteer)
    assert found["ស្រីមុំ"] == ["postnatal_1", "family_planning_birth"]
    assert found["ធីតា"] == ["postnatal_1", "growth_0", "bcg", "hepb_0"]


def test_who_died_or_left_is_due_nothing(
    members: Members, pregnancy: Pregnancy, volunteer: Actor
) -> None:
    person = members["ដារ៉ា"]
    person.death_date = TODAY
    person.save()
    members["ស្រីមុំ"].memberships.update(end=TODAY + timedelta(days=1))

    assert list(due(volunteer)) == ["ថ្មី"]


def test_a_village_costs_eight_queries(
    members: Members, pregnancy: Pregnancy, system: Actor, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(9):  # the audit line is the ninth
        queries.due_in(VILLAGE, by=system, on=TODAY)


def test_another_village_is_refused(family: Household, actor: Callable[..., Actor]) -> None:
    with pytest.raises(NotAllowed):
        queries.due_in(
            VILLAGE, by=actor("village_health_volunteer", "16010102", Purpose.CARE), on=TODAY
        )


def test_a_childs_record_says_what_each_dose_is_worth(members: Members, midwife: Actor) -> None:
    child = members["ដារ៉ា"]
    born = child.birth_date
    days = {"penta": [42, 60], "bcg": [0]}
    actions.record_doses(
        person_id=child.pk, by=midwife, on=TODAY,
        doses=[
            actions.NewDose(vaccine, born + timedelta(days=age))
            for vaccine, ages in days.items()
            for age in ages
        ],
    )  # fmt: skip

    found = queries.child(child.pk, by=midwife, on=TODAY)

    worth = [(dose.vaccine, str(said[0].reason or said[0].line)) for dose, said in found.doses]
    assert worth == [("bcg", "bcg"), ("penta", "penta_1"), ("penta", "too_young")]
    assert "penta_2" in [line.code for line in found.forecast]


def test_a_pregnancys_record_has_both_schedules(pregnancy: Pregnancy, midwife: Actor) -> None:
    found = queries.mother(pregnancy.pk, by=midwife, on=TODAY)

    assert [len(lines) for lines in found.lines.values()] == [4, 8]
    assert found.weeks_on(TODAY) == 38


def test_the_command_writes_what_the_village_lists_show(
    members: Members, pregnancy: Pregnancy, midwife: Actor, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    child = members["ដារ៉ា"]
    actions.record_contact(
        person_id=child.pk, kind="child", day=TODAY, place="home", by=midwife, on=TODAY,
        measured=actions.Measured(weight_kg=Decimal(12), treatments=["vitamin_a"]),
        doses=[actions.NewDose("mr", TODAY), actions.NewDose("penta", TODAY)],
    )  # fmt: skip
    actions.record_contact(
        person_id=members["ស្រីមុំ"].pk, kind="antenatal", day=TODAY - timedelta(days=60),
        place="home", measured=actions.Measured(), by=midwife, on=TODAY,
    )  # fmt: skip

    call_command("due_lists", str(tmp_path), verbosity=0)

    written = duckdb.sql(
        f"SELECT id, care, line, due, status FROM '{tmp_path / 'due.parquet'}'"
    ).fetchall()
    shown = {
        (one.pregnancy_id or one.home.person_id, a.care, a.line.code, a.line.due, a.line.status)
        for one in queries.due_in(VILLAGE, by=midwife, on=TODAY)
        for a in one.awaited
    }
    assert set(written) == {
        (pk, str(care), line, due, str(st)) for pk, care, line, due, st in shown
    }
    assert len(shown) >= 10
