"""Each line of each schedule opens, is overdue and closes on its days."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from spean.kernel.policy import Policy, policy
from spean.maternal_child.rules import Care, Line, Programme, Status, history, lines, schedule_of
from spean.maternal_child.rules.immunisation import Given

BORN = date(2026, 1, 1)
CONTACTS = [care for care in Care if care != Care.IMMUNISATION]


def cases(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open() as opened:
        return list(csv.DictReader(opened))


def line_of(care: str, code: str, day: int, done: tuple[int, ...] = ()) -> Line:
    on = BORN + timedelta(days=day)
    asked = schedule_of(Care(care), on=on)
    days = [BORN + timedelta(days=n) for n in done]
    return next(one for one in lines(asked, since=BORN, done=days, on=on) if one.code == code)


@pytest.mark.parametrize("case", cases("contact_days.csv"), ids=lambda case: case["line"])
def test_a_contact_is_due_on_its_days_and_met_in_them(case: dict[str, str]) -> None:
    care, code = case["schedule"], case["line"]
    opens, overdue, closes = (int(case[name]) for name in ("opens", "overdue", "closes"))

    assert line_of(care, code, opens - 1).status == Status.NOT_YET
    assert line_of(care, code, opens).status == Status.DUE
    assert line_of(care, code, overdue).status == Status.DUE
    late = Status.MISSED if overdue == closes else Status.OVERDUE
    assert line_of(care, code, overdue + 1).status == late
    assert line_of(care, code, closes + 1).status == Status.MISSED
    for met in (opens, closes):
        assert line_of(care, code, closes + 1, (met,)).status == Status.DONE
    for elsewhere in (opens - 1, closes + 1):
        assert line_of(care, code, closes + 1, (elsewhere,)).status == Status.MISSED


def next_dose(case: dict[str, str], day: int) -> Line:
    on = BORN + timedelta(days=day)
    given = [
        Given(BORN + timedelta(days=int(when)), vaccine)
        for vaccine, _, when in (one.partition("@") for one in case["before"].split())
    ]
    found = history(given, born=BORN, sex=case["sex"], on=on, programme=Programme.of(on))
    return next(one for one in found.forecast if one.code == case["line"])


@pytest.mark.parametrize("case", cases("dose_days.csv"), ids=lambda case: case["line"])
def test_a_dose_is_due_on_its_days(case: dict[str, str]) -> None:
    due, overdue, closes = (int(case[name]) for name in ("due", "overdue", "closes"))

    if due:
        assert next_dose(case, due - 1).status == Status.NOT_YET
    assert next_dose(case, due).status == Status.DUE
    assert next_dose(case, overdue).status == Status.DUE
    assert next_dose(case, overdue + 1).status == Status.OVERDUE
    assert next_dose(case, closes).status == Status.OVERDUE
    assert next_dose(case, closes + 1).status == Status.MISSED


def all_lines() -> Iterator[tuple[str, str]]:
    for care in Care:
        for found in policy.history(f"maternal_child.{care}").values():
            for contact in found.contacts:  # type: ignore[union-attr]
                yield str(care), contact.code


def test_each_line_has_its_case() -> None:
    tested = {(case["schedule"], case["line"]) for case in cases("contact_days.csv")}
    tested |= {(str(Care.IMMUNISATION), case["line"]) for case in cases("dose_days.csv")}

    assert set(all_lines()) == tested


@pytest.mark.parametrize("care", CONTACTS)
def test_the_days_of_a_schedules_contacts_do_not_overlap(care: Care) -> None:
    for found in policy.history(f"maternal_child.{care}").values():
        for one, following in pairwise(found.contacts):  # type: ignore[union-attr]
            assert one.latest is not None
            assert one.latest < following.earliest


def test_a_line_says_which_policy_asks_for_it() -> None:
    assert "WHO" in line_of("postnatal", "postnatal_1", 0).source.reference


def test_a_policy_of_another_folder_answers_alike() -> None:
    other = Policy(Path(__file__).parent / "second_country")

    assert schedule_of(Care.IMMUNISATION, on=BORN, rules=other).contacts[0].code == "hepb_1"
