"""What stands against vaccines is on record, and the forecast says so with its reason."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.maternal_child import actions, queries
from spean.maternal_child.models import Contraindication
from spean.maternal_child.rules import Barrier, Programme, Status, forbidden, history
from tests.calls import post
from tests.maternal_child.conftest import TODAY

Members = dict[str, Any]
BORN = date(2024, 1, 1)
HERE = Programme.of(date(2026, 1, 1))


def following(on: date, *barriers: Barrier) -> dict[str, tuple[str, tuple[str, ...]]]:
    found = history([], born=BORN, sex="female", on=on, programme=HERE, barriers=barriers).forecast
    return {line.code: (str(line.status), line.because) for line in found}


def test_live_vaccines_are_forbidden_to_the_immunodeficient_and_others_are_not() -> None:
    found = following(date(2024, 10, 15), Barrier("immunodeficiency", BORN))

    forbidden_ones = {code for code, (status, _) in found.items() if status == Status.FORBIDDEN}
    assert forbidden_ones == {"bcg", "opv_1", "mr_1", "je"}
    assert found["mr_1"] == ("forbidden", ("immunodeficiency",))
    assert found["penta_1"] == ("overdue", ())


def test_a_reaction_forbids_every_series_that_takes_the_vaccine() -> None:
    found = following(date(2024, 10, 15), Barrier("severe_reaction", BORN, vaccine="mmr"))

    assert [code for code, (status, _) in found.items() if status == "forbidden"] == ["mr_1"]
    assert found["mr_1"][1] == ("severe_reaction",)


def test_an_acute_illness_asks_for_care_and_leaves_the_dose_due() -> None:
    found = following(date(2024, 2, 20), Barrier("acute_illness", date(2024, 2, 18)))

    assert found["penta_1"] == ("due", ("acute_illness",))


@pytest.mark.parametrize(
    ("on", "stands"),
    [(date(2024, 2, 29), False), (date(2024, 3, 1), True), (date(2024, 3, 9), True),
     (date(2024, 3, 10), False)],
)  # fmt: skip
def test_it_stands_from_its_first_day_until_the_day_it_ends(on: date, stands: bool) -> None:
    barrier = Barrier("encephalopathy", date(2024, 3, 1), date(2024, 3, 10))

    assert (following(on, barrier)["penta_1"][0] == "forbidden") is stands


def test_a_vaccine_of_no_barrier_is_not_forbidden() -> None:
    how: dict[str, Any] = {"on": BORN, "programme": HERE, "sex": "male"}
    weak = [Barrier("immunodeficiency", BORN)]

    assert forbidden("bcg", barriers=weak, **how) == ("immunodeficiency",)
    assert forbidden("penta", barriers=weak, **how) == ()
    assert forbidden("rota", barriers=weak, **how) == ()


@pytest.fixture
def weak(members: Members, midwife: Actor) -> Contraindication:
    return actions.record_contraindication(
        person_id=members["ដារ៉ា"].pk, condition="immunodeficiency", since=TODAY, by=midwife,
        on=TODAY,
    )  # fmt: skip


def due(who: Any, by: Actor, on: date = TODAY) -> set[str]:
    rows = queries.due_in("16010101", by=by, on=on)
    return {
        awaited.line.code for one in rows if one.home.person_id == who.pk for awaited in one.awaited
    }


def test_what_is_forbidden_is_due_to_nobody(
    members: Members, midwife: Actor, weak: Contraindication
) -> None:
    assert not {"mr_1", "je", "opv_1"} & due(members["ដារ៉ា"], midwife)

    actions.withdraw_contraindication(
        contraindication_id=weak.pk, reason="another child", by=midwife, on=TODAY
    )

    assert {"mr_1", "je", "opv_1"} <= due(members["ដារ៉ា"], midwife)


def test_once_it_has_passed_the_dose_is_due_again(
    members: Members, midwife: Actor, weak: Contraindication
) -> None:
    later = TODAY + timedelta(days=10)

    actions.end_contraindication(contraindication_id=weak.pk, until=later, by=midwife, on=TODAY)

    assert "mr_1" not in due(members["ដារ៉ា"], midwife, later - timedelta(days=1))
    assert "mr_1" in due(members["ដារ៉ា"], midwife, later)


def test_giving_a_forbidden_vaccine_is_asked_about(
    members: Members, midwife: Actor, weak: Contraindication
) -> None:
    how: dict[str, Any] = {
        "person_id": members["ដារ៉ា"].pk, "kind": "child", "day": TODAY, "place": "facility",
        "measured": actions.Measured(), "doses": [actions.NewDose("mr", TODAY)], "by": midwife,
        "on": TODAY,
    }  # fmt: skip
    with pytest.raises(actions.AnswersWrong) as asked:
        actions.record_contact(**how)

    assert str(asked.value.field_errors[0][1]) == (
        "Measles-rubella is not to be given to this child: Severely weakened immune system. "
        "Leave it out; if it was given all the same, say so below."
    )
    assert actions.record_contact(**how, sure=True).doses.count() == 1


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"condition": "luck"}, "condition"),
        ({"condition": "severe_reaction"}, "vaccine"),
        ({"condition": "severe_reaction", "vaccine": "x"}, "vaccine"),
        ({"condition": "hiv", "vaccine": "bcg"}, "vaccine"),
        ({"condition": "hiv", "since": TODAY + timedelta(days=1)}, "since"),
    ],
)
def test_what_cannot_be_is_refused(
    told: dict[str, Any], field: str, members: Members, midwife: Actor
) -> None:
    with pytest.raises(actions.AnswersWrong) as refused:
        actions.record_contraindication(
            person_id=members["ដារ៉ា"].pk, by=midwife, on=TODAY, **{"since": TODAY} | told
        )

    assert field in [name for name, _ in refused.value.field_errors]


def test_it_is_recorded_once_and_ends_after_it_began(
    members: Members, midwife: Actor, weak: Contraindication
) -> None:
    with pytest.raises(actions.KnownAlready):
        actions.record_contraindication(
            person_id=members["ដារ៉ា"].pk, condition="immunodeficiency", since=TODAY,
            by=midwife, on=TODAY,
        )  # fmt: skip
    with pytest.raises(actions.EndsBefore):
        actions.end_contraindication(contraindication_id=weak.pk, until=TODAY, by=midwife, on=TODAY)


def test_another_areas_midwife_records_none(members: Members, actor: Callable[..., Actor]) -> None:
    with pytest.raises(NotAllowed):
        actions.record_contraindication(
            person_id=members["ដារ៉ា"].pk, condition="hiv", since=TODAY,
            by=actor("health_worker", "1602", Purpose.CARE), on=TODAY,
        )  # fmt: skip


def test_the_database_refuses_a_reaction_to_nothing(weak: Contraindication) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Contraindication.objects.update(condition="severe_reaction")


def test_it_is_recorded_ended_and_taken_back_on_the_childs_page(
    members: Members, client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    page, child = client_of("health_worker", "1601"), members["ដារ៉ា"].pk
    record = reverse("maternal_child:contraindication", args=[child])
    day = {"since_day": TODAY.day, "since_month": TODAY.month, "since_year": TODAY.year}

    seen = page.post(record, {"condition": "immunodeficiency"} | day, follow=True)
    assert "Not to be given: Severely weakened immune system" in seen.content.decode()

    one = Contraindication.objects.get()
    later = TODAY + timedelta(days=1)
    ended = {"until_day": later.day, "until_month": later.month, "until_year": later.year}
    page.post(reverse("maternal_child:end_contraindication", args=[child, one.pk]), ended)
    page.post(
        reverse("maternal_child:withdraw_contraindication", args=[child, one.pk]),
        {"reason": "another child"},
    )
    one.refresh_from_db()
    assert (one.until, one.withdrawn_on) == (later, TODAY)
    seen = page.get(reverse("maternal_child:child", args=[child]))
    assert "another child" in seen.content.decode()


def test_it_is_recorded_ended_and_taken_back_over_the_api(
    members: Members, client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    client, child = client_of("health_worker", "1601"), members["ដារ៉ា"].pk

    made = post(
        client, f"maternal_child/children/{child}/contraindications",
        {"condition": "severe_reaction", "vaccine": "mr", "since": str(TODAY)},
    )  # fmt: skip
    assert made.status_code == 201
    here = f"maternal_child/contraindications/{made.json()['id']}"
    read = client.get(f"/api/v1/maternal_child/children/{child}").json()
    (mr,) = [one for one in read["forecast"] if one["line"] == "mr_1"]
    assert (mr["status"], mr["because"]) == ("forbidden", ["severe_reaction"])

    later = str(TODAY + timedelta(days=1))
    assert post(client, f"{here}/end", {"until": later}).json()["until"] == later
    assert post(client, f"{here}/withdraw", {"reason": "x"}).json()["withdrawn_on"] == str(TODAY)
