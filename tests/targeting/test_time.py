"""Rounds, renewal and expiry, each on its exact day; and what the registry's news does."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from spean.kernel import outbox
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed
from spean.kernel.ids import new_id
from spean.locations.models import Place
from spean.registry import events as registry_events
from spean.targeting import actions, queries
from spean.targeting.models import Assessment, PovertyStatus
from tests.targeting.conftest import DAY, RICH

pytestmark = pytest.mark.django_db
Bring = Callable[..., Assessment]
People = dict[str, Actor]
ENDS = date(2029, 3, 9)
NOTICE = timedelta(days=90)


def test_a_renewal_is_opened_on_the_first_day_of_the_notice_and_once(
    case_at: Bring, system: Actor
) -> None:
    case_at("confirmed")

    assert actions.renew_due(by=system, on=ENDS - NOTICE - timedelta(days=1)) == []
    [case] = actions.renew_due(by=system, on=ENDS - NOTICE)

    assert (case.origin, case.state) == ("renewal", "requested")
    assert actions.renew_due(by=system, on=ENDS - NOTICE) == []
    Assessment.objects.filter(pk=case.pk).update(
        state="withdrawn", closed_on=ENDS, closed_by="x", due_on=None
    )
    assert actions.renew_due(by=system, on=ENDS - timedelta(days=1)) == []


def test_a_status_holds_until_the_day_before_its_end_and_its_end_is_told_once(
    case_at: Bring, household: Any, system: Actor
) -> None:
    case_at("confirmed")

    assert queries.household_status(household.pk, on=ENDS - timedelta(days=1)) is not None
    assert queries.household_status(household.pk, on=ENDS) is None
    assert actions.expire_statuses(by=system, on=ENDS - timedelta(days=1)) == 0
    assert actions.expire_statuses(by=system, on=ENDS) == 1
    assert actions.expire_statuses(by=system, on=ENDS) == 0


def test_a_status_that_was_replaced_does_not_expire(case_at: Bring, system: Actor) -> None:
    case_at("confirmed")
    case_at("confirmed", on=DAY + timedelta(days=100), answers=RICH)

    assert actions.expire_statuses(by=system, on=ENDS) == 0


def test_the_jobs_are_not_for_people(people: People) -> None:
    with pytest.raises(NotAllowed):
        actions.renew_due(by=people["district"], on=DAY)


def _plan(people: People, *codes: str, **given: Any) -> Any:
    facts: dict[str, Any] = {"starts_on": DAY, "ends_on": DAY + timedelta(days=30)}
    return actions.plan_round(
        name="ជុំទី១", village_codes=codes, by=people["district"], on=DAY, **facts | given
    )


def test_a_round_opens_a_case_for_each_household_without_one(
    case_at: Bring,
    household_in: Callable[..., Any],
    people: People,
    places: dict[str, Place],
) -> None:
    case_at("interviewed")
    new = household_in(places["16010102"], "ស្រីណា")
    household_in(places["16010201"], "សុភា")

    planned = _plan(people, "16010101", "16010102")

    case = planned.assessments.get()
    assert list(queries.rounds(by=people["district"])) == [planned]
    assert planned.area == "160101"
    assert (case.household, case.origin, case.due_on) == (new, "round", planned.ends_on)


def test_a_round_may_be_for_chosen_households(
    household: Any, household_in: Callable[..., Any], village: Place, people: People
) -> None:
    household_in(village, "ស្រីណា")

    planned = _plan(people, "16010101", household_ids=[household.pk])

    assert [case.household for case in planned.assessments.all()] == [household]


def test_a_round_elsewhere_or_nowhere_or_backwards_is_refused(
    people: People, places: dict[str, Place]
) -> None:
    with pytest.raises(NotAllowed):
        _plan(people, "16010101", "16020101")
    with pytest.raises(actions.RoundHasNoVillages):
        _plan(people)
    with pytest.raises(actions.RoundEndsBeforeItStarts):
        _plan(people, "16010101", ends_on=DAY - timedelta(days=1))


def test_closing_a_round_closes_what_was_not_interviewed(
    household: Any, household_in: Callable[..., Any], village: Place, people: People
) -> None:
    household_in(village, "ស្រីណា")
    planned = _plan(people, "16010101")
    kept = planned.assessments.get(household=household)
    actions.refuse_request(
        assessment_id=kept.pk, version=1, reason="not_found", by=people["clerk"], on=DAY
    )

    closed = actions.close_round(round_id=planned.pk, by=people["district"], on=DAY)

    states = sorted(planned.assessments.values_list("state", "closing"))
    assert closed.state == "closed"
    assert states == [("cancelled", "round_closed"), ("refused", "")]
    with pytest.raises(actions.RoundClosedAlready):
        actions.close_round(round_id=planned.pk, by=people["district"], on=DAY)


def _after(case: Assessment, event: Any) -> Assessment:
    outbox.announce(event)
    case.refresh_from_db()
    return case


def test_the_case_and_status_of_a_dissolved_household_end(case_at: Bring, household: Any) -> None:
    case_at("confirmed")
    later = DAY + timedelta(days=50)
    case = case_at("interviewed", on=later)

    _after(case, registry_events.HouseholdDissolved(household.pk, later))

    status = PovertyStatus.objects.get()
    assert (case.state, case.closing) == ("cancelled", "household_dissolved")
    assert (status.end, status.ended_because) == (later, "household_gone")


def test_a_household_that_joins_another_leaves_its_case_and_marks_the_other(
    case_at: Bring, household_in: Callable[..., Any], village: Place, household: Any
) -> None:
    other = household_in(village, "ស្រីណា")
    gone, kept = case_at("requested"), case_at("interviewed", family=other)

    _after(gone, registry_events.HouseholdsMerged(other.pk, household.pk, DAY))

    kept.refresh_from_db()
    assert (gone.state, gone.closing) == ("cancelled", "household_merged")
    assert kept.attention == "members_changed"


@pytest.mark.parametrize(
    ("state", "attention"), [("requested", ""), ("interviewed", "members_changed")]
)
def test_new_members_matter_once_the_household_was_interviewed(
    case_at: Bring, household: Any, state: str, attention: str
) -> None:
    case = case_at(state)

    _after(case, registry_events.MemberAdded(household.pk, new_id(), DAY))

    assert case.attention == attention


def test_a_case_follows_its_household_and_is_interviewed_again(
    case_at: Bring, household: Any, places: dict[str, Place]
) -> None:
    case = case_at("displayed")

    _after(case, registry_events.HouseholdMoved(household.pk, "16010101", "16010201", DAY))

    assert (case.village.code, case.state, case.attention) == ("16010201", "requested", "moved")


def test_a_move_within_the_village_changes_nothing(case_at: Bring, household: Any) -> None:
    case = case_at("displayed")

    _after(case, registry_events.HouseholdMoved(household.pk, "16010101", "16010101", DAY))

    assert (case.state, case.attention) == ("displayed", "")


def test_that_two_records_are_one_person_changes_no_case(case_at: Bring) -> None:
    case = case_at("interviewed")

    _after(case, registry_events.PeopleMerged(new_id(), new_id(), DAY))

    assert (case.attention, case.version) == ("", 2)


def test_what_the_registry_undoes_is_undone_here_too(
    case_at: Bring, household: Any, places: dict[str, Place]
) -> None:
    case_at("confirmed")
    later = DAY + timedelta(days=50)
    outbox.announce(registry_events.HouseholdDissolved(household.pk, later))

    outbox.announce(registry_events.ChangeReversed(new_id(), "death", household.pk, None, later))

    status = PovertyStatus.objects.get()
    assert (status.end, status.ended_because) == (ENDS, "")


def test_a_case_returns_with_its_household_when_a_move_is_undone(
    case_at: Bring, household: Any, places: dict[str, Place]
) -> None:
    case = case_at("requested")
    _after(case, registry_events.HouseholdMoved(household.pk, "16010101", "16010201", DAY))

    _after(case, registry_events.ChangeReversed(new_id(), "move", household.pk, None, DAY))

    assert case.village.code == "16010101"


def test_a_household_that_ceases_on_the_day_of_its_status_keeps_it_that_day(
    case_at: Bring, household: Any
) -> None:
    case_at("confirmed")
    start = DAY + timedelta(days=7)

    outbox.announce(registry_events.HouseholdDissolved(household.pk, start))

    assert PovertyStatus.objects.get().end == start + timedelta(days=1)
