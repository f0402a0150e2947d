"""What is answered later: callbacks, subscriptions, events, and the status of a request."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from spean.interop.models import Callback, Notification, Release, Subscription, Transaction
from spean.interop.spdci import notifying, posting, signing
from spean.interop.spdci.posting import NotTaken
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import OutboxMessage
from spean.locations.models import Place
from spean.programmes import actions as programmes
from spean.programmes.models import Enrolment
from spean.registry import actions as registry
from spean.registry.models import Household, Person
from tests.interop.spdci.conftest import (
    Caller,
    deliver,
    expression,
    now,
    search_message,
)

HOST = "https://spmis.example.org/dci/registry"
ANY = expression({"group_size": {"$gt": 0}})


@dataclass
class Mailbox:
    """A partner's own server: what was posted to it, and whether it takes anything."""

    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def post(self, url: str, *, body: bytes, headers: Any) -> tuple[int, dict[str, Any]]:
        if self.answers:
            return self.answers.pop(0)
        self.taken.append((url, json.loads(body)))
        return 200, {"message": {"ack_status": "ACK"}}


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    box = Mailbox()
    monkeypatch.setattr("spean.interop.spdci.sending.post", box.post)
    return box


@pytest.fixture
def asking(caller: Callable[..., Caller], homes: Any) -> Caller:
    return caller()


def ask(asking: Caller, message: dict[str, Any], **header: Any) -> str:
    """Search later; give the correlation id."""
    usual = {"sender_uri": f"{HOST}/on-search"}
    answer = asking.send("social/registry/search", "search", message, **(usual | header))
    assert answer.json()["message"]["ack_status"] == "ACK", answer.content
    return str(answer.json()["message"]["correlation_id"])


def subscribe(asking: Caller, *, registry: str = "social", **criteria: Any) -> dict[str, Any]:
    usual = {
        "reg_event_type": "REGISTER",
        "notify_record_type": "Group",
        "filter_type": "expression",
        "filter": ANY["query"],
    }
    message = {
        "transaction_id": str(uuid4()),
        "subscribe_request": [
            {
                "reference_id": "1",
                "timestamp": now().isoformat(),
                "subscribe_criteria": usual | criteria,
                "locale": "eng",
            }
        ],
    }
    answer = asking.send(
        f"{registry}/registry/subscribe", "subscribe", message, sender_uri=f"{HOST}/on-subscribe"
    )
    assert answer.json()["message"]["ack_status"] == "ACK", answer.content
    return message


@pytest.fixture
def born(
    places: dict[str, Place], system: Actor, new_member: Callable[..., Any], homes: Any
) -> Callable[[], UUID]:
    """Record a birth in the family of Sok."""

    def make() -> UUID:
        change = registry.propose_change(
            kind="add_member", household=homes["sok"], person=None, reason="Born",
            proposal={
                "because": "birth", "not_duplicates": True,
                "member": new_member(relation="child", given_name_km="សុខា", sex="female",
                                     given_name_latin="Sokha", birth_date=date(2026, 11, 24)),
            },
            effective_on=date(2026, 11, 25), by=system, on=date(2026, 11, 26),
        )  # fmt: skip
        registry.approve_change(
            change=change, by=Actor(None, system.purpose, "council"), on=date(2026, 11, 26)
        )
        return UUID(str(homes["sok"].pk))

    return make


@pytest.fixture
def registered(
    places: dict[str, Place], system: Actor, new_member: Callable[..., Any]
) -> Callable[..., Household]:
    def make(code: str = "16010102", **head: Any) -> Household:
        return registry.register_household(
            village=places[code], address="", phone="", by=system, on=date(2026, 11, 26),
            members=[new_member(birth_date=date(1970, 1, 1), **head)], not_duplicates=True,
        )  # fmt: skip

    return make


def test_a_search_is_acknowledged_and_answered_at_the_address_it_named(
    asking: Caller, mailbox: Mailbox
) -> None:
    message = search_message(ANY)
    correlation = ask(asking, message)

    assert mailbox.taken == []
    deliver()

    [(url, body)] = mailbox.taken
    assert url == f"{HOST}/on-search"
    assert body["header"]["action"] == "on-search"
    assert body["header"]["receiver_id"] == asking.partner.sender_id
    assert body["message"]["transaction_id"] == message["transaction_id"]
    assert body["message"]["correlation_id"] == correlation
    assert len(body["message"]["search_response"][0]["data"]["reg_records"]) == 3
    assert signing.is_signed(body["signature"], body, signing_keys())
    assert Release.objects.count() == 3
    assert Callback.objects.get().message is None


