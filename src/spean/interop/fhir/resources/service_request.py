"""ServiceRequest: what advice asks a facility for, and whom a home visit referred."""

from collections.abc import Iterator

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
from spean.interop.fhir.resource import Json, Parameter, Resource
from spean.maternal_child import queries
from spean.maternal_child.queries import CareRecord, Contact, HomeVisit, Place, Sign

REFERRAL = "3457005"  # patient referral
# How soon a decision table wants somebody seen elsewhere.
PRIORITIES = {"refer_now": "stat", "refer": "urgent"}


def service_requests(record: CareRecord) -> Iterator[Json]:
    """Write each referral: proposed by the advice of a contact, or ordered at a home visit."""
    for contact in record.contacts:
        if contact.decision.outcome in PRIORITIES and contact.withdrawn_on is None:
            yield _advised(contact)
    for visit in record.visits:
        if visit.referred:
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
        "id": f"{row.pk}.referral",
        "status": "active",
        "category": [concept(SNOMED, REFERRAL, "Patient referral")],
        "code": concept(SNOMED, REFERRAL, "Patient referral"),
        "subject": of(row.person),
        "authoredOn": day,
    }


SERVICE_REQUEST = Resource(
    type="ServiceRequest",
    about="Referrals: proposed by the advice of a contact (intent proposal: nothing acts on it by "
    "itself), or made at a home visit (intent order).",
    rights={"read": VIEW, "search": VIEW},
    parameters=(
        Parameter("_id", "token", "The id of a ServiceRequest"),
        Parameter("patient", "reference", "Who is referred"),
        Parameter("subject", "reference", "Who is referred"),
        Parameter("encounter", "reference", "The contact whose advice it is"),
        Parameter("intent", "token", "proposal or order"),
        Parameter("status", "token", "active"),
        Parameter("priority", "token", "stat or urgent"),
        Parameter("authored", "date", "The day of the contact or visit"),
        Parameter("code", "token", "SNOMED's code of a referral"),
    ),
    read=read_one(service_requests),
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
    ),
    to_fhir=lambda body, asking: body,
)
