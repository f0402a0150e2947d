"""A case from request to card, and what refuses each step."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed, NotFound
from spean.kernel.ids import new_id
from spean.kernel.models import AuditEntry
from spean.kernel.policy import NotInForce
from spean.registry import queries as registry
from spean.targeting import actions, queries, rules
from spean.targeting.models import Assessment, Level, NotAtThisStep, PovertyStatus, State
from tests.targeting.conftest import DAY, POOREST, RICH

pytestmark = pytest.mark.django_db
AFTER = DAY + timedelta(days=7)
Bring = Callable[..., Assessment]
People = dict[str, Actor]


def test_the_levels_that_are_stored_are_the_levels_of_the_rules() -> None:
    assert Level.values == [level.value for level in rules.PovertyLevel]


def test_a_family_goes_from_request_to_card(case_at: Bring, household: Any, people: People) -> None:
    case = case_at("confirmed")

    status = queries.household_status(household.pk, on=AFTER)
    card = registry.cards_of(household, by=people["district"]).get()
    assert (case.state, case.final_level, case.points) == (State.CONFIRMED, "poor_1", 62)
    assert status is not None
    assert (status.level, status.start, status.end) == ("poor_1", AFTER, date(2029, 3, 9))
    assert (card.category, card.start, card.end) == ("poor_1", status.start, status.end)
    assert [step.step for step in case.steps.all()] == [
        "request", "interview", "review", "display", "decide", "confirm",
    ]  # fmt: skip
    assert AuditEntry.objects.filter(subject_id=str(case.pk), kind="write").count() == 6


@pytest.mark.parametrize(
    ("state", "due"),
    [
        ("requested", DAY + timedelta(days=15)),
        ("interviewed", DAY + timedelta(days=7)),
        ("reviewed", DAY + timedelta(days=3)),
        ("displayed", DAY + timedelta(days=7 + 7)),
        ("decided", AFTER + timedelta(days=10)),
        ("confirmed", None),
    ],
)
def test_each_step_has_the_deadline_of_the_policy(
    case_at: Bring, state: str, due: date | None
) -> None:
    assert case_at(state).due_on == due


def test_a_household_has_one_open_case(case_at: Bring) -> None:
    case_at("requested")

    with pytest.raises(actions.AlreadyOpen):
        case_at("requested")


def test_a_household_that_is_gone_is_not_assessed(household: Any, case_at: Bring) -> None:
    household.dissolved_on = DAY
    household.save()

    with pytest.raises(actions.HouseholdIsGone):
        case_at("requested")


def test_a_clerk_of_another_commune_can_neither_ask_nor_read(
    case_at: Bring, household: Any, actor: Callable[..., Actor]
) -> None:
    case = case_at("interviewed")
    stranger = actor("commune_clerk", "160102", Purpose.TARGETING)

    with pytest.raises(NotAllowed):
        queries.assessment(case.pk, by=stranger)
    with pytest.raises(NotAllowed):
        actions.request_assessment(
            household_id=household.pk, channel="commune_office", by=stranger, on=DAY
        )
    assert not queries.assessments(by=stranger).exists()


def test_a_case_that_does_not_exist_is_not_found(people: People) -> None:
    with pytest.raises(NotFound):
        actions.put_on_display(assessment_id=new_id(), version=1, by=people["clerk"], on=DAY)


def test_a_request_is_refused_for_a_listed_reason(case_at: Bring, people: People) -> None:
    case = case_at("requested")

    refused = actions.refuse_request(
        assessment_id=case.pk, version=1, reason="not_resident", by=people["clerk"], on=DAY
    )

    assert (refused.state, refused.refusal, refused.closed_on) == ("refused", "not_resident", DAY)


def test_another_reason_has_to_be_written_down(case_at: Bring, people: People) -> None:
    case = case_at("requested")

    with pytest.raises(actions.ReasonNeeded):
        actions.refuse_request(
            assessment_id=case.pk, version=1, reason="other", by=people["clerk"], on=DAY
        )


def test_an_interviewed_household_can_no_longer_be_refused(case_at: Bring, people: People) -> None:
    case = case_at("interviewed")

    with pytest.raises(NotAtThisStep):
        actions.refuse_request(
            assessment_id=case.pk, version=2, reason="not_found", by=people["clerk"], on=DAY
        )


@pytest.mark.parametrize("state", ["requested", "interviewed", "reviewed", "displayed"])
def test_a_household_may_withdraw_until_the_council_decides(
    case_at: Bring, people: People, state: str
) -> None:
    case = case_at(state)

    gone = actions.withdraw_request(
        assessment_id=case.pk, version=case.version, by=people["clerk"], on=DAY
    )

    assert (gone.state, gone.closing) == ("withdrawn", "household_asked")


def test_after_the_decision_it_is_too_late_to_withdraw(case_at: Bring, people: People) -> None:
    case = case_at("decided")

    with pytest.raises(NotAtThisStep):
        actions.withdraw_request(
            assessment_id=case.pk, version=case.version, by=people["clerk"], on=AFTER
        )


def test_all_wrong_answers_are_named_at_once(case_at: Bring, people: People) -> None:
    case = case_at("requested")
    answers = POOREST | {"roof": "gold", "shoes": "many"}
    del answers["walls"]

    with pytest.raises(rules.AnswersRefused) as refusal:
        actions.record_interview(
            assessment_id=case.pk, version=1, answers=answers, by=people["clerk"], on=DAY
        )

    assert {field for field, _ in refusal.value.field_errors} == {"roof", "shoes", "walls"}
    case.refresh_from_db()
    assert case.state == "requested"


def test_no_interview_counts_where_no_scorecard_is_in_force(
    case_at: Bring, household_in: Callable[..., Any], people: People
) -> None:
    case = case_at("requested")
    Assessment.objects.update(requested_on=date(2011, 12, 1))

    with pytest.raises(NotInForce):
        actions.record_interview(
            assessment_id=case.pk,
            version=1,
            answers=POOREST,
            by=people["clerk"],
            on=date(2011, 12, 31),
        )


def test_a_step_cannot_be_dated_before_the_one_it_follows(case_at: Bring, people: People) -> None:
    case = case_at("interviewed")

    with pytest.raises(actions.BeforeTheLastStep):
        actions.review_in_village(
            assessment_id=case.pk,
            version=2,
            opinion="agrees",
            by=people["rep"],
            on=DAY - timedelta(days=1),
        )


@pytest.mark.parametrize(
    ("proposed", "circumstance", "error"),
    [
        ("", "debt", actions.ProposalIncomplete),
        ("poor_1", "debt", actions.ProposalIncomplete),
        ("poor_2", "", actions.CircumstanceNeeded),
        ("at_risk", "debt", actions.ProposalTooFar),
    ],
)
def test_a_village_proposes_another_level_whole_and_within_bounds(
    case_at: Bring, people: People, proposed: str, circumstance: str, error: type[Exception]
) -> None:
    case = case_at("interviewed")

    with pytest.raises(error):
        actions.review_in_village(
            assessment_id=case.pk,
            version=2,
            opinion="proposes_other",
            proposed_level=proposed,
            circumstance=circumstance,
            by=people["rep"],
            on=DAY,
        )


def test_a_village_may_propose_the_next_level(case_at: Bring, people: People) -> None:
    case = case_at("interviewed")

    reviewed = actions.review_in_village(
        assessment_id=case.pk,
        version=2,
        opinion="proposes_other",
        proposed_level="poor_2",
        circumstance="hidden_means",
        by=people["rep"],
        on=DAY,
    )

    assert (reviewed.scored_level, reviewed.level_before_council) == ("poor_1", "poor_2")


def _decide(case: Assessment, by: Actor, on: date, level: str, reason: str = "") -> Assessment:
    return actions.decide(
        assessment_id=case.pk, version=case.version, level=level, reason=reason, by=by, on=on
    )


def test_the_council_waits_for_the_last_day_of_the_display(case_at: Bring, people: People) -> None:
    case = case_at("displayed")

    with pytest.raises(actions.StillOnDisplay):
        _decide(case, people["council"], AFTER - timedelta(days=1), "poor_1")
    assert _decide(case, people["council"], AFTER, "poor_1").state == "decided"


def test_the_council_needs_a_reason_for_another_level(case_at: Bring, people: People) -> None:
    with pytest.raises(actions.LevelNeedsReason):
        _decide(case_at("displayed"), people["council"], AFTER, "poor_2")


def test_the_council_moves_a_household_by_one_level_only(case_at: Bring, people: People) -> None:
    case = case_at("displayed")

    with pytest.raises(actions.MovedTooFar):
        _decide(case, people["council"], AFTER, "at_risk", "debt")
    moved = _decide(case, people["council"], AFTER, "poor_2", "debt")

    kept = moved.steps.last()
    assert kept is not None
    assert (moved.council_level, moved.council_reason) == ("poor_2", "debt")
    assert kept.detail["max_level_moves"] == 1
    assert kept.detail["reference"].startswith("ASSUMED")


def test_whoever_interviewed_does_not_decide(
    case_at: Bring, people: People, user_of: Callable[..., Any]
) -> None:
    case = case_at("displayed")
    both = Actor(
        people["clerk"].user, Purpose.TARGETING, "commune_clerk_160101",
        (("commune_council", "160101"),),
    )  # fmt: skip

    with pytest.raises(actions.InterviewerDecides):
        _decide(case, both, AFTER, "poor_1")


def test_whoever_decided_does_not_check(case_at: Bring, people: People) -> None:
    case = case_at("decided")
    both = Actor(
        people["council"].user, Purpose.TARGETING, "commune_council_160101",
        (("district_officer", "1601"),),
    )  # fmt: skip

    with pytest.raises(actions.CouncilChecksItself):
        actions.check(
            assessment_id=case.pk, version=case.version, outcome="confirmed", by=both, on=AFTER
        )


def test_the_district_sends_a_case_back_to_the_council(case_at: Bring, people: People) -> None:
    case = case_at("decided")

    back = actions.check(
        assessment_id=case.pk,
        version=case.version,
        outcome="to_council",
        note="ហេតុផលមិនច្បាស់",
        by=people["district"],
        on=AFTER,
    )

    assert (back.state, back.council_level, back.due_on) == (
        "displayed", "", AFTER + timedelta(days=7),
    )  # fmt: skip
    assert back.steps.last().detail["council_level"] == "poor_1"  # type: ignore[union-attr]
    assert _decide(back, people["council"], AFTER, "poor_1").state == "decided"


def test_the_district_sends_a_case_back_to_the_interview(case_at: Bring, people: People) -> None:
    case = case_at("decided")

    back = actions.check(
        assessment_id=case.pk,
        version=case.version,
        outcome="to_interview",
        note="ចម្លើយមិនត្រឹមត្រូវ",
        by=people["district"],
        on=AFTER,
    )

    assert (back.state, back.answers, back.points, back.display_until) == (
        "requested", {}, None, None,
    )  # fmt: skip


def test_sending_back_has_to_be_explained(case_at: Bring, people: People) -> None:
    case = case_at("decided")

    with pytest.raises(actions.ReasonNeeded):
        actions.check(
            assessment_id=case.pk,
            version=case.version,
            outcome="to_council",
            by=people["district"],
            on=AFTER,
        )


def test_a_household_found_not_poor_loses_status_and_card(
    case_at: Bring, household: Any, people: People
) -> None:
    case_at("confirmed")
    later = DAY + timedelta(days=100)

    case_at("confirmed", on=later, answers=RICH)

    after = later + timedelta(days=7)
    card = registry.cards_of(household, by=people["district"]).get()
    status = PovertyStatus.objects.get()
    assert queries.household_status(household.pk, on=after) is None
    assert queries.household_status(household.pk, on=after - timedelta(days=1)) == status
    assert (status.end, status.ended_because) == (after, "not_poor")
    assert card.revoked_on == after


def test_a_household_of_another_level_gets_another_card(
    case_at: Bring, household: Any, people: People
) -> None:
    case_at("confirmed")
    case_at("confirmed", on=DAY + timedelta(days=100), level="poor_2")

    cards = registry.cards_of(household, by=people["district"])
    assert [(card.category, card.revoked_on is None) for card in cards] == [
        ("poor_2", True),
        ("poor_1", False),
    ]
    assert [s.level for s in PovertyStatus.objects.order_by("start")] == ["poor_1", "poor_2"]


def test_a_status_is_not_set_twice_in_one_day(case_at: Bring) -> None:
    case_at("confirmed")
    PovertyStatus.objects.update(start=AFTER + timedelta(days=7))

    with pytest.raises(actions.StatusSetToday):
        case_at("confirmed", on=AFTER)


def test_the_district_orders_a_new_interview(
    case_at: Bring, people: People, household: Any
) -> None:
    case = case_at("displayed")

    back = actions.order_reinterview(
        household_id=household.pk, reason="ពិនិត្យឡើងវិញ", by=people["district"], on=DAY
    )

    assert (back.pk, back.state) == (case.pk, "requested")
    with pytest.raises(actions.AlreadyOpen):
        actions.order_reinterview(
            household_id=household.pk, reason="ម្ដងទៀត", by=people["district"], on=DAY
        )


def test_a_new_interview_of_a_closed_case_opens_another(
    case_at: Bring, people: People, household: Any
) -> None:
    case_at("confirmed")

    case = actions.order_reinterview(
        household_id=household.pk, reason="ពិនិត្យឡើងវិញ", by=people["district"], on=AFTER
    )

    assert (case.origin, case.state) == ("reinterview", "requested")
