"""Vaccines by our codes and by CVX, both ways."""

from typing import Any

from spean.interop.fhir.care import SYSTEM, known, msgid
from spean.interop.fhir.datatypes import Json, coded, filled, said
from spean.maternal_child.queries import Vaccine

CVX = "http://hl7.org/fhir/sid/cvx"
OURS = f"{SYSTEM}vaccine"
CVX_OF = {
    "bcg": "19", "hepb": "08", "penta": "102", "opv": "178", "ipv": "10", "pcv": "152",
    "rota": "122", "mr": "04", "mmr": "03", "je": "129", "hpv": "137",
}  # fmt: skip


def vaccine_code(*vaccines: str) -> Json:
    """Write vaccines, one of which is meant, as a CodeableConcept."""
    codings = [
        filled(system=system, code=code)
        for vaccine in vaccines
        for system, code in ((OURS, vaccine), (CVX, CVX_OF.get(vaccine, "")))
        if code
    ]
    return {"coding": codings} | (
        said(msgid(Vaccine(vaccines[0]).label)) if vaccines[0] in Vaccine.values else {}
    )


def vaccine_of(given: Any) -> str:
    """Read a vaccine by either code. Raises CodeNotKnown."""
    ours = coded(given, OURS)
    by_cvx = {code: vaccine for vaccine, code in CVX_OF.items()}
    code = ours or by_cvx.get(coded(given, CVX), coded(given, CVX))
    return known(code, "vaccineCode", Vaccine.values)
