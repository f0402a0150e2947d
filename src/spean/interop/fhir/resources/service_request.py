"""ServiceRequest: referrals with their state, what advice asks for, whom a home visit referred."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from spean.interop.fhir.care import (
    SNOMED,
    SYSTEM,
    VIEW,
    coded_in,
    dated,
    labelled,
    of,
    read_one,
    refers_to,
    said_in,
    search_of_one,
)
from spean.interop.fhir.datatypes import concept, filled, reference, translated
from spean.interop.fhir.parameters import Search
from spean.interop.fhir.resource import Asking, Json, Parameter, Resource
from spean.kernel.errors import NotFound
from spean.maternal_child import queries
from spean.maternal_child.queries import CareRecord, Contact, HomeVisit, Place, Sign
from spean.referrals import queries as referrals
from spean.referrals.queries import ReferralRecord
from spean.registry import queries as registry

REFERRAL = "3457005"  # patient referral
# How soon a decision table wants somebody seen elsewhere.
PRIORITIES = {"refer_now": "stat", "refer": "urgent"}
URGENCIES = {"emergency": "stat", "urgent": "urgent", "planned": "routine"}
# What has ended; all else is active.
ENDED: Mapping[str, str] = {
    "handed_over": "completed",
    "declined": "revoked",
    "cancelled": "revoked",
    "did_not_come": "revoked",
}
OF_CARE = ".referral"  # ends the id of what a contact or home visit asks for


CODED: Json = {
    "category": [concept(SNOMED, REFERRAL, "Patient referral")],
    "code": concept(SNOMED, REFERRAL, "Patient referral"),
}


def service_requests(record: CareRecord) -> Iterator[Json]:
    """Write each referral: proposed by the advice of a contact, or ordered at a home visit."""
    for contact in record.contacts:
        if contact.decision.outcome in PRIORITIES and contact.withdrawn_on is None:
            yield _advised(contact)
    for visit in record.visits:
        if visit.referred and visit.withdrawn_on is None:
            yield _ordered(visit)


def _advised(contact: Contact) -> Json:
    rows = [row for row in queries.advice_of(contact) if row.urgency in PRIORITIES]
    return _head(contact, contact.day.isoformat()) | filled(
        intent="proposal",
        priority=PRIORITIES[contact.decision.outcome],
        encounter=reference("Encounter", str(contact.pk)),
        reasonCode=[
            concept(f"{SYSTEM}decision-row", row.code)
            | {"text": row.text.km, "_text": translated("en", row.text.en)}
            for row in rows
        ],
        note=[{"text": row.source} for row in rows],
    )


def _ordered(visit: HomeVisit) -> Json:
    return _head(visit, visit.visited_on.isoformat()) | filled(
        intent="order",
        priority="urgent",
        performerType=labelled("referred-to", Place(visit.referred_to)),
        reasonCode=[labelled("danger-sign", Sign(sign)) for sign in visit.danger_signs],
    )


def _head(row: Contact | HomeVisit, day: str) -> Json:
    return {
        "id": f"{row.pk}{OF_CARE}",
        "status": "active",
        **CODED,
        "subject": of(row.person),
        "authoredOn": day,
    }


def _referred(one: ReferralRecord) -> Json:
    """Write a referral; what the receiving facility said of it is a note."""
    said = one.feedback
    notes = [one.note, *([said.diagnosis, said.done, said.follow_up] if said else [])]
    return filled(
        id=str(one.id),
        meta={"lastUpdated": one.changed_at.isoformat()},
        identifier=[{"system": f"{SYSTEM}referral-number", "value": one.number}],
        basedOn=[reference("ServiceRequest", str(one.follows_id))] if one.follows_id else None,
        status=ENDED.get(one.state, "active"),
        intent="order",
        priority=URGENCIES[one.urgency],
        **CODED,
        subject=reference("Patient", str(registry.person_of(one.person_id))),
        authoredOn=one.requested_at.isoformat(),
        requester=reference("Organization", one.from_facility) if one.from_facility else None,
        performer=[reference("Organization", one.to_facility)],
        reasonCode=[labelled("danger-sign", referrals.Reason(code)) for code in one.reasons],
        note=[{"text": text} for text in notes if text],
    )


def _read(resource_id: str, asking: Asking) -> Json:
    if resource_id.endswith(OF_CARE):
        return _read_care(resource_id, asking)
    for one in _by_id([resource_id], asking):
        return one
    raise NotFound


def _by_id(ids: Iterable[str], asking: Asking) -> list[Json]:
    known = set()
    for one in ids:
        with suppress(ValueError):
            known.add(UUID(one))
    return [_referred(one) for one in referrals.referrals_of(by=asking.by, ids=known)]


def _more(search: Search, people: Sequence[UUID], asking: Asking) -> list[Json]:
    """Give the referrals that are asked for by their ids, else those of the people."""
    ids = [value for name, values in search.given if name == "_id" for value in values]
    if ids:
        return _by_id(ids, asking)
    records = registry.records_of(people)
    return [_referred(one) for one in referrals.referrals_of(by=asking.by, person_ids=records)]


_read_care = read_one(service_requests)
SERVICE_REQUEST = Resource(
    type="ServiceRequest",
    about="Referrals, with their state and what the receiving facility said (intent order); what "
    "the advice of a contact proposes (intent proposal: nothing acts on it by itself); whom a home "
    "visit referred (intent order).",
    rights={"read": VIEW, "search": VIEW},
    parameters=(
        Parameter("_id", "token", "The id of a ServiceRequest"),
        Parameter("patient", "reference", "Who is referred"),
        Parameter("subject", "reference", "Who is referred"),
        Parameter("encounter", "reference", "The contact whose advice it is"),
        Parameter("intent", "token", "proposal or order"),
        Parameter("status", "token", "active, completed or revoked"),
        Parameter("priority", "token", "stat, urgent or routine"),
        Parameter("authored", "date", "The day of the request, contact or visit"),
        Parameter("code", "token", "SNOMED's code of a referral"),
    ),
    read=_read,
    search=search_of_one(
        service_requests,
        {
            "encounter": refers_to("encounter", "Encounter"),
            "intent": said_in("intent"),
            "status": said_in("status"),
            "priority": said_in("priority"),
            "authored": dated("authoredOn"),
            "code": coded_in("code"),
        },
        _more,
    ),
    to_fhir=lambda body, asking: body,
)
