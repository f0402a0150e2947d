"""When visits are due, and what follows from what they find."""

from datetime import date, timedelta

import pytest

from spean.kernel.policy import NotInForce
from spean.maternal_child.rules import TERM_DAYS, Advice, VisitKind, advice, visits_to

BORN = date(2026, 11, 1)
DAY = date(2026, 11, 23)


def lines(kind: VisitKind, after: int, done: tuple[int, ...] = ()) -> list[str]:
    days = [BORN + timedelta(days=n) for n in done]
    on = BORN + timedelta(days=after)
    return [visit.line for visit in visits_to(kind, since=BORN, done=days, on=on)]


@pytest.mark.parametrize(
    ("after", "done", "due"),
    [
        (0, (), ["newborn_day_1"]),
        (1, (), ["newborn_day_1"]),
        (2, (), ["newborn_day_3"]),
        (4, (), ["newborn_day_3"]),
        (5, (), ["newborn_day_7"]),
        (13, (), ["newborn_day_7"]),
        (14, (), []),
        (1, (0,), []),
        (3, (1,), ["newborn_day_3"]),
        (3, (1, 3), []),
        (7, (3,), ["newborn_day_7"]),
    ],
)
def test_a_newborn_is_visited_by_the_schedule(
    after: int, done: tuple[int, ...], due: list[str]
) -> None:
    assert lines(VisitKind.NEWBORN, after, done) == due


@pytest.mark.parametrize(
    ("after", "done", "due"),
    [
        (100, (), ["pregnancy_early"]),
        (100, (90,), []),
        (182, (), ["pregnancy_late"]),
        (200, (90,), ["pregnancy_late"]),
        (295, (), []),
    ],
)
def test_a_pregnant_woman_is_visited_early_and_late(
    after: int, done: tuple[int, ...], due: list[str]
) -> None:
    assert TERM_DAYS == 280
    assert lines(VisitKind.PREGNANCY, after, done) == due


def test_a_child_has_no_visits_of_its_own_yet() -> None:
    assert lines(VisitKind.CHILD, 3) == []


@pytest.mark.parametrize(
    ("signs", "muac", "oedema", "outcome"),
    [
        ([], None, None, Advice.NONE),
        ([], 125, False, Advice.NONE),
        ([], 124, False, Advice.FEEDING),
        ([], 115, False, Advice.FEEDING),
        ([], 114, False, Advice.TREAT_MALNUTRITION),
        ([], 140, True, Advice.TREAT_MALNUTRITION),
        (["fever"], 140, False, Advice.REFER_NOW),
        (["fever"], 110, True, Advice.REFER_NOW),
    ],
)
def test_what_follows_from_a_visit(
    signs: list[str], muac: int | None, oedema: bool | None, outcome: Advice
) -> None:
    decision = advice(signs=signs, muac_mm=muac, oedema=oedema, on=DAY)

    assert decision.outcome == outcome
    assert {ref.key for ref in decision.policies} == {
        "maternal_child.muac_severe",
        "maternal_child.muac_moderate",
    }


def test_before_the_guideline_nothing_follows() -> None:
    with pytest.raises(NotInForce):
        advice(signs=[], muac_mm=120, oedema=None, on=date(2013, 11, 26))
