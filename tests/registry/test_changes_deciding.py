"""Who may propose, approve, reject, withdraw and reverse a change; and only once."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed, SpeanError
from spean.kernel.models import AuditEntry
from spean.registry import actions, queries
from spean.registry.models import ChangeRequest, Household, Person

DAY = date(2026, 12, 5)
Apply = Callable[..., Any]
MAY_PROPOSE = {"commune_clerk", "district_officer"}
MAY_APPROVE = {"commune_council", "district_officer"}
ROLES = (
    "village_representative", "commune_clerk", "commune_council", "district_officer",
    "health_worker", "analyst", "auditor", "administrator",
)  # fmt: skip


@pytest.fixture
def move(family: Household, propose: Apply) -> ChangeRequest:
    return propose("move", family, DAY, village="16010102")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("purpose", [Purpose.REGISTRATION, Purpose.STATISTICS])
def test_who_may_propose(
    family: Household, propose: Apply, actor: Callable[..., Actor], role: str, purpose: Purpose
) -> None:
    by = actor(role, "160101", purpose)

    if role in MAY_PROPOSE and purpose == Purpose.REGISTRATION:
        assert propose("move", family, DAY, by=by, village="16010102").proposed_by == by.name
    else:
        with pytest.raises(NotAllowed):
            propose("move", family, DAY, by=by, village="16010102")


@pytest.mark.parametrize("role", ROLES)
def test_who_may_approve(move: ChangeRequest, actor: Callable[..., Actor], role: str) -> None:
    by = actor(role, "160101", name="another")

    if role in MAY_APPROVE:
        assert actions.approve_change(change=move, by=by, on=DAY).state == "applied"
    else:
        with pytest.raises(NotAllowed):
            actions.approve_change(change=move, by=by, on=DAY)


def test_who_proposed_cannot_decide(family: Household, actor: Callable[..., Actor]) -> None:
    officer = actor("district_officer", "1601")
    change = actions.propose_change(
        kind="move", household=family, proposal={"village": "16010102"}, reason="So", by=officer,
        on=DAY,
    )  # fmt: skip

    for decide in (
        lambda: actions.approve_change(change=change, by=officer, on=DAY),
        lambda: actions.reject_change(change=change, reason="No", by=officer, on=DAY),
    ):
        with pytest.raises(actions.SamePerson):
            decide()


def test_a_clerk_of_another_commune_may_not_propose(
    family: Household, propose: Apply, actor: Callable[..., Actor]
) -> None:
    with pytest.raises(NotAllowed):
        propose("move", family, DAY, by=actor("commune_clerk", "160102"), village="16010201")


def test_what_is_rejected_changes_nothing_and_is_not_decided_again(
    move: ChangeRequest, family: Household, council: Actor
) -> None:
    rejected = actions.reject_change(change=move, reason="Still here", by=council, on=DAY)

    assert (rejected.state, rejected.decision_note) == ("rejected", "Still here")
    with pytest.raises(actions.AlreadyDecided):
        actions.approve_change(change=move, by=council, on=DAY)
    family.refresh_from_db()
    assert family.village.code == "16010101"


def test_a_rejection_says_why(move: ChangeRequest, council: Actor) -> None:
    with pytest.raises(SpeanError) as refused:
        actions.reject_change(change=move, reason=" ", by=council, on=DAY)

    assert refused.value.code == "registry.reason_needed"


def test_only_who_proposed_withdraws(
    move: ChangeRequest, clerk: Actor, actor: Callable[..., Actor]
) -> None:
    with pytest.raises(NotAllowed):
        actions.withdraw_change(change=move, by=actor("commune_clerk", "1601", name="b"), on=DAY)

    assert actions.withdraw_change(change=move, by=clerk, on=DAY).state == "withdrawn"


def test_what_is_to_come_is_refused(family: Household, clerk: Actor) -> None:
    with pytest.raises(actions.EffectiveInFuture):
        actions.propose_change(
            kind="move", household=family, proposal={"village": "16010102"}, reason="So",
            effective_on=DAY + timedelta(days=1), by=clerk, on=DAY,
        )  # fmt: skip


def test_each_step_is_in_the_audit_trail_of_both_villages(family: Household, apply: Apply) -> None:
    change = apply("move", family, DAY, village="16010201")

    lines = AuditEntry.objects.filter(subject_id=str(change.pk)).order_by("id")
    assert [(line.action, line.area) for line in lines] == [
        ("registry.propose_change", "16010101"), ("registry.propose_change", "16010201"),
        ("registry.approve_change", "16010101"), ("registry.approve_change", "16010201"),
    ]  # fmt: skip


def test_the_home_page_counts_what_others_proposed(
    move: ChangeRequest, clerk: Actor, council: Actor, actor: Callable[..., Actor]
) -> None:
    assert [item.count for item in queries.waiting_for(by=council, on=DAY)] == [1]
    assert list(queries.waiting_for(by=clerk, on=DAY)) == []
    elsewhere = actor("commune_council", "160201")
    assert list(queries.changes_waiting(by=elsewhere)) == []
    assert list(queries.changes_proposed(by=clerk)) == [move]


def test_a_change_is_seen_from_both_villages_and_no_other(
    family: Household, propose: Apply, actor: Callable[..., Actor]
) -> None:
    move = propose("move", family, DAY, village="16010201")

    assert queries.change(move.pk, by=actor("commune_council", "160102")) == move
    with pytest.raises(NotAllowed):
        queries.change(move.pk, by=actor("commune_council", "160201"))


def test_an_applied_change_is_undone_whole(family: Household, apply: Apply, council: Actor) -> None:
    change = apply("move", family, DAY, village="16010102", address="There")

    undone = actions.reverse_change(change=change, reason="Wrong family", by=council, on=DAY)

    family.refresh_from_db()
    assert (family.village.code, family.address, family.past.count()) == ("16010101", "", 0)
    assert (undone.state, undone.reversed_by) == ("reversed", council.name)
    with pytest.raises(SpeanError) as refused:
        actions.reverse_change(change=change, reason="Again", by=council, on=DAY)
    assert refused.value.code == "registry.not_applied"


def test_a_change_on_which_a_later_one_builds_is_not_undone_before_it(
    family: Household, apply: Apply, council: Actor
) -> None:
    first = apply("move", family, DAY, village="16010102")
    later = apply("move", family, date(2026, 12, 9), village="16010201")

    with pytest.raises(actions.LaterChangeFirst, match="Household moves") as refused:
        actions.reverse_change(change=first, reason="Wrong", by=council, on=DAY)
    assert refused.value.later == later

    for change in (later, first):
        actions.reverse_change(change=change, reason="Wrong", by=council, on=DAY)
    family.refresh_from_db()
    assert family.village.code == "16010101"


def test_a_departure_is_not_undone_once_the_person_lives_elsewhere(
    family: Household, apply: Apply, council: Actor
) -> None:
    daughter = Person.objects.get(given_name_latin="Bopha")
    left = apply("remove_member", daughter, DAY, because="work")
    back = apply("add_member", family, DAY, because="return", known=str(daughter.pk),
                 relation="child")  # fmt: skip

    with pytest.raises(actions.LaterChangeFirst) as refused:
        actions.reverse_change(change=left, reason="Wrong", by=council, on=DAY)

    assert refused.value.later == back


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_succeeds_and_one_is_told(
    move: ChangeRequest, council: Actor, actor: Callable[..., Actor]
) -> None:
    officer = actor("district_officer", "1601")
    start, answers = threading.Barrier(2), list[str]()

    def decide(by: Actor) -> None:
        start.wait()
        try:
            answers.append(actions.approve_change(change=move, by=by, on=DAY).state)
        except SpeanError as error:
            answers.append(error.code)
        finally:
            connection.close()

    deciders = [threading.Thread(target=decide, args=(by,)) for by in (council, officer)]
    for decider in deciders:
        decider.start()
    for decider in deciders:
        decider.join(timeout=30)

    assert sorted(answers) == ["applied", "registry.already_decided"]
    assert ChangeRequest.objects.get(pk=move.pk).applied_order == 1
