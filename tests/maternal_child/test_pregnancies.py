"""A pregnancy comes into care, dated; it ends once, with its babies in the registry."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed, SpeanError
from spean.kernel.models import AuditEntry
from spean.maternal_child import actions
from spean.maternal_child.models import Baby, Pregnancy
from spean.registry.actions import KINDS
from spean.registry.models import ChangeRequest, Household, Person
from spean.registry.models import Pregnancy as Registered
from tests.maternal_child.conftest import TODAY

Members = dict[str, Any]
FIRST = TODAY - timedelta(weeks=38)


def birth(**changes: Any) -> actions.Birth:
    given = {"day": TODAY, "place": "health_centre", "attendant": "midwife", "mode": "normal"}
    return actions.Birth(**(given | changes))


GIRL = actions.NewBaby(outcome="live", sex="female", weight_g=3100, given_name_km="ធីតា")
BOY = actions.NewBaby(outcome="live", sex="male", weight_g=2900)
STILL = actions.NewBaby(outcome="fresh_stillbirth", sex="male", weight_g=2200)


def bear(
    pregnancy: Pregnancy, by: Actor, *babies: actions.NewBaby, others: bool = True, **changes: Any
) -> Pregnancy:
    return actions.record_birth(
        pregnancy_id=pregnancy.pk, birth=birth(**changes), babies=babies, others=others, by=by,
        on=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("period", "scan", "by", "first"),
    [
        (date(2026, 6, 1), None, "last_period", date(2026, 6, 1)),
        (None, (date(2026, 9, 1), 84), "scan", date(2026, 6, 9)),
        (date(2026, 6, 1), (date(2026, 8, 3), 58), "last_period", date(2026, 6, 1)),
        (date(2026, 6, 1), (date(2026, 8, 2), 56), "scan", date(2026, 6, 7)),
        (date(2026, 6, 1), (date(2026, 8, 3), 55), "scan", date(2026, 6, 9)),
        (date(2026, 6, 1), (date(2026, 8, 3), 56), "last_period", date(2026, 6, 1)),
        (date(2026, 6, 1), (date(2026, 11, 1), 120), "scan", date(2026, 7, 4)),
        (date(2026, 6, 1), (date(2026, 11, 2), 120), "last_period", date(2026, 6, 1)),
    ],
)
def test_a_pregnancy_is_dated_by_an_early_scan_that_differs_enough(
    period: date | None, scan: tuple[date, int] | None, by: str, first: date, members: Members,
    midwife: Actor,
) -> None:  # fmt: skip
    scan_on, days = scan or (None, None)

    made = actions.record_pregnancy(
        person_id=members["ស្រីមុំ"].pk, dating=actions.Dating(period, scan_on, days),
        previous_births=6, risks=["twins"], by=midwife, on=TODAY,
    )  # fmt: skip

    assert (made.dating.outcome, made.started_on) == (by, first)
    assert made.expected_on == first + timedelta(days=280)
    assert made.risks == ["many_births", "twins"]
    assert "ACOG" in str(made.dating.body["policies"])


@pytest.mark.parametrize(
    ("dating", "fields"),
    [
        (actions.Dating(TODAY + timedelta(days=1)), ["last_period_on"]),
        (actions.Dating(TODAY - timedelta(days=316)), ["last_period_on"]),
        (actions.Dating(FIRST, TODAY), ["scan_on"]),
        (actions.Dating(FIRST, TODAY, 400), ["scan_on"]),
        (actions.Dating(FIRST, TODAY + timedelta(days=3), 270), ["scan_on"]),
    ],
)
def test_days_that_cannot_be_are_refused(
    dating: actions.Dating, fields: list[str], members: Members, midwife: Actor
) -> None:
    with pytest.raises(actions.AnswersWrong) as refused:
        actions.record_pregnancy(person_id=members["ស្រីមុំ"].pk, dating=dating, by=midwife, on=TODAY)

    assert [field for field, _ in refused.value.field_errors] == fields


def test_neither_a_boy_nor_a_second_pregnancy_is_taken(
    members: Members, pregnancy: Pregnancy, midwife: Actor
) -> None:
    for who, error in (("ដារ៉ា", actions.CannotBePregnant), ("ស្រីមុំ", actions.PregnantAlready)):
        with pytest.raises(error):
            actions.record_pregnancy(
                person_id=members[who].pk, dating=actions.Dating(FIRST), by=midwife, on=TODAY
            )


def test_the_registry_is_told_of_a_pregnancy_it_does_not_know(
    members: Members, midwife: Actor
) -> None:
    Registered.objects.all().delete()

    actions.record_pregnancy(
        person_id=members["ស្រីមុំ"].pk, dating=actions.Dating(FIRST), by=midwife, on=TODAY
    )

    change = ChangeRequest.objects.get()
    assert (change.kind, change.state) == ("record_pregnancy", "proposed")
    assert change.proposal["expected_on"] == (FIRST + timedelta(days=280)).isoformat()


def test_twins_and_a_stillborn_are_one_birth(
    family: Household, pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife, GIRL, BOY, STILL)

    babies = list(Baby.objects.order_by("birth_order").select_related("person"))
    assert [(one.outcome, one.person is not None) for one in babies] == [
        ("live", True), ("live", True), ("fresh_stillbirth", False),
    ]  # fmt: skip
    girl = babies[0].person
    assert girl is not None
    assert (str(girl), girl.sex, girl.birth_date) == ("សុខ ធីតា", "female", TODAY)
    lives = girl.memberships.get()
    assert (lives.household, lives.relation) == (family, "child")
    assert str(babies[1].person) == "សុខ កូនស្រីមុំ"


def test_a_birth_is_the_registrys_own_change_and_can_be_reversed(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife, GIRL)

    change = ChangeRequest.objects.get(kind="add_member")
    assert (change.state, change.proposed_by) == ("applied", midwife.name)
    assert change.decided_by == "system:births"
    assert "add_member" in KINDS
    ended = ChangeRequest.objects.get(kind="record_pregnancy")
    assert (ended.state, ended.proposal) == ("proposed", {"ended": True})


def test_a_birth_leaves_an_audit_line_in_the_village(pregnancy: Pregnancy, midwife: Actor) -> None:
    bear(pregnancy, midwife, GIRL)

    lines = AuditEntry.objects.filter(action="maternal_child.record_contact", area="16010101")
    assert [line.detail.get("pregnancy") for line in lines.order_by("id")] == ["begun", "ended"]


@pytest.mark.parametrize(
    ("babies", "changes", "error"),
    [
        ((GIRL,), {"day": FIRST}, "delivery_before_pregnancy"),
        ((GIRL,), {"day": FIRST - timedelta(days=300)}, "delivery_before_pregnancy"),
        ((GIRL,), {"day": TODAY + timedelta(days=1)}, "day_to_come"),
        ((GIRL,), {"place": "moon"}, "answer_unknown"),
        ((actions.NewBaby("live", "female", 31),), {}, "out_of_bounds"),
        ((actions.NewBaby("live", "unknown"),), {}, "answer_unknown"),
    ],
)
def test_a_birth_that_cannot_be_is_refused_and_leaves_nothing(
    babies: tuple[actions.NewBaby, ...], changes: dict[str, Any], error: str,
    pregnancy: Pregnancy, midwife: Actor,
) -> None:  # fmt: skip
    before = Person.objects.count()

    with pytest.raises(actions.AnswersWrong) as refused:
        bear(pregnancy, midwife, *babies, **changes)

    assert [one.code for _, one in refused.value.field_errors] == [f"maternal_child.{error}"]
    assert Person.objects.count() == before
    assert not Baby.objects.exists()


def test_a_birth_long_after_the_pregnancy_is_asked_about(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    Pregnancy.objects.update(started_on=TODAY - timedelta(days=316))

    with pytest.raises(actions.AnswersWrong) as refused:
        bear(pregnancy, midwife, GIRL)

    assert isinstance(refused.value.field_errors[0][1], actions.DeliveryTooLate)


@pytest.mark.parametrize("number", [0, 6])
def test_nobody_bears_none_or_six(number: int, pregnancy: Pregnancy, midwife: Actor) -> None:
    with pytest.raises(actions.BabiesImpossible):
        bear(pregnancy, midwife, *[GIRL] * number)


def test_a_child_registered_before_is_asked_about_and_not_made_twice(
    members: Members, pregnancy: Pregnancy, midwife: Actor
) -> None:
    known = members["ថ្មី"]
    with pytest.raises(actions.BornAlready) as asked:
        bear(pregnancy, midwife, BOY, others=False, day=known.birth_date)
    assert "សុខ ថ្មី" in str(asked.value)
    before = Person.objects.count()

    same = actions.NewBaby("live", "male", 2900, known=known.pk)
    bear(pregnancy, midwife, same, others=False, day=known.birth_date)

    assert Baby.objects.get().person == known
    assert Person.objects.count() == before


def test_a_second_birth_of_one_pregnancy_is_refused(pregnancy: Pregnancy, midwife: Actor) -> None:
    bear(pregnancy, midwife, GIRL)

    with pytest.raises(actions.EndedAlready):
        bear(pregnancy, midwife, GIRL)
    assert Baby.objects.count() == 1


def test_a_miscarriage_ends_a_pregnancy_without_a_birth(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    ended = actions.end_pregnancy(
        pregnancy_id=pregnancy.pk, ending="miscarriage", day=TODAY, by=midwife, on=TODAY
    )

    assert (ended.ending, ended.ended_on, ended.place) == ("miscarriage", TODAY, "")
    with pytest.raises(SpeanError):
        actions.end_pregnancy(
            pregnancy_id=pregnancy.pk, ending="birth", day=TODAY, by=midwife, on=TODAY
        )


def test_outside_the_midwifes_area_nothing_is_recorded(
    pregnancy: Pregnancy, actor: Callable[..., Actor]
) -> None:
    with pytest.raises(NotAllowed):
        bear(pregnancy, actor("health_worker", "1602", Purpose.CARE), GIRL)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ended_on": FIRST},
        {"ended_on": None},
        {"ending": ""},
        {"ending": "miscarriage"},
        {"attendant": ""},
        {"scan_on": FIRST},
        {"last_period_on": None},
    ],
)
def test_the_database_holds_what_must_be_true_of_a_pregnancy(
    wrong: dict[str, Any], pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife, GIRL)

    with pytest.raises(IntegrityError), transaction.atomic():
        Pregnancy.objects.filter(pk=pregnancy.pk).update(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"birth_order": 2}, {"person": None}, {"weight_g": 31}, {"birth_order": 6}]
)
def test_the_database_holds_one_newborn_a_place(
    wrong: dict[str, Any], pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife, GIRL, BOY)
    first = Baby.objects.get(birth_order=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Baby.objects.filter(pk=first.pk).update(**wrong)
