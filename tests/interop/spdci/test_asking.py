"""We ask another registry: our own registry side is the other, with a key and a name of its own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from oauth2_provider.models import get_access_token_model

from spean.interop.models import Heard, Question, Transaction
from spean.interop.spdci import asking, signing
from spean.interop.spdci.asking import AnswerNotTrusted, CannotBeAsked
from spean.interop.spdci.posting import NotTaken
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.registry import actions as registry
from tests.interop.spdci.conftest import OTHER, Caller, deliver, now

NUMBER = "1234/1988"


@pytest.fixture
def officer(actor: Callable[..., Actor], places: object) -> Actor:
    return actor("district_officer", "1601", Purpose.REGISTRATION)


def about(civil: Caller, by: Actor, *, later: bool = False, number: str = NUMBER) -> Question:
    return asking.ask_about_number(
        partner=civil.partner, kind="BRN", number=number, later=later, by=by, now=now()
    )


def test_a_number_is_asked_for_and_answered_at_once(civil: Caller, officer: Actor) -> None:
    question = about(civil, officer)

    assert question.state == "answered"
    record = question.answer["search_response"][0]["data"]["reg_records"][0]
    assert record["name"]["given_name"] == "ដារ៉ា"
    assert question.asked_by == officer.name
    assert question.correlation_id == str(Transaction.objects.get().pk)


def test_an_answer_that_comes_later_meets_its_question(civil: Caller, officer: Actor) -> None:
    question = about(civil, officer, later=True)

    assert question.state == "acknowledged"
    deliver()
    question.refresh_from_db()
    assert question.state == "answered"
    assert question.answer["search_response"][0]["status"] == "succ"


def test_an_answer_that_comes_twice_changes_nothing(civil: Caller, officer: Actor) -> None:
    question = about(civil, officer, later=True)
    deliver()
    question.refresh_from_db()
    before = question.answer
    other = dict(before) | {"search_response": []}
    header = civil.header("on-search", status="succ", receiver_id="spean")
    whole = {"header": header, "message": before}
    again = [{**whole, "signature": signing.sign(header, before)}] * 2
    forged = {"header": header | {"message_id": "x"}, "message": other}
    forged["signature"] = signing.sign(forged["header"], other)

    answers = [civil.post("crvs/registry/on-search", body) for body in (*again, forged)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {answer.json()["message"]["ack_status"] for answer in answers} == {"ACK"}
    question.refresh_from_db()
    assert question.answer == before


def test_an_answer_to_nothing_we_asked_is_left_aside(civil: Caller) -> None:
    message = {"transaction_id": str(uuid4()), "correlation_id": "1", "search_response": []}
    header = civil.header("on-search", status="succ")
    body = {"signature": signing.sign(header, message), "header": header, "message": message}

    answer = civil.post("crvs/registry/on-search", body)

    assert (answer.status_code, answer.json()["message"]["ack_status"]) == (200, "NACK")


def test_one_id_for_another_answer_is_refused(civil: Caller, officer: Actor) -> None:
    header = civil.header("on-search", status="succ")
    answers = []
    for number in ("1", "2"):
        message = {"transaction_id": number, "correlation_id": "1", "search_response": []}
        body = {"signature": signing.sign(header, message), "header": header, "message": message}
        answers.append(civil.post("crvs/registry/on-search", body).status_code)

    assert answers == [200, 400]


def test_events_that_we_subscribed_to_are_kept_once(
    civil: Caller, officer: Actor, homes: Any, places: Any, system: Actor,
    new_member: Callable[..., Any],
) -> None:  # fmt: skip
    partner = civil.partner
    partner.address = f"{OTHER}/api/dci/v1/social"
    partner.asks_registry = "social"
    partner.save()
    question = asking.subscribe_to(
        partner=partner, event="REGISTER", record="Group", by=officer, now=now()
    )
    deliver()
    registry.register_household(
        village=places["16010102"], address="", phone="", members=[new_member()], by=system,
        on=date(2026, 11, 26), not_duplicates=True,
    )  # fmt: skip
    deliver()

    question.refresh_from_db()
    code = question.answer["subscribe_response"][0]["subscriptions"][0]["code"]
    heard = Heard.objects.get()
    assert heard.event == "REGISTER"
    assert heard.record["group_size"] == 1
    ended = asking.unsubscribe_from(partner=partner, codes=[code], by=officer, now=now())
    deliver()
    ended.refresh_from_db()
    assert ended.answer["status"] == "succ"


def test_what_we_never_subscribed_to_is_not_kept(civil: Caller) -> None:
    event = {
        "reference_id": "1", "timestamp": now().isoformat(),
        "data": {"reg_record_type": "Person", "reg_records": {}},
    }  # fmt: skip
    message = {"transaction_id": "1", "notify_event": [event]}
    header = civil.header("notify", status="succ")
    body = {"signature": signing.sign(header, message), "header": header, "message": message}

    answer = civil.post("crvs/registry/notify", body)

    assert answer.json()["message"]["ack_status"] == "NACK"
    assert Heard.objects.count() == 0


@pytest.mark.parametrize("later", [False, True])
def test_what_became_of_a_question_can_be_asked(civil: Caller, officer: Actor, later: bool) -> None:
    question = about(civil, officer)

    found = asking.ask_status(question=question, later=later, by=officer, now=now())
    deliver()
    found.refresh_from_db()

    status = found.answer["txnstatus_response"]["txn_status"]
    assert status["search_response"][0]["status"] == "succ"


def test_an_answer_that_was_changed_on_its_way_is_not_kept(
    civil: Caller, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = asking.post

    def changed(url: str, *, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        status, answer = honest(url, body=body, headers=headers)
        answer["message"]["search_response"][0]["data"]["reg_records"] = []
        return status, answer

    monkeypatch.setattr("spean.interop.spdci.asking.post", changed)

    with pytest.raises(AnswerNotTrusted):
        about(civil, officer)
    refused = Question.objects.get()
    assert (refused.state, refused.answer) == ("refused", None)


def test_a_registry_that_does_not_answer_leaves_the_question_refused(
    civil: Caller, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(*_: Any, **__: Any) -> tuple[int, Any]:
        raise NotTaken(why="timeout")

    monkeypatch.setattr("spean.interop.spdci.asking.post", dead)

    with pytest.raises(NotTaken):
        about(civil, officer)
    assert Question.objects.get().state == "refused"


def test_a_partner_without_a_registry_cannot_be_asked(
    caller: Callable[..., Caller], officer: Actor
) -> None:
    with pytest.raises(CannotBeAsked):
        about(caller(), officer)


def test_who_may_not_ask_does_not(civil: Caller, actor: Callable[..., Actor]) -> None:
    with pytest.raises(NotAllowed):
        about(civil, actor("enumerator", "160101", Purpose.REGISTRATION))
    assert get_access_token_model().objects.count() == 1
