"""Condition: pregnancies, danger signs, what decision tables found, malnutrition treated."""

from collections.abc import Iterator
from typing import Any

from spean.interop.fhir.care import (
    HL7,
    IN_ERROR,
    SNOMED,
    SYSTEM,
    VIEW,
    changed,
    coded_in,
    dated,
    labelled,
    of,
    read_one,
    refers_to,
    search_of_one,
)
from spean.interop.fhir.datatypes import concept, filled, reference, translated
from spean.interop.fhir.resource import Json, Parameter, Resource
from spean.maternal_child import queries
from spean.maternal_child.queries import (
    CareRecord,
    Contact,
    Contraindication,
    NutritionTreatment,
    Pregnancy,
    Risk,
    Sign,
)
from spean.maternal_child.queries import Condition as Against

CLINICAL, VERIFIED = f"{HL7}/condition-clinical", f"{HL7}/condition-ver-status"
CATEGORIES = f"{HL7}/condition-category"
PROBLEM, DIAGNOSIS = "problem-list-item", "encounter-diagnosis"
PREGNANCY = "77386006"


def conditions(record: CareRecord) -> Iterator[Json]:
    """Write everything that is, or was, the matter with a person."""
    for pregnancy in record.pregnancies:
        yield _pregnancy(pregnancy)
    for contact in record.contacts:
        yield from _found(contact)
    for treatment in record.treatments:
        yield _treated(treatment)
    for one in record.contraindications:
        if one.condition != Against.REACTION:
            yield _against(one, record)


def _pregnancy(one: Pregnancy) -> Json:
    return _state(active=one.ended_on is None) | filled(
        id=f"{one.pk}.pregnancy",
        meta=changed(one),
        category=[concept(CATEGORIES, PROBLEM)],
        code=concept(SNOMED, PREGNANCY, "Pregnancy"),
        subject=of(one.person),
        onsetDateTime=one.started_on.isoformat(),
        abatementDateTime=one.ended_on and one.ended_on.isoformat(),
        recordedDate=one.recorded_on.isoformat(),
        evidence=[{"code": [labelled("pregnancy-risk", Risk(risk))]} for risk in one.risks],
    )


def _found(contact: Contact) -> Iterator[Json]:
    """Write the danger signs of a contact, and what the decision tables made of it."""
    for sign in contact.danger_signs:
        code = labelled("danger-sign", Sign(sign))
        yield _at(contact, sign, code) | {"verificationStatus": _verified(contact, "confirmed")}
    for row in queries.advice_of(contact):
        code = concept(f"{SYSTEM}decision-row", row.code) | {
            "text": row.text.km, "_text": translated("en", row.text.en),
        }  # fmt: skip
        yield _at(contact, f"row-{row.code}", code) | {
            "verificationStatus": _verified(contact, "provisional"),
            "note": [{"text": row.source}],
        }


def _at(contact: Contact, name: str, code: Json) -> Json:
    return {
        "id": f"{contact.pk}.{name.replace('_', '-')}"[:64],
        "meta": changed(contact),
        "category": [concept(CATEGORIES, DIAGNOSIS)],
        "code": code,
        "subject": of(contact.person),
        "encounter": reference("Encounter", str(contact.pk)),
        "onsetDateTime": contact.day.isoformat(),
    } | ({} if contact.withdrawn_on else {"clinicalStatus": concept(CLINICAL, "active")})


def _verified(row: Any, usual: str) -> Json:
    return concept(VERIFIED, IN_ERROR if row.withdrawn_on else usual)


def _state(*, active: bool) -> Json:
    return {
        "clinicalStatus": concept(CLINICAL, "active" if active else "resolved"),
        "verificationStatus": concept(VERIFIED, "confirmed"),
    }


def _treated(one: NutritionTreatment) -> Json:
    return _state(active=one.ended_on is None) | filled(
        id=f"{one.pk}.malnutrition",
        category=[concept(CATEGORIES, PROBLEM)],
        code=labelled("nutrition-treatment", NutritionTreatment.Kind(one.kind)),
        subject=of(one.person),
        onsetDateTime=one.started_on.isoformat(),
        abatementDateTime=one.ended_on and one.ended_on.isoformat(),
    )


def _against(one: Contraindication, record: CareRecord) -> Json:
    """Write what stands against vaccines; a reaction is an allergy, and told in the summary."""
    state = _state(active=one.until is None or one.until > record.asked_on)
    if one.withdrawn_on:
        state = {"verificationStatus": _verified(one, "")}
    return state | filled(
        id=f"{one.pk}.contraindication",
        meta=changed(one),
        category=[concept(CATEGORIES, PROBLEM)],
        code=labelled("contraindication", Against(one.condition)),
        subject=of(one.person),
        onsetDateTime=one.since.isoformat(),
        abatementDateTime=one.until and one.until.isoformat(),
    )


CONDITION = Resource(
    type="Condition",
    about="Pregnancies with their risks, danger signs, what WHO's decision tables found (as "
    "provisional), treatment of malnutrition, and what stands against vaccines.",
    rights={"read": VIEW, "search": VIEW},
    parameters=(
        Parameter("_id", "token", "The id of a Condition"),
        Parameter("patient", "reference", "Whose it is"),
        Parameter("subject", "reference", "Whose it is"),
        Parameter("encounter", "reference", "The contact at which it was found"),
        Parameter("code", "token", "SNOMED's code of pregnancy, or ours"),
        Parameter("category", "token", "problem-list-item or encounter-diagnosis"),
        Parameter("clinical-status", "token", "active or resolved"),
        Parameter("verification-status", "token", "confirmed, provisional, entered-in-error"),
        Parameter("onset-date", "date", "When it began or was found"),
    ),
    read=read_one(conditions),
    search=search_of_one(
        conditions,
        {
            "encounter": refers_to("encounter", "Encounter"),
            "code": coded_in("code"),
            "category": coded_in("category"),
            "clinical-status": coded_in("clinicalStatus"),
            "verification-status": coded_in("verificationStatus"),
            "onset-date": dated("onsetDateTime"),
        },
    ),
    to_fhir=lambda body, asking: body,
)
