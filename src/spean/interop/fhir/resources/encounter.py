"""Encounter: a contact of a mother or child with care, and a birth that was attended."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from spean.interop.fhir import dates
from spean.interop.fhir.care import (
    IN_ERROR,
    RECORD,
    SYSTEM,
    VIEW,
    changed,
    day_of,
    has_id,
    known,
    labelled,
    of,
    of_patient,
    patient_named,
    state,
)
from spean.interop.fhir.datatypes import coded, concept, filled, part
from spean.interop.fhir.paging import Found, Rows
from spean.interop.fhir.parameters import Search, narrowed, token
from spean.interop.fhir.resource import Asking, Json, Parameter, Resource, Unchanged
from spean.interop.fhir.resources.organization import EVERYBODY, NOBODY
from spean.kernel.errors import NotFound
from spean.maternal_child import actions, queries
from spean.maternal_child.queries import (
    Attendant,
    BirthPlace,
    Contact,
    ContactKind,
    Pregnancy,
    Sign,
)
from spean.registry import queries as registry

CLASSES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PLACES = {"facility": "AMB", "outreach": "FLD", "home": "HH"}
BORN_AT = {"health_centre": "IMP", "hospital": "IMP", "home": "HH", "on_the_way": "FLD"}
KINDS, DELIVERY = "contact-kind", "delivery"
SIGNS = f"{SYSTEM}danger-sign"


def _read(encounter: str, asking: Asking) -> Any:
    try:
        row_id = UUID(encounter)
    except ValueError as error:
        raise NotFound from error
    for rows in (queries.contacts_on_record, queries.deliveries_on_record):
        try:
            return queries.row_on_record(rows(by=asking.by), row_id, by=asking.by)
        except NotFound:
            continue
    raise NotFound


def _search(search: Search, asking: Asking) -> Found:
    shared = {
        "_id": has_id,
        "patient": of_patient,
        "subject": of_patient,
        "_lastUpdated": lambda value: dates.at(value, moment="changed_at"),
    }
    contacts = shared | {
        "date": lambda value: dates.on_day(value, field="day"),
        "status": _has_status,
        "type": lambda value: Q(kind=_kind(value)),
        "class": lambda value: Q(place__in=_places(value, PLACES)),
    }
    deliveries = shared | {
        "date": lambda value: dates.on_day(value, field="delivered_on"),
        "status": _has_status,
        "type": lambda value: EVERYBODY if _kind(value) == DELIVERY else NOBODY,
        "class": lambda value: Q(delivered_at__in=_places(value, BORN_AT)),
    }
    return [
        Rows(narrowed(queries.contacts_on_record(by=asking.by), search, contacts)),
        Rows(narrowed(queries.deliveries_on_record(by=asking.by), search, deliveries)),
    ]


def _has_status(value: str) -> Q:
    stands = Q(withdrawn_on__isnull=True)
    return {"finished": stands, IN_ERROR: ~stands}.get(token(value)[1], NOBODY)


def _kind(value: str) -> str:
    system, code = token(value)
    return code if system in (None, f"{SYSTEM}{KINDS}") else ""


def _places(value: str, places: dict[str, str]) -> list[str]:
    return [place for place, code in places.items() if code == token(value)[1]]


def _seen(rows: Sequence[Any], asking: Asking) -> None:
    queries.note_care_read(rows, by=asking.by)


def _create(body: Json, asking: Asking) -> Contact | Unchanged:
    """Record a contact; the same one again is shown as it stands."""
    known(body.get("status", ""), "status", ["finished"])
    given = [coded(one, f"{SYSTEM}{KINDS}") for one in body.get("type", ())]
    kind = known(next(iter(filter(None, given)), ""), "type", ContactKind.values)
    code = known(part(body, "class", "code") or "", "class", PLACES.values())
    person = registry.person_of(patient_named(body, "subject"))
    day = day_of(part(body, "period", "start"), "period.start")
    rows = queries.contacts_on_record(by=asking.by).filter(of_patient(str(person)))
    if before := rows.filter(kind=kind, day=day, withdrawn_on__isnull=True).first():
        return Unchanged(before)
    signs = [coded(one, SIGNS) for one in body.get("reasonCode", ())]
    return actions.record_contact(
        person_id=person, kind=kind, day=day,
        place=next(place for place, one in PLACES.items() if one == code),
        measured=actions.Measured(danger_signs=[sign for sign in signs if sign]),
        by=asking.by, on=asking.on,
    )  # fmt: skip


def _to_fhir(row: Any, asking: Asking) -> Json:
    """Write a contact, or the birth that ended a pregnancy (`queries.deliveries_on_record`)."""
    if isinstance(row, Pregnancy):
        return _delivery(row)
    return filled(
        id=str(row.pk),
        meta=changed(row),
        status=state(row, "finished"),
        type=[labelled(KINDS, ContactKind(row.kind))],
        subject=of(row.person),
        period={"start": row.day.isoformat(), "end": row.day.isoformat()},
        reasonCode=[labelled("danger-sign", Sign(sign)) for sign in row.danger_signs],
        **{"class": {"system": CLASSES, "code": PLACES[row.place]}},
    )


def _delivery(birth: Any) -> Json:
    day = birth.delivered_on.isoformat()
    return filled(
        id=str(birth.pk),
        meta=changed(birth),
        status=state(birth, "finished"),
        type=[
            concept(f"{SYSTEM}{KINDS}", DELIVERY),
            labelled("birth-place", BirthPlace(birth.delivered_at)),
        ],
        subject=of(birth.person),
        participant=[{"type": [labelled("birth-attendant", Attendant(birth.delivered_by))]}],
        period={"start": day, "end": day},
        **{"class": {"system": CLASSES, "code": BORN_AT[birth.delivered_at]}},
    )


ENCOUNTER = Resource(
    type="Encounter",
    about="A contact of a mother or child with care (antenatal, postnatal, newborn, child), or a "
    "delivery. A contact can be created; a birth is recorded where it is attended.",
    rights={"read": VIEW, "search": VIEW, "create": RECORD},
    parameters=(
        Parameter("_id", "token", "The id of an Encounter"),
        Parameter("_lastUpdated", "date", "When it was recorded or changed"),
        Parameter("patient", "reference", "Who was seen"),
        Parameter("subject", "reference", "Who was seen"),
        Parameter("date", "date", "The day of the contact or birth"),
        Parameter("status", "token", "finished, or entered-in-error where it was withdrawn"),
        Parameter("type", "token", "antenatal, postnatal, newborn, child or delivery"),
        Parameter("class", "token", "AMB, FLD (outreach, on the way), HH (at home), IMP"),
    ),
    read=_read,
    search=_search,
    seen=_seen,
    create=_create,
    to_fhir=_to_fhir,
    count_needs=("_id", "patient", "subject"),
)
