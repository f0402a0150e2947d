"""One question about one person: enrolled or not, disabled or not, and with which difficulties.

These paths name no language of queries of their own: `{"…identifier": {"eq": number}}`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from spean.interop.models import OutsideEnrolment, Permit, Transaction
from spean.interop.spdci import envelope, registries
from spean.interop.spdci.answering import keep
from spean.interop.spdci.attributes import shown_to
from spean.interop.spdci.codes import ENROLMENTS
from spean.interop.spdci.compiling import compiled
from spean.interop.spdci.criteria import Compare, Condition, Junction
from spean.interop.spdci.entities import BENEFICIARY, MEMBER, Entity
from spean.interop.spdci.errors import (
    NotForThisPartner,
    PermitMissing,
    Refused,
    RequestRejected,
)
from spean.interop.spdci.gate import Asking
from spean.interop.spdci.people import impairments
from spean.interop.spdci.permits import permits
from spean.interop.spdci.records import Released
from spean.interop.spdci.releasing import log_released
from spean.interop.spdci.searching import EXCHANGE
from spean.kernel import access
from spean.kernel.errors import N_
from spean.registry import queries as registry

Json = dict[str, Any]
ACTIVE = ENROLMENTS["enrolled"]


def enrolled(asking: Asking) -> Json:
    """Say whether somebody is enrolled in a programme, one of ours or one that told us."""
    query = _query(asking, "enrolled_criteria")
    number, programme = _asked(query, "identifier"), _asked(query, "programme_identifier")
    if number is None:
        raise Refused(why=N_("the query names no identifier"))
    parts: list[Condition] = [
        Compare("identifier", "eq", (number,)), Compare("enrollment_status", "eq", (ACTIVE,)),
    ]  # fmt: skip
    if programme is not None:
        parts.append(Compare("programme_identifier", "eq", (programme,)))
    ours = _rows(asking, BENEFICIARY, Junction("all", tuple(parts)))
    known = _rows(asking, MEMBER, Compare("identifier", "eq", (number,)))
    outside = OutsideEnrolment.objects.filter(person__in=known.values("person"), status=ACTIVE)
    if programme is not None:
        outside = outside.filter(programme__iexact=programme)
    told = _about(known.first()) or [Released({}, row.household_id, None) for row in ours[:1]]
    yes = ours.exists() or outside.exists()
    return _answer(asking, "enrolled_response", [{"enrolled_status": _yes(yes)}], told,
                   "programmes")  # fmt: skip


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def disabled(asking: Asking) -> Json:
    """Say whether somebody is disabled, as last assessed."""
    row = _member(asking)
    answer = {"disabled_status": _yes(row is not None and row.disabled)}
    return _answer(asking, "disabled_response", [answer], _about(row), "disability")


def details(asking: Asking) -> Json:
    """Give the difficulties of somebody, as impairments of a level."""
    row = _member(asking)
    records: list[Any] = []
    if row is not None:
        answers = registry.assessments_of([row.person_id]).get(row.person_id)
        records = [{"disability_details": impairments(answers)}]
    return _records(asking, row, records)


def support(asking: Asking) -> Json:
    """Give the support that somebody needs or gets: none is recorded, so an empty list each."""
    row = _member(asking)
    return _records(asking, row, [] if row is None else [[]])


def _records(asking: Asking, row: Any, records: list[Any]) -> Json:
    data = {"version": registries.VERSION, "reg_records": records}
    return _answer(asking, "search_response", [{"data": data}], _about(row), "disability")


def _member(asking: Asking) -> Any:
    number = _asked(_query(asking, "disabled_criteria"), "identifier")
    if number is None:
        raise Refused(why=N_("the query names no identifier"))
    if "disability" not in shown_to(asking.partner):
        raise NotForThisPartner
    return _rows(asking, MEMBER, Compare("identifier", "eq", (number,))).first()


def _about(row: Any) -> list[Released]:
    return [] if row is None else [Released({}, row.household_id, row.person_id)]


def _query(asking: Asking, criteria: str) -> Mapping[str, Any]:
    query = asking.message[criteria].get("query")
    if not isinstance(query, Mapping):
        raise Refused(why=N_("the query names no identifier"))
    return query


def _asked(query: Mapping[str, Any], name: str) -> str | None:
    """Give the value that a query asks for under a name that ends so."""
    for key, value in query.items():
        last = key.rpartition(".")[2]
        if last == name or (name == "identifier" and last in {"member_identifier",
                                                              "person_identifier"}):  # fmt: skip
            found = value.get("eq", value.get("$eq")) if isinstance(value, Mapping) else value
            if isinstance(found, str | int) and not isinstance(found, bool):
                return str(found)
    return None


def _rows(asking: Asking, entity: Entity, condition: Condition) -> Any:
    """Give the rows that fit, in the partner's areas; refuse what its purpose doesn't give."""
    try:
        fits = compiled(condition, entity, shown_to(asking.partner), asking.on)
    except RequestRejected:
        raise NotForThisPartner from None
    rows = entity.rows(asking.on).filter(fits)
    return access.within(rows, asking.by, EXCHANGE, code=entity.area).order_by("pk")


def _answer(
    asking: Asking, batch: str, answers: list[Json], told: list[Released], field: str
) -> Json:
    """Keep the question and its answer, log what was told, and give the whole message.

    The standard writes the answer of some of these paths without its envelope: the parts stand in
    both places.
    """
    shows = _shown_permits(asking)
    kept = keep(asking)
    for permit in shows:
        permit.transaction = kept
    Permit.objects.bulk_create(shows)
    message = {
        "transaction_id": kept.transaction_id,
        "correlation_id": str(kept.pk),
        batch: [_dated(kept, one, asking.now) for one in answers],
    }
    kept.state, kept.answered_at = Transaction.State.SUCCEEDED, asking.now
    kept.save(update_fields=["state", "answered_at"])
    log_released(told, frozenset({field}), by=asking.by, registry=asking.registry, kept=kept)
    return whole(asking, message, "on-search")


def _shown_permits(asking: Asking) -> list[Permit]:
    """Give the consent or authorization that stands in the criteria; refuse what lacks its own."""
    criteria = next(v for name, v in asking.message.items() if name.endswith("_criteria"))
    reference = asking.message["transaction_id"]
    try:
        return permits(asking.partner, criteria, reference, now=asking.now)
    except RequestRejected as error:
        raise PermitMissing(**error.facts) from None


def _dated(kept: Transaction, answer: Json, now: datetime) -> Json:
    return {
        "reference_id": kept.transaction_id,
        "timestamp": envelope.written(now),
        "status": "succ",
        **answer,
    }


def whole(asking: Asking, message: Json, action: str) -> Json:
    """Give a signed message whose parts stand beside the envelope too."""
    head = envelope.header(
        action, to=asking.partner.sender_id, status="succ", now=asking.now, total=1, completed=1
    )
    return {**envelope.signed(head, message), **message}


LOOKUPS: Mapping[str, Callable[[Asking], Json]] = {
    registries.ENROLLED: enrolled,
    registries.DISABLED: disabled,
    registries.DETAILS: details,
    registries.SUPPORT: support,
}