def signing_keys() -> Any:
    from jwcrypto.jwk import JWKSet

    return JWKSet.from_json(json.dumps(signing.published()))


def test_the_worker_is_woken_once_a_request_is_kept(
    asking: Caller, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask(asking, search_message(ANY))
        ask(asking, search_message(ANY))

    waiting = ProcrastinateJob.objects.filter(task_name="spean.interop.jobs.deliver_soon")
    assert waiting.count() == 1


def test_a_search_without_an_address_is_acknowledged_and_nothing_is_sent(
    asking: Caller, mailbox: Mailbox
) -> None:
    correlation = ask(asking, search_message(ANY), sender_uri="https://spmis.example.org/x")
    answer = asking.send("social/registry/search", "search", search_message(ANY))
    deliver()

    assert answer.json()["message"]["ack_status"] == "ACK"
    assert len(mailbox.taken) == 1
    assert mailbox.taken[0][1]["message"]["correlation_id"] == correlation


@pytest.mark.parametrize(
    "answer", [(500, {}), (200, {"message": {"ack_status": "ERR"}}), (302, {}), (200, {})]
)
def test_a_callback_that_is_not_taken_comes_again_as_the_same_message(
    asking: Caller, mailbox: Mailbox, answer: tuple[int, dict[str, Any]]
) -> None:
    ask(asking, search_message(ANY))
    mailbox.answers.append(answer)
    deliver()
    waiting = OutboxMessage.objects.get(delivered_at=None)
    assert waiting.due_at > now()
    assert Callback.objects.get().message is not None

    OutboxMessage.objects.filter(pk=waiting.pk).update(due_at=now())
    deliver()

    assert len(mailbox.taken) == 1
    assert (
        mailbox.taken[0][1]["header"]["message_id"] == Callback.objects.get().header["message_id"]
    )
    assert Release.objects.count() == 3


def test_a_callback_nobody_takes_is_given_up_after_a_week(asking: Caller, mailbox: Mailbox) -> None:
    ask(asking, search_message(ANY))
    mailbox.answers.append((500, {}))
    deliver()
    Callback.objects.update(made_at=now() - timedelta(days=8))
    OutboxMessage.objects.filter(delivered_at=None).update(due_at=now())
    deliver()

    assert mailbox.taken == []
    assert Callback.objects.get().given_up_at is not None
    assert Callback.objects.get().message is None


def test_a_host_that_was_taken_off_the_list_is_not_called_any_more(
    asking: Caller, mailbox: Mailbox
) -> None:
    ask(asking, search_message(ANY))
    asking.partner.callback_hosts = []
    asking.partner.save()
    deliver()

    assert mailbox.taken == []


def test_no_redirect_is_followed_and_a_dead_host_is_an_answer_that_fails() -> None:
    with pytest.raises(NotTaken):
        posting.post("http://127.0.0.1:9/nobody", body=b"{}", headers={})


@pytest.mark.parametrize("by", ["transaction_id", "reference_id_list", "correlation_id"])
@pytest.mark.parametrize("way", ["sync/txn/status", "txn/status"])
def test_the_status_of_a_request_can_be_asked_for(
    asking: Caller, mailbox: Mailbox, by: str, way: str
) -> None:
    message = search_message(ANY)
    correlation = ask(asking, message)
    value = {
        "transaction_id": message["transaction_id"],
        "reference_id_list": ["0"],
        "correlation_id": correlation,
    }[by]

    before = status(asking, "search", by, value)
    deliver()
    after = status(asking, "search", by, value, way=way, mailbox=mailbox)

    assert before["txn_status"]["search_response"][0]["status"] == "rcvd"
    assert after["txn_status"]["correlation_id"] == correlation
    response = after["txn_status"]["search_response"][0]
    assert response["status"] == "succ"
    assert response["pagination"]["total_count"] == 3
    assert "data" not in response


def status(
    asking: Caller, kind: str, by: str, value: Any, *, way: str = "sync/txn/status",
    mailbox: Mailbox | None = None, registry: str = "social",
) -> Any:  # fmt: skip
    message = {
        "transaction_id": str(uuid4()),
        "txnstatus_request": {
            "reference_id": "9", "txn_type": kind, "attribute_type": by, "attribute_value": value,
        },
    }  # fmt: skip
    answer = asking.send(
        f"{registry}/registry/{way}", "txn-status", message,
        sender_uri=f"{HOST}/txn/on-status",
    ).json()  # fmt: skip
    if not way.startswith("sync") and mailbox is not None:
        assert answer["message"]["ack_status"] == "ACK"
        deliver()
        answer = mailbox.taken[-1][1]
        assert answer["header"]["action"] == "txn-on-status"
    return answer["message"]["txnstatus_response"]


def test_nobody_learns_the_status_of_anothers_request(
    asking: Caller, caller: Callable[..., Caller], mailbox: Mailbox
) -> None:
    message = search_message(ANY)
    ask(asking, message)
    other = caller(sender_id="other.example.org")

    found = status(other, "search", "transaction_id", message["transaction_id"])

    response = found["txn_status"]["search_response"][0]
    assert (response["status"], response["status_reason_code"]) == (
        "rjct", "rjct.reference_id.invalid",
    )  # fmt: skip


def test_a_subscriber_hears_of_a_household_once(
    asking: Caller, mailbox: Mailbox, registered: Callable[..., Household]
) -> None:
    subscribe(asking)
    deliver()
    answered = mailbox.taken.pop()[1]
    home = registered()
    deliver()
    told = OutboxMessage.objects.filter(body__household=str(home.pk))
    assert told.update(delivered_at=None) == 1
    deliver()

    code = answered["message"]["subscribe_response"][0]["subscriptions"][0]["code"]
    assert str(Subscription.objects.get().pk) == code
    [(url, body)] = mailbox.taken
    assert url == f"{HOST}/notify"
    assert body["header"]["action"] == "notify"
    told = body["message"]["notify_event"][0]["data"]
    assert told["reg_event_type"] == "REGISTER"
    assert told["reg_records"]["group_size"] == 1
    assert told["reg_records"]["geographical_location"]["@id"] == "16010102"
    release = Release.objects.get(household=home)
    assert release.subscription is not None


@pytest.mark.parametrize(
    "criteria",
    [
        {"filter": expression({"group_size": {"$gt": 5}})["query"]},
        {"filter": expression({"location": "1602"})["query"]},
        {"reg_event_type": "spdci:common:RegistryEventType:NewHouseHoldMember"},
        {
            "frequency": {
                "start_time": "2020-01-01T00:00:00+07:00", "end_time": "2021-01-01T00:00:00+07:00",
                "frequency": "",
            }
        },
    ],
)  # fmt: skip
def test_a_subscriber_hears_of_nothing_else(
    asking: Caller,
    mailbox: Mailbox,
    registered: Callable[..., Household],
    criteria: dict[str, Any],
) -> None:
    subscribe(asking, **criteria)
    deliver()
    registered()
    deliver()

    assert [body["header"]["action"] for _, body in mailbox.taken] == ["on-subscribe"]
    assert Subscription.objects.count() == 1


def test_a_subscriber_of_another_area_hears_nothing(
    caller: Callable[..., Caller], homes: Any, mailbox: Mailbox,
    registered: Callable[..., Household],
) -> None:  # fmt: skip
    subscribe(caller(area="1602"))
    deliver()
    registered()
    deliver()

    assert len(mailbox.taken) == 1


def test_a_birth_is_heard_by_who_asked_for_births_and_for_new_members(
    asking: Caller, mailbox: Mailbox, born: Callable[[], UUID]
) -> None:
    subscribe(asking, reg_event_type="NewHouseHoldMember", notify_record_type="Member", filter={})
    everybody = {"type": "ns:org:QueryType:expression", "value": {"expression": {"sex": "female"}}}
    subscribe(
        asking, registry="crvs", reg_event_type="spdci-common:RegistryEventType:LiveBirth",
        notify_record_type="spdci-extensions-dci:Person", filter=everybody,
    )  # fmt: skip
    deliver()
    mailbox.taken.clear()
    born()
    deliver()

    told = {
        body["message"]["notify_event"][0]["data"]["reg_event_type"]: body["message"][
            "notify_event"
        ][0]["data"]["reg_records"]
        for _, body in mailbox.taken
    }
    assert set(told) == {"NewHouseHoldMember", "spdci-common:RegistryEventType:LiveBirth"}
    assert told["NewHouseHoldMember"]["demographic_info"]["name"]["given_name"] == "Sokha"
    live = told["spdci-common:RegistryEventType:LiveBirth"]
    assert live["birth_date"] == "2026-11-24T00:00:00+07:00"


def test_a_death_is_heard_by_who_asked_for_deaths(
    asking: Caller, mailbox: Mailbox, homes: dict[str, Household], system: Actor
) -> None:
    subscribe(
        asking, registry="crvs", reg_event_type="Death", notify_record_type="Person", filter={}
    )
    deliver()
    change = registry.propose_change(
        kind="death", household=homes["keo"], reason="Told by the village", by=system,
        person=Person.objects.get(given_name_latin="Ratana"), proposal={},
        effective_on=date(2026, 11, 25), on=date(2026, 11, 26),
    )  # fmt: skip
    registry.approve_change(
        change=change, by=Actor(None, system.purpose, "council"), on=date(2026, 11, 26)
    )
    deliver()

    told = mailbox.taken[-1][1]["message"]["notify_event"][0]["data"]
    assert told["reg_event_type"] == "spdci-common:RegistryEventType:Death"
    assert told["reg_records"]["death_date"] == "2026-11-25T00:00:00+07:00"


def test_a_subscriber_may_want_to_hear_at_certain_times_only(
    asking: Caller, mailbox: Mailbox, registered: Callable[..., Household]
) -> None:
    subscribe(
        asking,
        frequency={
            "start_time": "2026-01-01T00:00:00+07:00", "end_time": "2099-01-01T00:00:00+07:00",
            "frequency": "0 0 0 5,15 * ? *",
        },
    )  # fmt: skip
    deliver()
    registered()
    deliver()
    waiting = Notification.objects.get()

    assert len(mailbox.taken) == 1
    assert waiting.due_at.astimezone().day in {4, 5, 14, 15}
    assert notifying.write_due(waiting.due_at) == 1
    deliver()
    assert mailbox.taken[-1][1]["header"]["action"] == "notify"


def test_an_unsubscribed_partner_hears_nothing_more(
    asking: Caller, mailbox: Mailbox, registered: Callable[..., Household]
) -> None:
    subscribe(asking)
    deliver()
    code = str(Subscription.objects.get().pk)
    first, again = unsubscribe(asking, [code], mailbox), unsubscribe(asking, [code], mailbox)
    registered()
    deliver()

    assert first["status"] == "succ"
    assert first["subscription_status"] == [{"code": code, "status": "unsubscribe"}]
    assert again["status_reason_code"] == "rjct.event.already_unsubscribed"
    assert "notify" not in {body["header"]["action"] for _, body in mailbox.taken}


@pytest.mark.parametrize("code", ["", "unknown", "8a1f6f9e-3a63-4c9b-9d5e-0c6a0a9f2f11"])
def test_an_unknown_subscription_is_acknowledged_and_rejected_later(
    asking: Caller, mailbox: Mailbox, code: str
) -> None:
    answer = unsubscribe(asking, [code], mailbox)

    assert answer["status"] == "rjct"
    assert answer["status_reason_code"] == "rjct.subscription_code.invalid"


def unsubscribe(asking: Caller, codes: list[str], mailbox: Mailbox) -> Any:
    message = {
        "transaction_id": str(uuid4()), "timestamp": now().isoformat(), "subscription_codes": codes,
    }  # fmt: skip
    answer = asking.send(
        "social/registry/unsubscribe", "unsubscribe", message,
        sender_uri=f"{HOST}/on-unsubscribe",
    )  # fmt: skip
    assert answer.json()["message"]["ack_status"] == "ACK"
    deliver()
    return mailbox.taken[-1][1]["message"]


@pytest.mark.parametrize(
    ("criteria", "reason"),
    [
        ({"reg_event_type": "Marriage"}, "rjct.notify_types.invalid"),
        ({"filter": expression({"shoe": 1})["query"]}, "rjct.notify_details.invalid"),
        ({"filter": [], "filter_type": "graphql", "reg_type": "x"}, "rjct.notify_details.invalid"),
        (
            {
                "frequency": {
                    "start_time": "2026-01-01T00:00:00+07:00",
                    "end_time": "2027-01-01T00:00:00+07:00",
                    "frequency": "now and then",
                }
            },
            "rjct.notify_details.invalid",
        ),
    ],
)
def test_a_subscription_that_cannot_be_is_rejected(
    asking: Caller, mailbox: Mailbox, criteria: dict[str, Any], reason: str
) -> None:
    subscribe(asking, **criteria)
    deliver()

    response = mailbox.taken[0][1]["message"]["subscribe_response"][0]
    assert (response["status"], response["status_reason_code"]) == ("rjct", reason)


def test_nobody_subscribes_twice_to_the_same(asking: Caller, mailbox: Mailbox) -> None:
    subscribe(asking)
    second = subscribe(asking)
    deliver()
    found = status(asking, "subscribe", "transaction_id", second["transaction_id"])

    answers = [body["message"]["subscribe_response"][0] for _, body in mailbox.taken]
    assert answers[1]["status_reason_code"] == "rjct.event.already_subscribed"
    assert found["txn_status"]["subscribe_response"] == [answers[1]]
    assert Transaction.objects.filter(state="rjct").count() == 1


@pytest.fixture
def candidates(homes: dict[str, Household]) -> dict[str, Household]:
    """Two families of Nhang and one of Phlov wait to be reviewed; one is in a secret programme."""
    for name, home in homes.items():
        for programme in ("disability_allowance", *(["base_support"] if name == "sok" else [])):
            Enrolment.objects.create(
                household=home, programme=programme, village=home.village.code,
                state="candidate", since=date(2026, 11, 20), amount=1000,
            )  # fmt: skip
    return homes


def _of_enrolments(asking: Caller, event: str = "enrollement", **criteria: Any) -> None:
    query = expression({"programme_identifier": {"$ne": "none"}})["query"]
    subscribe(
        asking, registry="ibr", reg_event_type=f"spdci-common:RegistryEventType:{event}",
        notify_record_type="Beneficiary", filter=query, **criteria,
    )  # fmt: skip
    deliver()


def _told(mailbox: Mailbox) -> list[tuple[str, str]]:
    events = [one["data"] for _, body in mailbox.taken if body["header"]["action"] == "notify"
              for one in body["message"]["notify_event"]]  # fmt: skip
    return sorted(
        (one["reg_records"]["programme_identifier"][0]["programme_identifier"],
         one["reg_records"]["group"]["geographical_location"]["@id"])
        for one in events
    )  # fmt: skip


def test_a_review_is_told_of_each_family_that_it_enrolled_in_the_partners_area(
    caller: Callable[..., Caller], candidates: dict[str, Household], mailbox: Mailbox,
    actor: Callable[..., Actor],
) -> None:  # fmt: skip
    _of_enrolments(caller(area="1601"))
    officer = actor("programme_officer", "", Purpose.PAYMENT)

    for programme in ("disability_allowance", "base_support"):
        with suppress(NotAllowed):
            programmes.enrol_candidates(
                programme=programme, area="", by=officer, on=date(2026, 11, 26)
            )
    deliver()

    assert _told(mailbox) == 2 * [("disability_allowance", "16010101")]


def test_one_familys_way_through_a_programme_is_told_step_by_step(
    asking: Caller, candidates: dict[str, Household], mailbox: Mailbox,
    actor: Callable[..., Actor],
) -> None:  # fmt: skip
    officer = actor("programme_officer", "", Purpose.PAYMENT)

    def move(to: str) -> None:
        programmes.move(
            programme="disability_allowance", household_id=candidates["sok"].pk, to=to,
            reason="Heard", by=officer, on=date(2026, 11, 26),
        )  # fmt: skip
        deliver()

    _of_enrolments(asking)
    move("enrolled")
    assert len(_told(mailbox)) == 1
    _of_enrolments(asking, "enrollement_status_change")
    move("suspended")

    assert len(_told(mailbox)) == 2
    last = mailbox.taken[-1][1]["message"]["notify_event"][0]["data"]
    assert last["reg_event_type"] == "enrollement_status_change"
    assert last["reg_records"]["enrollment_status"] == "4"


def test_who_was_refused_is_told_to_nobody(
    asking: Caller, candidates: dict[str, Household], mailbox: Mailbox,
    actor: Callable[..., Actor],
) -> None:  # fmt: skip
    _of_enrolments(asking, "enrollement_status_change")
    programmes.move(
        programme="disability_allowance", household_id=candidates["sok"].pk, to="refused",
        reason="Moved away", by=actor("programme_officer", "", Purpose.PAYMENT),
        on=date(2026, 11, 26),
    )  # fmt: skip
    deliver()

    assert _told(mailbox) == []
