"""Immunization: a dose that was given, its batch, and what it counts as."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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
    encounter_named,
    has_id,
    known,
    msgid,
    of,
    of_patient,
    patient_named,
    state,
)
from spean.interop.fhir.datatypes import SPEAN, concept, filled, part, reference, said
from spean.interop.fhir.paging import Found, Rows
from spean.interop.fhir.parameters import Search, narrowed, token
from spean.interop.fhir.resource import Asking, Json, Parameter, Resource, Unchanged
from spean.interop.fhir.resources.organization import NOBODY
from spean.interop.fhir.vaccines import CVX, CVX_OF, OURS, vaccine_code, vaccine_of
from spean.kernel.errors import NotFound
from spean.maternal_child import actions, queries
from spean.maternal_child.queries import Dose, Evaluated
from spean.maternal_child.queries.words import REASONS
from spean.registry import queries as registry

WORTH = f"{SPEAN}/StructureDefinition/dose-worth"
SURE = f"{SPEAN}/StructureDefinition/given-all-the-same"
Row = tuple[Dose, Sequence[Evaluated]]


@dataclass(frozen=True, slots=True)
class _Doses(Rows):
    """Doses, each with what it is worth, worked out for a page at once."""

    on: date = date.max

    def page(self, after: str, limit: int) -> tuple[list[Any], str]:
        found, following = Rows.page(self, after, limit)
        worth = queries.worth_among(found, on=self.on)
        return [(dose, worth.get(dose.pk, ())) for dose in found], following


def _read(dose_id: str, asking: Asking) -> Row:
    try:
        row_id = UUID(dose_id)
    except ValueError as error:
        raise NotFound from error
    return _row(queries.row_on_record(_all(asking), row_id, by=asking.by), asking)


def _all(asking: Asking) -> Any:
    return queries.doses_on_record(by=asking.by)


def _row(dose: Dose, asking: Asking) -> Row:
    return dose, queries.worth_among([dose], on=asking.on).get(dose.pk, ())


def _search(search: Search, asking: Asking) -> Found:
    by = {
        "_id": has_id,
        "_lastUpdated": lambda value: dates.at(value, moment="changed_at"),
        "patient": of_patient,
        "date": lambda value: dates.on_day(value, field="day"),
        "status": _has_status,
        "vaccine-code": _is_vaccine,
        "lot-number": lambda value: Q(batch__istartswith=value),
    }
    return [_Doses(narrowed(_all(asking), search, by), on=asking.on)]


def _has_status(value: str) -> Q:
    stands = Q(withdrawn_on__isnull=True)
    return {"completed": stands, IN_ERROR: ~stands}.get(token(value)[1], NOBODY)


def _is_vaccine(value: str) -> Q:
    system, code = token(value)
    asked = Q(vaccine=code) if system in (None, OURS) else NOBODY
    if system in (None, CVX):
        asked |= Q(vaccine__in=[ours for ours, cvx in CVX_OF.items() if cvx == code])
    return asked


def _seen(rows: Sequence[Row], asking: Asking) -> None:
    queries.note_care_read([dose for dose, _ in rows], by=asking.by)


def _create(body: Json, asking: Asking) -> Row | Unchanged:
    """Record a dose, at a contact or from elsewhere; the same one again is shown as it stands."""
    known(body.get("status", ""), "status", ["completed"])
    vaccine = vaccine_of(body.get("vaccineCode"))
    person = registry.person_of(patient_named(body, "patient"))
    day = day_of(body.get("occurrenceDateTime"), "occurrenceDateTime")
    same = _all(asking).filter(of_patient(str(person)), vaccine=vaccine, day=day)
    if before := same.filter(withdrawn_on__isnull=True).first():
        return Unchanged(_row(before, asking))
    doses = [actions.NewDose(vaccine, day, body.get("lotNumber", ""))]
    if contact := encounter_named(body, person):
        sure = any(part(one, "url") == SURE for one in body.get("extension", ()))
        made = actions.add_doses(
            contact_id=contact, doses=doses, sure=sure, by=asking.by, on=asking.on
        )
    else:
        made = actions.record_doses(person_id=person, doses=doses, by=asking.by, on=asking.on)
    return _row(made[0], asking)


def _to_fhir(row: Row, asking: Asking) -> Json:
    return immunization(*row)


def immunization(dose: Dose, worth: Sequence[Evaluated]) -> Json:
    """Write a dose with what it counts as in each series that takes its vaccine."""
    contact = dose.contact_id
    return filled(
        id=str(dose.pk),
        meta=changed(dose),
        status=state(dose, "completed"),
        vaccineCode=vaccine_code(dose.vaccine),
        patient=of(dose.person),
        encounter=reference("Encounter", str(contact)) if contact else None,
        occurrenceDateTime=dose.day.isoformat(),
        lotNumber=dose.batch,
        protocolApplied=[_counted(one) for one in worth],
    ) | {"primarySource": contact is not None}


def _counted(one: Evaluated) -> Json:
    """Write which line of the schedule a dose meets, or why it meets none."""
    code = str(one.reason or one.verdict)
    words = concept(f"{SYSTEM}dose-worth", code)
    if one.reason is not None:
        words |= said(msgid(REASONS[one.reason]))
    return filled(
        extension=[{"url": WORTH, "valueCodeableConcept": words}],
        series=one.series,
        doseNumberString=one.line or code,
    )


IMMUNIZATION = Resource(
    type="Immunization",
    about="A dose of a vaccine, with its batch and what it counts as by the national schedule. "
    "Sent with its Encounter it is a dose of that contact; without, one from the child's card.",
    rights={"read": VIEW, "search": VIEW, "create": RECORD},
    parameters=(
        Parameter("_id", "token", "The id of an Immunization"),
        Parameter("_lastUpdated", "date", "When it was recorded or withdrawn"),
        Parameter("patient", "reference", "Who was vaccinated"),
        Parameter("date", "date", "The day on which it was given"),
        Parameter("status", "token", "completed, or entered-in-error where it was withdrawn"),
        Parameter("vaccine-code", "token", "Our code of the vaccine, or CVX"),
        Parameter("lot-number", "string", "The beginning of the batch"),
    ),
    read=_read,
    search=_search,
    seen=_seen,
    create=_create,
    to_fhir=_to_fhir,
    count_needs=("_id", "patient"),
)
