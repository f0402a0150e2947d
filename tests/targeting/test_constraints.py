"""What the database itself refuses, whoever writes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from spean.targeting.models import (
    MOVES,
    OPEN,
    Assessment,
    Complaint,
    InterviewRound,
    PovertyStatus,
    State,
    Step,
)
from tests.targeting.conftest import DAY

pytestmark = pytest.mark.django_db
Bring = Callable[..., Assessment]


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("interviewed", {"interviewed_by": ""}),
        ("reviewed", {"reviewed_on": None}),
        ("displayed", {"displayed_by": ""}),
        ("displayed", {"display_until": DAY}),
        ("decided", {"council_by": ""}),
        ("decided", {"council_by": "commune_clerk_160101"}),
        ("confirmed", {"checked_by": "commune_council_160101"}),
        ("confirmed", {"closed_on": None, "closed_by": ""}),
        ("confirmed", {"final_level": ""}),
        ("requested", {"due_on": None}),
        ("requested", {"state": "refused", "closed_on": DAY, "closed_by": "x", "due_on": None}),
        ("requested", {"final_level": "poor_1"}),
        ("interviewed", {"scored_level": ""}),
        ("requested", {"origin": "round"}),
    ],
)
def test_a_case_that_cannot_be_is_refused(
    case_at: Bring, state: str, change: dict[str, Any]
) -> None:
    case = case_at(state)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=case.pk).update(**change)


def test_a_household_has_one_status_at_a_time(case_at: Bring, household: Any) -> None:
    case_at("confirmed")
    other = case_at("requested", on=DAY + timedelta(days=30))

    with pytest.raises(IntegrityError), transaction.atomic():
        PovertyStatus.objects.create(
            household=household, level="poor_2", assessment=other,
            start=date(2027, 1, 1), end=date(2031, 1, 1),
        )  # fmt: skip


@pytest.mark.parametrize("change", [{"level": "not_poor"}, {"end": None}])
def test_a_status_is_of_the_poor_and_ends(case_at: Bring, change: dict[str, Any]) -> None:
    case_at("confirmed")

    with pytest.raises(IntegrityError), transaction.atomic():
        PovertyStatus.objects.update(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "inclusion"},
        {"state": "upheld"},
        {"resolved_by": "clerk"},
        {
            "state": "rejected", "remedy": "none", "answer": "x",
            "resolved_by": "clerk", "resolved_on": DAY,
        },
        {
            "state": "rejected", "remedy": "none", "answer": "x",
            "resolved_by": "council", "resolved_on": DAY - timedelta(days=1),
        },
    ],
)  # fmt: skip
def test_a_complaint_that_cannot_be_is_refused(village: Any, change: dict[str, Any]) -> None:
    Complaint.objects.create(
        village=village, kind="other", channel="app", text="x",
        received_on=DAY, received_by="clerk", due_on=DAY,
    )  # fmt: skip

    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.update(**change)


@pytest.mark.parametrize("change", [{"ends_on": DAY - timedelta(days=1)}, {"state": "closed"}])
def test_a_round_that_cannot_be_is_refused(db: None, change: dict[str, Any]) -> None:
    InterviewRound.objects.create(
        name="x", starts_on=DAY, ends_on=DAY, planned_on=DAY, planned_by="x"
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        InterviewRound.objects.update(**change)


def test_every_open_state_leads_on_and_no_closed_one_does() -> None:
    leads_on = {state for move in MOVES.values() for state in move.begins}

    assert leads_on == set(OPEN)
    assert set(MOVES) == set(Step)
    assert {move.ends for move in MOVES.values()} == set(State)
