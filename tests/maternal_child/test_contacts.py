"""Contacts, doses, treatment and deaths are recorded as they were; what can't be is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.maternal_child import actions
from spean.maternal_child.models import Contact, Death, Dose, NutritionTreatment, Pregnancy
from spean.registry.models import ChangeRequest
from tests.maternal_child.conftest import TODAY

Members = dict[str, Any]


def meet(
    who: Any, kind: str, by: Actor, doses: tuple[actions.NewDose, ...] = (), **changes: Any
) -> Contact:
    about = {name: changes.pop(name) for name in ("day", "place") if name in changes}
    return actions.record_contact(
        person_id=who.pk, kind=kind, by=by, on=TODAY, doses=doses,
        measured=actions.Measured(**changes), **({"day": TODAY, "place": "facility"} | about),
    )  # fmt: skip


def dose(vaccine: str, day: date = TODAY, batch: str = "A1") -> actions.NewDose:
    return actions.NewDose(vaccine, day, batch)


def wrong_fields(error: actions.AnswersWrong) -> list[tuple[str, str]]:
    return [(field, one.code.removeprefix("maternal_child.")) for field, one in error.field_errors]


def test_an_antenatal_contact_keeps_what_was_found_and_what_follows(
    members: Members, pregnancy: Pregnancy, midwife: Actor
) -> None:
    made = meet(
        members["ស្រីមុំ"], "antenatal", midwife, weight_kg=Decimal("54.3"), systolic=165,
        diastolic=95, protein=2, haemoglobin=101, treatments=["iron"], hiv="negative",
    )  # fmt: skip

    assert (made.pregnancy, made.weight_g) == (pregnancy, 54_300)
    assert made.decision.outcome == "refer_now"
    assert [one["name"] for one in made.decision.body["criteria"]] == [
        "severe_systolic", "pre_eclampsia_diastolic", "anaemia",
    ]  # fmt: skip


def test_a_child_is_measured_and_vaccinated_at_one_contact(
    members: Members, midwife: Actor
) -> None:
    made = meet(
        members["ថ្មី"], "newborn", midwife, (dose("bcg"), dose("hepb")),
        weight_kg=Decimal("3.2"), length_cm=Decimal("49.5"), lying=True, head_cm=Decimal("34.5"),
        temperature=Decimal("36.8"),
    )  # fmt: skip

    kept = (made.weight_g, made.length_mm, made.head_mm, made.temperature_dc)
    assert kept == (3200, 495, 345, 368)
    assert set(Dose.objects.values_list("vaccine", "batch")) == {("bcg", "A1"), ("hepb", "A1")}


@pytest.mark.parametrize(
    ("who", "kind", "changes", "wrong"),
    [
        ("ថ្មី", "newborn", {"weight_kg": Decimal(3200)}, [("weight_kg", "weight_in_grams")]),
        ("ថ្មី", "newborn", {"weight_kg": Decimal("0.2")}, [("weight_kg", "out_of_bounds")]),
        ("ដារ៉ា", "child", {"length_cm": Decimal(8)}, [("length_cm", "out_of_bounds")]),
        ("ដារ៉ា", "child", {"danger_signs": ["bleeding"]}, [("danger_signs", "answer_unknown")]),
        ("ដារ៉ា", "child", {"muac_mm": 12}, [("muac_mm", "out_of_bounds")]),
        ("ដារ៉ា", "child", {"hiv": "maybe"}, [("hiv", "answer_unknown")]),
        ("ដារ៉ា", "child", {"day": TODAY + timedelta(days=1)}, [("day", "day_to_come")]),
        ("ថ្មី", "newborn", {"day": date(2026, 11, 19)}, [("day", "before_birth")]),
        ("ស្រីមុំ", "child", {}, [("kind", "not_a_child")]),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    who: str, kind: str, changes: dict[str, Any], wrong: list[tuple[str, str]], members: Members,
    midwife: Actor,
) -> None:  # fmt: skip
    with pytest.raises(actions.AnswersWrong) as refused:
        meet(members[who], kind, midwife, **changes)

    assert wrong_fields(refused.value) == wrong
    assert not Contact.objects.exists()


def test_grams_typed_as_kilograms_are_told_as_kilograms(members: Members, midwife: Actor) -> None:
    with pytest.raises(actions.AnswersWrong) as refused:
        meet(members["ថ្មី"], "newborn", midwife, weight_kg=Decimal(3200))

    asked = refused.value.field_errors[0][1]
    assert str(asked) == "3200 looks like grams. Write the weight in kilograms: 3.2."


def test_an_unlikely_measure_is_asked_about_and_taken_when_it_is_sure(
    members: Members, midwife: Actor
) -> None:
    who = {"person_id": members["ដារ៉ា"].pk, "kind": "child", "day": TODAY, "place": "facility"}
    measured = actions.Measured(weight_kg=Decimal("4.1"), length_cm=Decimal(93), lying=False)
    with pytest.raises(actions.AnswersWrong) as asked:
        actions.record_contact(**who, measured=measured, by=midwife, on=TODAY)
    assert wrong_fields(asked.value) == [("weight_kg", "measure_unlikely")]

    made = actions.record_contact(**who, measured=measured, sure=True, by=midwife, on=TODAY)

    assert "wasting_severe" in [one["name"] for one in made.decision.body["criteria"]]


@pytest.mark.parametrize(("kg", "follows"), [("11.0", "wasting_moderate"), ("13.5", None)])
def test_a_child_light_for_its_length_is_told_by_its_z_score(
    kg: str, follows: str | None, members: Members, midwife: Actor
) -> None:
    made = meet(
        members["ដារ៉ា"], "child", midwife, weight_kg=Decimal(kg), length_cm=Decimal(92),
        lying=False,
    )  # fmt: skip

    assert [one["name"] for one in made.decision.body["criteria"]] == ([follows] if follows else [])


def test_a_mothers_contact_needs_its_pregnancy_or_birth(members: Members, midwife: Actor) -> None:
    with pytest.raises(actions.NoPregnancy):
        meet(members["ស្រីមុំ"], "antenatal", midwife)
    with pytest.raises(actions.NoBirth):
        meet(members["ស្រីមុំ"], "postnatal", midwife)


def test_a_postnatal_contact_belongs_to_the_birth(
    members: Members, pregnancy: Pregnancy, midwife: Actor
) -> None:
    actions.record_birth(
        pregnancy_id=pregnancy.pk, others=True, by=midwife, on=TODAY,
        birth=actions.Birth(TODAY - timedelta(days=2), "health_centre", "midwife", "normal"),
        babies=[actions.NewBaby("live", "female")],
    )  # fmt: skip

    assert meet(members["ស្រីមុំ"], "postnatal", midwife).pregnancy == pregnancy


def test_one_contact_and_one_dose_a_day(members: Members, midwife: Actor) -> None:
    child = members["ដារ៉ា"]
    meet(child, "child", midwife, (dose("mr"),))

    with pytest.raises(actions.ContactAlready):
        meet(child, "child", midwife)
    with pytest.raises(actions.DoseAlready):
        actions.record_doses(person_id=child.pk, doses=[dose("mr")], by=midwife, on=TODAY)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (dose("penta", date(2023, 12, 31)), "before_birth"),
        (dose("penta", TODAY + timedelta(days=1)), "day_to_come"),
        (dose("luck"), "answer_unknown"),
    ],
)
def test_a_dose_that_cannot_be_is_refused(
    given: actions.NewDose, wrong: str, members: Members, midwife: Actor
) -> None:
    with pytest.raises(actions.AnswersWrong) as refused:
        actions.record_doses(person_id=members["ដារ៉ា"].pk, doses=[given], by=midwife, on=TODAY)

    assert wrong_fields(refused.value) == [("doses", wrong)]


def test_a_dose_in_error_is_withdrawn_with_its_reason_and_may_be_given_anew(
    members: Members, midwife: Actor
) -> None:
    child = members["ដារ៉ា"]
    (made,) = actions.record_doses(person_id=child.pk, doses=[dose("mr")], by=midwife, on=TODAY)
    with pytest.raises(actions.ReasonMissing):
        actions.withdraw_dose(dose_id=made.pk, reason=" ", by=midwife, on=TODAY)

    actions.withdraw_dose(dose_id=made.pk, reason="wrong child", by=midwife, on=TODAY)

    with pytest.raises(actions.WithdrawnAlready):
        actions.withdraw_dose(dose_id=made.pk, reason="again", by=midwife, on=TODAY)
    actions.record_doses(person_id=child.pk, doses=[dose("mr")], by=midwife, on=TODAY)
    assert Dose.objects.count() == 2


@pytest.mark.parametrize("model", [Dose, Contact])
def test_the_database_refuses_what_is_before_birth(
    model: Any, members: Members, midwife: Actor
) -> None:
    meet(members["ដារ៉ា"], "child", midwife, (dose("mr"),))

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(day=date(2023, 12, 31))


@pytest.mark.parametrize(
    "wrong", [{"weight_g": 31}, {"kind": "antenatal"}, {"systolic": 900}, {"temperature_dc": 37}]
)
def test_the_database_holds_what_a_contact_can_be(
    wrong: dict[str, Any], members: Members, midwife: Actor
) -> None:
    meet(members["ដារ៉ា"], "child", midwife)

    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.update(**wrong)


def test_a_malnourished_child_is_treated_once_at_a_time(members: Members, midwife: Actor) -> None:
    child, day = members["ដារ៉ា"], TODAY - timedelta(days=40)
    made = actions.admit(person_id=child.pk, kind="outpatient", day=day, by=midwife, on=TODAY)
    with pytest.raises(actions.TreatedAlready):
        actions.admit(person_id=child.pk, kind="inpatient", day=TODAY, by=midwife, on=TODAY)
    for early, error in (
        (day - timedelta(days=1), actions.DischargeBeforeAdmission),
        (TODAY + timedelta(days=1), actions.AnswersWrong),
    ):
        with pytest.raises(error):
            actions.discharge(
                treatment_id=made.pk, outcome="cured", day=early, by=midwife, on=TODAY
            )

    done = actions.discharge(treatment_id=made.pk, outcome="cured", day=TODAY, by=midwife, on=TODAY)

    assert (done.outcome, done.ended_on) == ("cured", TODAY)
    with pytest.raises(actions.DischargedAlready):
        actions.discharge(treatment_id=made.pk, outcome="cured", day=TODAY, by=midwife, on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        NutritionTreatment.objects.update(outcome="")


def test_a_mothers_death_ends_her_pregnancy(
    members: Members, pregnancy: Pregnancy, volunteer: Actor
) -> None:
    death = actions.notify_death(
        person_id=members["ស្រីមុំ"].pk, died_on=TODAY, place="home", account="bleeding",
        by=volunteer, on=TODAY,
    )  # fmt: skip

    pregnancy.refresh_from_db()
    assert (death.kind, pregnancy.ending) == ("maternal", "death")
    assert death.change is None, "she was the head: the council names another"


@pytest.mark.parametrize(("who", "kind"), [("ថ្មី", "newborn"), ("ដារ៉ា", "child")])
def test_a_childs_death_is_counted_by_its_age(
    who: str, kind: str, members: Members, midwife: Actor
) -> None:
    death = actions.notify_death(
        person_id=members[who].pk, died_on=TODAY, place="hospital", by=midwife, on=TODAY
    )

    assert death.kind == kind
    assert death.change == ChangeRequest.objects.get(kind="death", state="proposed")
    with pytest.raises(actions.DeathAlready):
        actions.notify_death(
            person_id=members[who].pk, died_on=TODAY, place="hospital", by=midwife, on=TODAY
        )


def test_a_death_of_somebody_else_is_not_reviewed_here(members: Members, midwife: Actor) -> None:
    with pytest.raises(actions.NotReviewed):
        actions.notify_death(
            person_id=members["ស្រីមុំ"].pk, died_on=TODAY, place="home", by=midwife, on=TODAY
        )


def test_a_death_is_reviewed_once_by_who_may(
    members: Members, midwife: Actor, actor: Callable[..., Actor]
) -> None:
    death = actions.notify_death(
        person_id=members["ថ្មី"].pk, died_on=TODAY, place="on_the_way", by=midwife, on=TODAY
    )
    review = actions.Review("asphyxia", ["reaching"], True, "A boat at the village")
    officer = actor("health_district_officer", "1601", Purpose.CARE)
    with pytest.raises(NotAllowed):
        actions.review_death(death_id=death.pk, review=review, by=midwife, on=TODAY)
    with pytest.raises(actions.MeasuresMissing):
        empty = actions.Review("asphyxia", [], True, "")
        actions.review_death(death_id=death.pk, review=empty, by=officer, on=TODAY)

    found = actions.review_death(death_id=death.pk, review=review, by=officer, on=TODAY)

    assert (found.cause, found.delays, found.avoidable) == ("asphyxia", ["reaching"], True)
    with pytest.raises(actions.ReviewedAlready):
        actions.review_death(death_id=death.pk, review=review, by=officer, on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Death.objects.update(cause="")
