"""A submission becomes the same calls as the office's pages; what can't be done waits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from spean.fieldwork import actions, queries
from spean.fieldwork.models import Part, Submission
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.registry import actions as registry
from spean.registry.models import ChangeRequest, DuplicatePair, Household
from spean.targeting import actions as targeting
from spean.targeting.models import Assessment
from tests.fieldwork.conftest import HEAD, NOW, POOREST, SON, new_family, record

Send = Callable[..., Submission]
TODAY = NOW.date()


def codes(found: Submission) -> list[str]:
    """Give the codes of what stands in the way."""
    waiting = found.parts.filter(state=Part.State.OPEN).order_by("name")
    return [reason["code"] for part in waiting for reason in part.reasons]


def test_an_interview_of_a_new_family_is_registered_and_scored(send: Send) -> None:
    found = send("poverty_interview", new_family())

    assert found.state == "applied"
    case = Assessment.objects.get()
    assert (case.state, case.scored_level, case.interviewed_by) == (
        "interviewed",
        "poor_1",
        "enumerator_160101",
    )
    people = [m.person for m in case.household.memberships.order_by("relation")]
    assert [str(p) for p in people] == ["សុខ ដារ៉ា", "សុខ ស្រីមុំ"]
    assert people[0].birth_date == date(2019, 11, 23)
    assert people[0].birth_date_precision == "estimated"
    assert case.household.phone == "+85512345678"


def test_the_phone_is_told_the_outcome_in_both_languages(send: Send, enumerator: Actor) -> None:
    found = send("poverty_interview", new_family())

    (state,) = queries.submission_states([found.instance_id, "uuid:no"], user=enumerator.user)

    assert state.state == "applied"
    assert state.outcome is not None
    assert state.outcome["en"].startswith("Score 6")
    assert "Poor level 1" in state.outcome["en"]
    assert "កម្រិត" in state.outcome["km"]


def test_nobody_else_is_told_of_a_record(send: Send, clerk: Actor) -> None:
    found = send("poverty_interview", new_family())

    assert queries.submission_states([found.instance_id], user=clerk.user) == []


def test_an_interview_of_a_listed_family_is_scored(
    send: Send, clerk: Actor, enumerator: Actor
) -> None:
    send("poverty_interview", new_family(consent="yes"))
    family = Household.objects.get()
    Assessment.objects.get()
    case = Assessment.objects.get()
    targeting.withdraw_request(assessment_id=case.pk, version=case.version, by=clerk, on=TODAY)
    asked = targeting.request_assessment(
        household_id=family.pk, channel="village_chief", by=clerk, on=TODAY
    )
    answers = {
        "village": "16010101",
        "known": "yes",
        "case": asked.pk,
        "consent": "yes",
        "house": POOREST,
    }

    found = send("poverty_interview", answers)

    asked.refresh_from_db()
    assert found.state == "applied"
    assert asked.state == "interviewed"


def test_a_family_that_declines_is_not_interviewed(send: Send) -> None:
    found = send("poverty_interview", new_family(consent="no"))

    assert found.state == "applied"
    assert not Assessment.objects.exists()
    assert "declined" in found.parts.get().outcome["message"]


def test_a_second_phone_with_the_same_family_waits_for_a_person(send: Send) -> None:
    send("poverty_interview", new_family())

    second = send("poverty_interview", new_family())

    assert second.state == "attention"
    assert codes(second) == ["registry.likely_duplicates"]
    assert Household.objects.count() == 1


def test_other_people_are_registered_on_the_clerks_word_and_kept_for_the_district(
    send: Send, clerk: Actor
) -> None:
    send("poverty_interview", new_family())
    second = send("poverty_interview", new_family())

    done = actions.decide_part(submission_id=second.pk, part="whole", others=True, by=clerk, at=NOW)

    assert done.state == "applied"
    assert Household.objects.count() == 2
    assert DuplicatePair.objects.exists()


def test_the_same_family_is_not_registered_again(send: Send, clerk: Actor) -> None:
    first = send("poverty_interview", new_family())
    family = Household.objects.get()
    second = send("poverty_interview", new_family())

    done = actions.decide_part(
        submission_id=second.pk, part="whole", household=family.pk, by=clerk, at=NOW
    )

    assert Household.objects.count() == 1
    assert codes(done) == ["targeting.already_open"]
    actions.dismiss(submission_id=second.pk, because="Interviewed twice", by=clerk, at=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("applied", "dismissed")


def test_a_village_that_is_not_theirs_waits_and_the_refusal_is_audited(send: Send) -> None:
    found = send("poverty_interview", new_family(village="16010201"))

    assert codes(found) == ["kernel.not_allowed"]
    assert AuditEntry.objects.filter(kind="refusal", area="16010201").exists()


def test_who_works_there_may_answer_for_it(
    send: Send, actor: Callable[..., Actor], clerk: Actor
) -> None:
    found = send("poverty_interview", new_family(village="16010201"))
    there = actor("commune_clerk", "160102", Purpose.REGISTRATION)

    with pytest.raises(NotAllowed):
        actions.answer_for(submission_id=found.pk, note="mine", by=clerk, at=NOW)
    done = actions.answer_for(submission_id=found.pk, note="I met them too", by=there, at=NOW)

    assert done.state == "applied"
    assert Assessment.objects.get().interviewed_by == "commune_clerk_160102"


@pytest.mark.parametrize("off", [timedelta(days=-365), timedelta(days=365)])
def test_a_clock_a_year_off_waits_until_somebody_says_the_day(
    off: timedelta, send: Send, clerk: Actor
) -> None:
    found = send("poverty_interview", new_family(), ended_at=NOW + off)
    assert codes(found) == ["fieldwork.clock_wrong"]

    done = actions.say_day(
        submission_id=found.pk, day=date(2026, 11, 20), note="Asked her", by=clerk, at=NOW
    )

    assert done.state == "applied"
    assert Assessment.objects.get().interviewed_on == date(2026, 11, 20)


def test_a_record_without_a_day_waits(send: Send) -> None:
    found = send("poverty_interview", new_family(end=""))

    assert codes(found) == ["fieldwork.clock_missing"]


def test_no_scorecard_in_force_waits(send: Send, clerk: Actor) -> None:
    found = send("poverty_interview", new_family(), ended_at=NOW - timedelta(days=365))

    done = actions.say_day(
        submission_id=found.pk, day=date(2011, 12, 31), note="Very old", by=clerk, at=NOW
    )

    assert done.state == "attention"
    assert codes(done) == ["kernel.policy_not_in_force"]
    assert not Household.objects.exists()


def test_an_account_closed_meanwhile_waits(
    forms: object, places: object, enumerator: Actor
) -> None:
    kept = actions.receive_submission(
        xml=record("poverty_interview", new_family()), by=enumerator, at=NOW
    )
    assert enumerator.user is not None
    enumerator.user.is_active = False
    enumerator.user.save()

    found = actions.take_in(submission_id=kept.pk, at=NOW)

    assert codes(found) == ["fieldwork.account_closed"]


def test_every_answer_at_fault_is_named_and_can_be_corrected(send: Send, clerk: Actor) -> None:
    wrong = new_family(member=[HEAD | {"birth_date": "2031-01-01"}, SON | {"relation": "head"}])
    found = send("poverty_interview", wrong)
    assert len(codes(found)) == 2

    done = actions.correct_answers(
        submission_id=found.pk,
        answers={
            "member[1]/birth_date[1]": "1984-03-12",
            "member[2]/relation[1]": "child",
        },
        note="Called the enumerator",
        by=clerk,
        at=NOW,
    )

    assert done.state == "applied"
    assert [(fix.before, fix.after, fix.by) for fix in done.corrections.order_by("path")] == [
        ("2031-01-01", "1984-03-12", clerk.name),
        ("head", "child", clerk.name),
    ]
    assert b"2031-01-01" in bytes(done.xml)


def test_a_household_merged_meanwhile_waits(
    send: Send, clerk: Actor, actor: Callable[..., Actor]
) -> None:
    send("poverty_interview", new_family())
    kept = Household.objects.get()
    send("poverty_interview", new_family(member=[HEAD | {"birth_date": "1950-01-01"}]))
    gone = Household.objects.exclude(pk=kept.pk).get()
    case = Assessment.objects.get(household=gone)
    by = replace(clerk, purpose=Purpose.REGISTRATION)
    relations = {str(row.person_id): "parent" for row in gone.memberships.all()}
    change = registry.propose_change(
        kind="merge", household=kept, reason="One family", by=by, on=TODAY,
        proposal={"other": str(gone.pk), "relations": relations},
    )  # fmt: skip
    council = actor("commune_council", "160101", Purpose.REGISTRATION)
    registry.approve_change(change=change, by=council, on=TODAY)

    listed = {"village": "16010101", "known": "yes", "case": case.pk, "house": POOREST}
    interview = send("poverty_interview", listed)
    update = send(
        "household_update",
        {
            "village": "16010101",
            "household": gone.pk,
            "what": "phone",
            "seen_phone": gone.phone,
            "phone": "099111222",
            "reason": "New phone",
        },
    )

    assert codes(interview) == ["targeting.not_at_this_step"]
    assert codes(update) == ["registry.record_closed"]


@pytest.mark.parametrize("path", ["meta[1]/instanceID[1]", "nothing[1]"])
def test_what_was_not_answered_cannot_be_corrected(path: str, send: Send, clerk: Actor) -> None:
    found = send("poverty_interview", new_family(village="16010201", consent="yes"))
    system = replace(clerk, user=None)

    with pytest.raises(actions.NoSuchQuestion):
        actions.correct_answers(
            submission_id=found.pk, answers={path: "x"}, note="x", by=system, at=NOW
        )


def test_what_is_done_waits_for_nobody(send: Send, clerk: Actor) -> None:
    found = send("poverty_interview", new_family())

    with pytest.raises(actions.NotWaiting):
        actions.dismiss(submission_id=found.pk, because="x", by=clerk, at=NOW)


def test_taking_in_twice_does_it_once(send: Send) -> None:
    found = send("poverty_interview", new_family())

    actions.take_in(submission_id=found.pk, at=NOW)

    assert Household.objects.count() == Assessment.objects.count() == 1


def test_our_own_mistake_loses_nothing(
    send: Send, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("spean.registry.actions.register_household", breaks)
        found = send("poverty_interview", new_family())
    assert codes(found) == ["fieldwork.our_fault"]

    done = actions.try_again(submission_id=found.pk, by=clerk, at=NOW)

    assert done.state == "applied"


class TestUpdate:
    """The household update: field by field."""

    @pytest.fixture
    def family(self, send: Send) -> Household:
        send("poverty_interview", new_family())
        return Household.objects.get()

    def update(self, family: Household, **changes: Any) -> dict[str, Any]:
        return {
            "village": "16010101",
            "household": family.pk,
            "what": "address phone",
            "seen_address": family.address,
            "seen_phone": family.phone,
            "address": "ក្បែរវត្ត",
            "phone": "099111222",
            "reason": "Moved within the village",
            **changes,
        }

    def test_each_changed_field_is_proposed(self, send: Send, family: Household) -> None:
        found = send("household_update", self.update(family))

        assert found.state == "applied"
        proposals = [change.proposal for change in ChangeRequest.objects.order_by("id")]
        assert proposals == [{"address": "ក្បែរវត្ត"}, {"phone": "099111222"}]

    def test_a_field_changed_on_both_sides_waits_and_the_other_goes_on(
        self, send: Send, family: Household, clerk: Actor
    ) -> None:
        found = send("household_update", self.update(family, seen_phone="+85577000000"))

        assert found.state == "attention"
        waiting = found.parts.get(state="open")
        assert (waiting.name, waiting.seen, waiting.recorded, waiting.offered) == (
            "phone",
            "+85577000000",
            "+85512345678",
            "099111222",
        )
        assert ChangeRequest.objects.get().proposal == {"address": "ក្បែរវត្ត"}

        done = actions.decide_part(
            submission_id=found.pk, part="phone", insist=True, by=clerk, at=NOW
        )

        assert done.state == "applied"
        assert ChangeRequest.objects.count() == 2

    def test_a_person_may_leave_what_is_recorded(
        self, send: Send, family: Household, clerk: Actor
    ) -> None:
        found = send("household_update", self.update(family, seen_phone="+85577000000"))

        done = actions.drop_part(
            submission_id=found.pk, part="phone", note="The new one is right", by=clerk, at=NOW
        )

        assert done.state == "applied"
        assert ChangeRequest.objects.count() == 1
        assert done.parts.get(name="phone").state == "dropped"

    def test_what_is_recorded_so_already_asks_for_nothing(
        self, send: Send, family: Household
    ) -> None:
        found = send("household_update", self.update(family, what="phone", phone="012345678"))

        assert found.state == "applied"
        assert not ChangeRequest.objects.exists()

    def test_members_and_events_are_proposed_each_on_its_own(
        self, send: Send, family: Household
    ) -> None:
        son = family.memberships.get(relation="child").person_id
        mother = family.memberships.get(relation="head").person_id
        baby = SON | {"given_name_km": "ថ្មី", "age_years": "0", "since": "2026-11-23"}
        answers = self.update(
            family,
            what="added left pregnancy",
            added=[baby | {"because": "birth"}],
            left=[{"person": son, "left_on": "2026-11-23", "because": "work"}],
            pregnancy=[{"person": mother, "expected_on": "2027-04-01"}],
        )

        found = send("household_update", answers)

        assert found.state == "applied", codes(found)
        assert set(ChangeRequest.objects.values_list("kind", flat=True)) == {
            "add_member",
            "remove_member",
            "record_pregnancy",
        }

    def test_an_event_that_cannot_be_holds_back_only_itself(
        self, send: Send, family: Household
    ) -> None:
        stranger = "018f0000-0000-7000-8000-000000000000"
        answers = self.update(
            family, what="phone died", died=[{"person": stranger, "died_on": "2026-11-01"}]
        )

        found = send("household_update", answers)

        assert codes(found) == ["kernel.not_found"]
        assert ChangeRequest.objects.get().proposal == {"phone": "099111222"}
