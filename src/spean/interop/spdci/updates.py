"""Beneficiaries that another system's programme tells us of, each matched to a person of ours.

A record is read in the standard's JSON-LD form and in that of its samples, which differ.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from spean.interop.models import OutsideEnrolment, Transaction
from spean.interop.spdci import envelope
from spean.interop.spdci.answering import keep
from spean.interop.spdci.attributes import shown_to
from spean.interop.spdci.codes import ENROLMENTS
from spean.interop.spdci.compiling import compiled
from spean.interop.spdci.criteria import Compare
from spean.interop.spdci.entities import MEMBER
from spean.interop.spdci.errors import NotForThisPartner, Refused, RequestRejected, TooManyAtOnce
from spean.interop.spdci.gate import Asking
from spean.interop.spdci.lookups import whole
from spean.interop.spdci.reading import moment
from spean.interop.spdci.searching import EXCHANGE
from spean.kernel import access, audit
from spean.kernel.errors import N_
from spean.kernel.i18n import explain

Json = dict[str, Any]
MOST = 100
WRONG = "rjct.reference_id.invalid"
STATUSES = {
    "active": ENROLMENTS["enrolled"], "1": "1", "deceased": "2", "2": "2",
    "graduated": ENROLMENTS["exited"], "3": "3", "suspended": ENROLMENTS["suspended"], "4": "4",
}  # fmt: skip


def enrolment_updates(asking: Asking) -> Json:
    """Take in what a programme says of its beneficiaries; say of each whether it was."""
    if not asking.message:
        raise Refused(why=N_("the message is missing"))
    told = asking.message["enrolled_updates"].get("beneficiaries", [])
    if len(told) > MOST:
        raise TooManyAtOnce(limit=MOST)
    kept = keep(asking)
    answers = [_taken(one, number, asking) for number, one in enumerate(told, start=1)]
    message = {
        "transaction_id": kept.transaction_id,
        "correlation_id": str(kept.pk),
        "enrolled_response": answers,
    }
    kept.state, kept.answered_at = Transaction.State.SUCCEEDED, asking.now
    kept.answer = message
    kept.save(update_fields=["state", "answer", "answered_at"])
    return whole(asking, message, "notify")


def _taken(record: Mapping[str, Any], number: int, asking: Asking) -> Json:
    answer = {
        "reference_id": str(record.get("reference_id", number)),
        "timestamp": envelope.written(asking.now),
    }
    try:
        _take(record, asking)
    except RequestRejected as error:
        said = explain(error)[: envelope.LONGEST_REASON]
        return answer | {"status": "rjct", "status_reason_message": said}
    return answer | {"status": "succ"}


def _take(record: Mapping[str, Any], asking: Asking) -> None:
    programme, name, about = _programme(record)
    status = STATUSES.get(_first(about, "enrollment_status", "enrolment_status").casefold())
    if not programme or status is None:
        raise RequestRejected(WRONG, why=N_("the programme or the status is missing or unknown"))
    person, area = _person(record, asking)
    found, _ = OutsideEnrolment.objects.update_or_create(
        partner=asking.partner,
        person_id=person,
        programme=programme[:60],
        defaults={
            "programme_name": name[:200],
            "status": status,
            "since": _day(_first(about, "enrollment_date", "enrolment_date"), asking.on),
            "told_at": asking.now,
        },
    )
    audit.write(
        by=asking.by, action="interop.enrolment_told", subject=found, area=area,
        programme=programme[:60], status=status,
    )  # fmt: skip


def _programme(record: Mapping[str, Any]) -> tuple[str, str, Mapping[str, Any]]:
    """Give the programme's code and name, and the part of the record that says since when."""
    member = record.get("member")
    about = (
        record if "programme_identifier" in record or not isinstance(member, Mapping) else member
    )
    given = about.get("programme_identifier")
    given = given[0] if isinstance(given, list) and given else given
    if not isinstance(given, Mapping):
        return str(given or ""), "", about
    inner = given.get("programme")
    if isinstance(inner, Mapping):
        about, given = given, inner
    return _first(given, "programme_identifier"), _first(given, "programme_name"), about


def _person(record: Mapping[str, Any], asking: Asking) -> tuple[UUID, str]:
    """Give the person of the first number that one of the partner's areas knows."""
    for pair in _numbers(record.get("member")):
        condition = Compare("identifier", "eq", (pair,))
        try:
            fits = compiled(condition, MEMBER, shown_to(asking.partner), asking.on)
        except RequestRejected:
            raise NotForThisPartner from None
        rows = access.within(
            MEMBER.rows(asking.on).filter(fits), asking.by, EXCHANGE, code=MEMBER.area
        )
        row = rows.order_by("pk").first()
        if row is not None:
            return row.person_id, row.household.village.code
    raise RequestRejected(WRONG, why=N_("nobody is known here by this identifier"))


def _numbers(member: Any) -> Iterator[str | Mapping[str, Any]]:
    if not isinstance(member, Mapping):
        return
    person = member.get("demographic_info")
    person = person if isinstance(person, Mapping) else {}
    inner = person.get("person")
    for given in (member.get("member_identifier"), person.get("identifier"), inner):
        for one in given if isinstance(given, list) else [given]:
            if isinstance(one, str) and one:
                yield one
            elif isinstance(one, Mapping) and isinstance(one.get("identifier_value"), str):
                yield {name: one[name] for name in ("identifier_type", "identifier_value")
                       if name in one}  # fmt: skip


def _first(record: Mapping[str, Any], *names: str) -> str:
    return next((str(record[name]) for name in names if record.get(name)), "")


def _day(text: str, on: date) -> date:
    """Read the day since which somebody is enrolled; the day of the message if it isn't said."""
    if not text:
        return on
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return moment(text).date()
    except Refused:
        raise RequestRejected(WRONG, why=N_("a date is written 2026-11-27")) from None
