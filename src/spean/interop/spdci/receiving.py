"""Callbacks and events of other registries: matched to what we asked, taken once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from spean.interop.models import Heard, Question
from spean.interop.spdci import envelope
from spean.interop.spdci.gate import Asking
from spean.kernel import audit

Json = dict[str, Any]
WORK = {
    "on-search": "search",
    "on-subscribe": "subscribe",
    "on-unsubscribe": "unsubscribe",
    "txn-on-status": "txn-status",
}


def acknowledgement(asking: Asking) -> Json:
    """Say that a callback was taken, under the id that it came with."""
    correlation = str(asking.message.get("correlation_id", asking.header["message_id"]))
    return envelope.acknowledged(correlation[:99], now=asking.now)


def receive(asking: Asking) -> Json:
    """Take a callback or an event; one that we didn't ask for is answered, and left aside."""
    known = _hear(asking) if asking.path.work == "notify" else _answered(asking)
    answer = acknowledgement(asking)
    if not known:
        answer["message"]["ack_status"] = "NACK"
    return answer


def _answered(asking: Asking) -> bool:
    """Keep the answer to a question of ours. The first answer stands; a later one changes none."""
    try:
        asked = UUID(str(asking.message.get("transaction_id", "")))
    except ValueError:
        return False
    question = (
        Question.objects.select_for_update()
        .filter(pk=asked, partner=asking.partner, work=WORK[asking.path.work])
        .first()
    )
    if question is None:
        return False
    if question.state in (Question.State.ASKED, Question.State.ACKNOWLEDGED):
        keep_answer(question, asking.message, asking)
    return True


def keep_answer(question: Question, message: Mapping[str, Any], asking: Asking) -> None:
    """Keep what a registry answered, and the audit line of it."""
    question.state = Question.State.ANSWERED
    question.answer, question.answered_at = message, asking.now
    question.correlation_id = str(message.get("correlation_id", ""))[:99]
    question.save()
    audit.write(
        by=asking.by, action="interop.question_answered", subject=question,
        partner=asking.partner.sender_id,
    )  # fmt: skip


def _hear(asking: Asking) -> bool:
    """Keep the events of a message, each once, if we are subscribed with this registry."""
    subscribed = Question.objects.filter(
        partner=asking.partner, work="subscribe", state=Question.State.ANSWERED
    ).exists()
    if not subscribed:
        return False
    Heard.objects.bulk_create(
        [_heard(one, asking) for one in asking.message.get("notify_event", ())],
        ignore_conflicts=True,
    )
    return True


def _heard(event: Mapping[str, Any], asking: Asking) -> Heard:
    data = event["data"]
    return Heard(
        partner=asking.partner,
        transaction_id=asking.message["transaction_id"],
        reference_id=event["reference_id"],
        event=str(data.get("reg_event_type", ""))[:60],
        record=data["reg_records"],
    )
