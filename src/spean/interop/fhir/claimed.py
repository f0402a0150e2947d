"""Read a Claim of FHIR as the health schemes take claims in; refuse what we don't know."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from spean.health_equity import queries
from spean.health_equity.actions import Claimed, Line, ValueImpossible, read_diagnosis
from spean.interop.fhir.cases import coverage_asked
from spean.interop.fhir.datatypes import SPEAN, Json, coded, part
from spean.interop.fhir.parameters import reference as referred
from spean.interop.fhir.payers import SERVICES, facility_of, scheme_of
from spean.interop.fhir.resources.patient import NUMBERS
from spean.kernel.errors import N_, SpeanError

ICD_10 = "http://hl7.org/fhir/sid/icd-10"
DOCUMENTS = f"{SPEAN}/CodeSystem/document"
KHR = "KHR"


class ElementMissing(SpeanError):
    """Ask for what a claim can't do without."""

    code = "interop.fhir_element_missing"
    message = N_("A claim needs “%(element)s”. Add it and send the claim again.")
    issue = "required"


class ServiceNotKnown(SpeanError):
    """Refuse a service that no scheme knows."""

    code = "interop.fhir_service_not_known"
    message = N_(
        "“%(given)s” is no service of the health schemes. "
        "Write a code of the system %(system)s: %(services)s."
    )
    field = "item.productOrService"
    issue = "code-invalid"


class OtherCurrency(SpeanError):
    """Refuse an amount that is not in riel."""

    code = "interop.fhir_other_currency"
    message = N_("Amounts are in riel: “%(given)s” is another currency, or none. Write KHR.")
    field = "item.net"
    issue = "value"


class BornLater(SpeanError):
    """Refuse care before the birth of the patient, as the claim has it."""

    code = "interop.fhir_born_later"
    message = N_(
        "By the claim the patient was born on %(born)s, after the care on %(came)s. "
        "Correct one of the two and send the claim again."
    )
    field = "patient"
    issue = "value"


def claimed(body: Json, *, prior: UUID | None) -> tuple[str, Claimed]:
    """Give the facility that claims, and the claim. Raises what is wrong with it.

    `prior` is a claim of the case, where this one asks for what the payers before left.
    """
    for name, known in (("status", "active"), ("use", "claim")):
        if body.get(name) != known:
            raise ValueImpossible(given=body.get(name, ""), column=name)
    came_on = read_day(_needed(body, "billablePeriod", "start"), "billablePeriod.start")
    left_on = read_day(_needed(body, "billablePeriod", "end"), "billablePeriod.end")
    patient = _patient(body)
    born = patient["birth_date"]
    if born and born > came_on:
        raise BornLater(born=born.isoformat(), came=came_on.isoformat())
    lines = [_line(item, place, came_on) for place, item in enumerate(body.get("item", ()), 1)]
    _compare(body.get("total"), lines)
    return facility_of(body["provider"]) or _missing("provider"), Claimed(
        external=_needed(body, "identifier", 0, "value"),
        scheme=_scheme(body), came_on=came_on, left_on=left_on, lines=lines,
        diagnoses=[_diagnosis(one) for one in body.get("diagnosis", ())],
        referred="referral" in body, documents=_documents(body), remainder_of=prior, **patient,
    )  # fmt: skip


def read_day(text: Any, column: str) -> date:
    """Give the day of a date, or of a moment as it is here. Raises ValueImpossible."""
    try:
        moment = parse_datetime(str(text)) if "T" in str(text) else None
        if moment is not None:
            return timezone.localtime(moment).date()
        return date.fromisoformat(str(text))
    except (ValueError, OverflowError) as error:
        raise ValueImpossible(given=str(text)[:60], column=column) from error


def _needed(body: Json, *path: str | int) -> Any:
    return part(body, *path) or _missing(".".join(name for name in path if isinstance(name, str)))


def _missing(element: str) -> str:
    raise ElementMissing(element=element)


def _scheme(body: Json) -> str:
    """Give the scheme: the insurer, or that of the coverage."""
    if "insurer" in body:
        return scheme_of(body["insurer"], "Organization")
    return scheme_of(coverage_asked(body), "Coverage")


def _patient(body: Json) -> Mapping[str, Any]:
    """Give who the patient is: by an id, a number, or a Patient inside the claim."""
    given = body["patient"]
    text = part(given, "reference") or ""
    about = _contained(body, text.removeprefix("#")) if text.startswith("#") else {}
    number = part(given, "identifier") or part(about, "identifier", 0) or {}
    name = part(given, "display") or _name(part(about, "name", 0))
    kind = "card" if number.get("system") == f"{NUMBERS}equity-card" else "identifier"
    birth = part(about, "birthDate") or ""
    gender = part(about, "gender") or ""
    return {
        "person": None if about else _uuid(referred(text, "Patient")),
        kind: number.get("value") or "",
        "patient": name[:60],
        "sex": gender if gender in ("female", "male") else "",
        "birth_date": read_day(birth, "birthDate") if len(birth) == len("2000-01-01") else None,
    }


def _contained(body: Json, name: str) -> Json:
    for one in body.get("contained", ()):
        if part(one, "id") == name and part(one, "resourceType") == "Patient":
            return dict(one)
    raise ElementMissing(element=f"contained.Patient #{name}"[:60])


def _name(name: Any) -> str:
    given = [one for one in part(name, "given") or () if one]
    return part(name, "text") or " ".join([part(name, "family") or "", *given]).strip()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _diagnosis(given: Any) -> str:
    return read_diagnosis(coded(part(given, "diagnosisCodeableConcept"), ICD_10))


def _documents(body: Json) -> list[str]:
    """Give the documents that the claimant holds on paper."""
    codes = (coded(part(one, "code"), DOCUMENTS) for one in body.get("supportingInfo", ()))
    return [code for code in codes if code]


def _line(item: Json, place: int, came_on: date) -> Line:
    service = coded(part(item, "productOrService"), SERVICES)
    if service not in queries.SERVICES:
        given = service or part(item, "productOrService", "coding", 0, "code") or ""
        raise ServiceNotKnown(given=str(given)[:60], system=SERVICES,
                              services=", ".join(queries.SERVICES))  # fmt: skip
    if item.get("sequence") != place:
        raise ValueImpossible(given=item.get("sequence", ""), column="item.sequence")
    quantity = _whole(part(item, "quantity", "value"), "item.quantity") if "quantity" in item else 1
    day = part(item, "servicedDate") or part(item, "servicedPeriod", "start")
    each = 1 if "net" in item else quantity
    asked = _riel(item.get("net") or _needed(item, "unitPrice")) * each
    return Line(service, read_day(day, "item.serviced") if day else came_on, quantity, asked)


def _riel(money: Any) -> int:
    if part(money, "currency") != KHR:
        raise OtherCurrency(given=part(money, "currency") or "")
    return _whole(part(money, "value"), "item.net")


def _whole(value: Any, column: str) -> int:
    """Give a number that has no fraction. Raises ValueImpossible."""
    number = Decimal(str(value)) if type(value) in (int, float) else Decimal("NaN")
    if not number.is_finite() or number.adjusted() > 15 or number % 1:
        raise ValueImpossible(given=str(value)[:60], column=column)
    return int(number)


def _compare(total: Any, lines: list[Line]) -> None:
    """Refuse a total that is not the sum of the lines: one of them went missing."""
    if total is not None and _riel(total) != sum(line.asked for line in lines):
        raise ValueImpossible(given=str(part(total, "value")), column="total")
