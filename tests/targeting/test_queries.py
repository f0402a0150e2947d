"""What is read: duties, reasons, figures, lists; and in how many queries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed, NotFound
from spean.kernel.ids import new_id
from spean.kernel.models import AuditEntry
from spean.locations.models import Place
from spean.targeting import actions, queries
from spean.targeting.models import Assessment
from tests.targeting.conftest import DAY, POOREST

pytestmark = pytest.mark.django_db
AFTER = DAY + timedelta(days=7)
Bring = Callable[..., Assessment]
People = dict[str, Actor]


@pytest.mark.parametrize(
    ("state", "who", "on", "title"),
    [
        ("requested", "clerk", DAY, "Interviews to hold"),
        ("interviewed", "rep", DAY, "Results to review in the village"),
        ("reviewed", "clerk", DAY, "Results to put on display"),
        ("displayed", "council", AFTER, "Cases to decide in the council"),
        ("decided", "district", AFTER, "Council decisions to check"),
    ],
)
def test_a_case_waits_for_whoever_takes_the_next_step(
    case_at: Bring, people: People, state: str, who: str, on: date, title: str
) -> None:
    case_at(state)

    waiting = {
        name: [item.title for item in queries.waiting_for(by=by, on=on) if item.count]
        for name, by in people.items()
    }

    assert waiting == {name: [title] if name == who else [] for name in people}


def test_what_is_still_on_display_does_not_wait_for_the_council(
    case_at: Bring, people: People
) -> None:
    case_at("displayed")

    items = queries.waiting_for(by=people["council"], on=AFTER - timedelta(days=1))
    assert [item.count for item in items] == [0, 0]


def test_what_is_late_is_urgent_from_the_day_after_it_was_due(
    case_at: Bring, people: People
) -> None:
    due = case_at("interviewed").due_on
    assert due is not None

    [in_time] = queries.waiting_for(by=people["rep"], on=due)
    [late] = queries.waiting_for(by=people["rep"], on=due + timedelta(days=1))

    assert (in_time.urgent, late.urgent) == (False, True)
    assert late.title == "Results to review in the village (1 overdue)"


def test_a_score_is_explained_by_its_answers_points_and_cut_offs(case_at: Bring) -> None:
    assert queries.explanation(case_at("requested")) is None
    case = Assessment.objects.get()
    Assessment.objects.update(state="withdrawn", due_on=None, closed_on=DAY, closed_by="x")
    case = case_at("interviewed")

    reasons = queries.explanation(case)

    assert reasons is not None
    assert (reasons.level, reasons.points) == ("poor_1", 62)
    assert sum(row.points for row in reasons.answers) == reasons.points
    assert {row.question.en for row in reasons.answers if row.points < row.most} == {
        "Dependants for each member of working age (worked out from the record)"
    }
    assert [(cut.level, cut.reached) for cut in reasons.cut_offs] == [
        ("poor_1", True), ("poor_2", True), ("at_risk", True),
    ]  # fmt: skip
    assert [c.text.en for c in reasons.circumstances if c.held] == ["A woman heads the household"]
    assert reasons.policies[0].key == "targeting.scorecard"


def test_reading_a_case_is_recorded(case_at: Bring, people: People) -> None:
    case = case_at("requested")

    queries.assessment(case.pk, by=people["council"])

    assert AuditEntry.objects.filter(kind="read", subject_id=str(case.pk)).count() == 1
    with pytest.raises(NotFound):
        queries.assessment(new_id(), by=people["council"])


def test_a_list_takes_the_same_queries_however_long(
    case_at: Bring,
    household_in: Callable[..., Any],
    village: Place,
    people: People,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for name in ("សុភា", "ស្រីណា", "វិចិត្រ"):
        case_at("requested", family=household_in(village, name))

    with django_assert_num_queries(2):
        cases = list(queries.assessments(by=people["clerk"], state="open", area="1601"))
        heads = queries.heads(cases)
        assert all(case.village.code and heads[case.household_id] for case in cases)


def test_a_case_is_read_in_four_queries(
    case_at: Bring, people: People, django_assert_num_queries: Callable[..., Any]
) -> None:
    case = case_at("confirmed")

    with django_assert_num_queries(4):
        found = queries.assessment(case.pk, by=people["clerk"])
        assert found.decision is not None
        assert (len(found.steps.all()), len(found.complaints.all())) == (6, 0)


def test_cases_are_found_by_state_lateness_origin_and_round(
    case_at: Bring, household_in: Callable[..., Any], village: Place, people: People
) -> None:
    case = case_at("interviewed")
    other = case_at("confirmed", family=household_in(village, "ស្រីណា"))
    late = DAY + timedelta(days=8)

    def ids(**wanted: Any) -> set[Any]:
        return {row.pk for row in queries.assessments(by=people["district"], **wanted)}

    assert ids() == {case.pk, other.pk}
    assert ids(state="open") == ids(overdue_on=late) == {case.pk}
    assert ids(overdue_on=late - timedelta(days=1)) == ids(origin="round") == set()
    assert ids(round_id=new_id()) == ids(area="1602") == set()


def test_statuses_that_end_soon_are_listed_for_the_renewal(
    case_at: Bring, household: Any, people: People
) -> None:
    case_at("confirmed")
    on = date(2029, 1, 1)

    def listed(until: date) -> list[Any]:
        rows = queries.statuses_ending(by=people["clerk"], until=until, on=on)
        return [status.household for status in rows]

    assert listed(date(2029, 3, 9)) == []
    assert listed(date(2029, 3, 10)) == [household]


def test_the_dashboard_counts_states_levels_months_and_ages_in_six_queries(
    case_at: Bring,
    household_in: Callable[..., Any],
    village: Place,
    actor: Callable[..., Actor],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    case_at("confirmed")
    case_at("interviewed", family=household_in(village, "ស្រីណា"))
    analyst = actor("analyst", "16", Purpose.STATISTICS)
    on = DAY + timedelta(days=10)

    with django_assert_num_queries(6):
        seen = queries.dashboard("1601", by=analyst, on=on)

    assert [(s.state, s.cases, s.overdue) for s in seen.states] == [
        ("interviewed", 1, 1), ("confirmed", 1, 0),
    ]  # fmt: skip
    assert [(c.code, c.households, c.persons) for c in seen.communes] == [
        ("160101", 1, 1), ("160102", 0, 0),
    ]  # fmt: skip
    assert seen.communes[0].levels["poor_1"] == queries.LevelCount(1, 1, female_heads=1)
    assert (len(seen.months), seen.months[-1]) == (
        12, queries.MonthCount(date(2026, 3, 1), requested=2, confirmed=1),
    )  # fmt: skip
    assert [age.cases for age in seen.ages] == [0, 1, 0, 0]


def test_the_dashboard_of_another_area_is_refused(
    places: dict[str, Place], actor: Callable[..., Actor]
) -> None:
    with pytest.raises(NotAllowed):
        queries.dashboard("16", by=actor("analyst", "1602", Purpose.STATISTICS), on=DAY)


def test_complaints_wait_for_council_and_district_but_not_those_about_staff(
    household: Any, people: People
) -> None:
    for kind in ("exclusion", "staff"):
        actions.lodge_complaint(
            kind=kind, channel="app", text="x", household_id=household.pk,
            by=people["clerk"], on=DAY,
        )  # fmt: skip

    counts = {
        name: [item.count for item in queries.waiting_for(by=people[name], on=DAY)][-1]
        for name in ("council", "district")
    }

    assert counts == {"council": 1, "district": 2}
    assert len(queries.complaints(by=people["district"], overdue_on=DAY + timedelta(days=16))) == 2


def test_the_scorecard_asks_what_the_tests_answer() -> None:
    asked = {q.code for q in queries.scorecard(on=DAY).questions if not q.derived}

    assert asked == POOREST.keys()
