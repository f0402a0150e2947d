"""Asking other registries: as the standard's client, in the name of an officer.

What is asked is kept before it is sent, so that an answer always meets its question. An answer that
is given at once must be signed by the registry; one that comes later is taken in by `receiving`.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from jwcrypto.jwk import JWKSet

from spean.interop.models import Partner, Question, Signing
from spean.interop.spdci import envelope, signing
from spean.interop.spdci.posting import NotTaken, post
from spean.interop.spdci.registries import REGISTRIES, VERSION
from spean.interop.spdci.tokens import signed_in
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NotAllowed, SpeanError
from spean.kernel.ids import new_id

ASK = "interop.ask_registry"
ROOT = "api/dci/v1"
Json = dict[str, Any]
PATHS = {
    "search": ("registry/search", "registry/sync/search", "registry/on-search"),
    "subscribe": ("registry/subscribe", "", "registry/on-subscribe"),
    "unsubscribe": ("registry/unsubscribe", "", "registry/on-unsubscribe"),
    "txn-status": ("registry/txn/status", "registry/sync/txn/status", "registry/txn/on-status"),
}


class CannotBeAsked(SpeanError):
    """Refuse to ask a partner that is no registry of others, or is closed."""

    code = "interop.cannot_be_asked"
    message = N_("This partner can’t be asked. Choose another registry.")
    field = "partner"


class AnswerNotTrusted(SpeanError):
    """Refuse an answer that is not signed by who was asked."""

    code = "interop.answer_not_trusted"
    message = N_("The answer is not signed by the registry that was asked, and was not kept.")
    status = 502


def ask_about_number(
    *, partner: Partner, kind: str, number: str, later: bool, person_id: UUID | None = None,
    by: Actor, now: datetime,
) -> Question:  # fmt: skip
    """Ask a registry whose number this is: at once, or to be answered later.

    Raises NotAllowed, CannotBeAsked, NotTaken, AnswerNotTrusted.
    """
    criteria = {
        "version": VERSION,
        "reg_type": REGISTRIES[partner.asks_registry].reg_type if partner.asks_registry else "",
        "query_type": "idtype-value",
        "query": {"type": kind, "value": number},
        "pagination": {"page_size": 5, "page_number": 1},
        "authorize": _authorization(by, now),
    }
    request = {
        "reference_id": "1", "timestamp": envelope.written(now), "search_criteria": criteria,
        "locale": "khm",
    }  # fmt: skip
    return ask(
        partner=partner, work="search", message={"search_request": [request]}, later=later,
        person_id=person_id, by=by, now=now,
    )  # fmt: skip


def subscribe_to(
    *, partner: Partner, event: str, record: str, by: Actor, now: datetime
) -> Question:
    """Ask a registry to tell us of its events. Raises what `ask` raises."""
    criteria = {
        "version": VERSION,
        "reg_event_type": event,
        "filter": {},
        "notify_record_type": record,
        "authorize": _authorization(by, now),
    }
    request = {
        "reference_id": "1", "timestamp": envelope.written(now), "subscribe_criteria": criteria,
    }  # fmt: skip
    message = {"subscribe_request": [request]}
    return ask(partner=partner, work="subscribe", message=message, later=True, by=by, now=now)


def unsubscribe_from(*, partner: Partner, codes: list[str], by: Actor, now: datetime) -> Question:
    """Ask a registry to tell us no more. Raises what `ask` raises."""
    message = {"timestamp": envelope.written(now), "subscription_codes": codes}
    return ask(partner=partner, work="unsubscribe", message=message, later=True, by=by, now=now)


def ask_status(*, question: Question, later: bool = False, by: Actor, now: datetime) -> Question:
    """Ask what became of an earlier question. Raises what `ask` raises."""
    request = {
        "reference_id": "1",
        "txn_type": question.work,
        "attribute_type": "transaction_id",
        "attribute_value": str(question.pk),
    }
    return ask(
        partner=question.partner, work="txn-status", message={"txnstatus_request": request},
        later=later, by=by, now=now,
    )  # fmt: skip


def ask(
    *, partner: Partner, work: str, message: Mapping[str, Any], later: bool,
    person_id: UUID | None = None, by: Actor, now: datetime,
) -> Question:  # fmt: skip
    """Send one message to another registry and keep what it says to it.

    Raises NotAllowed, CannotBeAsked, NotTaken, AnswerNotTrusted.
    """
    if not access.areas(by, ASK):
        raise NotAllowed(permission=ASK, area="")
    if not partner.address or partner.closed_on is not None:
        raise CannotBeAsked
    question = _keep(partner, work, message, person_id, by)
    try:
        answer = _sent(question, later=later, now=now)
    except SpeanError:
        _note(question, state=Question.State.REFUSED, answered_at=now)
        raise
    return _take(question, answer, later=later, by=by, now=now)


def _authorization(by: Actor, now: datetime) -> Json:
    text = f"Asked by an officer for {by.purpose}"
    return {"ts": envelope.written(now), "purpose": {"code": str(by.purpose), "text": text}}


@transaction.atomic
def _keep(
    partner: Partner, work: str, message: Mapping[str, Any], person_id: UUID | None, by: Actor
) -> Question:
    number = new_id()
    question = Question.objects.create(
        id=number, partner=partner, work=work, person_id=person_id, asked_by=by.name,
        request={"transaction_id": str(number), **message},
    )  # fmt: skip
    audit.write(by=by, action=ASK, subject=question, partner=partner.sender_id, work=work)
    return question


def _sent(question: Question, *, later: bool, now: datetime) -> Json:
    partner = question.partner
    path, at_once, back = PATHS[question.work]
    head: Json = {
        "version": VERSION,
        "message_id": str(new_id()),
        "message_ts": envelope.written(now),
        "action": question.work,
        "sender_id": settings.SPDCI_OWN_ID,
        "receiver_id": partner.sender_id,
        "total_count": 1,
    }
    if later:
        own = f"{settings.SPDCI_OWN_ADDRESS}/{ROOT}/{partner.asks_registry or 'social'}"
        head["sender_uri"] = f"{own}/{back}"
    whole = envelope.signed(head, question.request)
    status, answer = post(
        f"{partner.address.rstrip('/')}/{path if later else at_once}",
        body=json.dumps(whole, ensure_ascii=False).encode(),
        headers=signed_in(partner),
    )
    if status != 200:
        raise NotTaken(why=status)
    return answer


def _take(question: Question, answer: Json, *, later: bool, by: Actor, now: datetime) -> Question:
    if later:
        return _acknowledged(question, answer, now)
    if not _trusted(question.partner, answer):
        _note(question, state=Question.State.REFUSED, answered_at=now)
        raise AnswerNotTrusted
    message = answer.get("message", {})
    if message.get("transaction_id") != str(question.pk):
        _note(question, state=Question.State.REFUSED, answered_at=now)
        raise NotTaken(why="transaction_id")
    rejected = answer["header"].get("status") == "rjct"
    state = Question.State.REFUSED if rejected else Question.State.ANSWERED
    return _note(
        question, state=state, answer=message, answered_at=now,
        correlation_id=str(message.get("correlation_id", ""))[:99],
    )  # fmt: skip


def _acknowledged(question: Question, answer: Json, now: datetime) -> Question:
    """Keep the acknowledgement; the answer itself may have come already."""
    said = answer.get("message")
    if not isinstance(said, dict) or said.get("ack_status") != "ACK":
        _note(question, state=Question.State.REFUSED, answered_at=now)
        raise NotTaken(why="ack_status")
    correlation = str(said.get("correlation_id", ""))[:99]
    waiting = Question.objects.filter(pk=question.pk, state=Question.State.ASKED)
    waiting.update(state=Question.State.ACKNOWLEDGED, correlation_id=correlation)
    question.refresh_from_db()
    return question


def _trusted(partner: Partner, answer: Json) -> bool:
    if not isinstance(answer.get("header"), dict) or not isinstance(answer.get("message"), dict):
        return False
    signature = str(answer.get("signature", ""))
    if partner.signing == Signing.UNSIGNED and signature in signing.UNSIGNED:
        return True
    keys = JWKSet.from_json(json.dumps(partner.keys or {"keys": []}))
    return signing.is_signed(signature, answer, keys)


def _note(question: Question, **what: Any) -> Question:
    for name, value in what.items():
        setattr(question, name, value)
    question.save(update_fields=list(what))
    return question
