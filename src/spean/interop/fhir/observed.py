"""What a contact measures and tests, by LOINC and UCUM: the one table, for both ways."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from spean.interop.fhir.care import (
    LOINC,
    SYSTEM,
    CodeNotKnown,
    ElementNeeded,
    known,
)
from spean.interop.fhir.datatypes import Json, coded, part
from spean.maternal_child.actions import Measured
from spean.maternal_child.queries import Result, growth

VITAL, LAB, EXAM = "vital-signs", "laboratory", "exam"
PRESSURE, UPPER, LOWER = "85354-9", "8480-6", "8462-4"
MMHG = "mm[Hg]"
FINDINGS = f"{SYSTEM}test-result"
PROTEIN = f"{SYSTEM}protein"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure or test: its LOINC code, its unit, and how other units become it.

    `units` empty: the value is a code (a test's result, protein, yes or no).
    """

    loinc: str
    category: str
    unit: str = ""
    units: Mapping[str, Decimal] = field(default_factory=dict)


def _measured(loinc: str, category: str, unit: str, **others: str) -> Measure:
    units = {unit: Decimal(1)} | {
        name.replace("_per_", "/"): Decimal(factor) for name, factor in others.items()
    }
    return Measure(loinc, category, unit, units)


MEASURES: Mapping[str, Measure] = {
    "weight_kg": _measured("29463-7", VITAL, "kg", g="0.001"),
    "length_cm": _measured("8302-2", VITAL, "cm", mm="0.1", m="100"),
    "head_cm": _measured("9843-4", VITAL, "cm", mm="0.1"),
    "muac_mm": _measured("56072-2", EXAM, "mm", cm="10"),
    "systolic": _measured(UPPER, VITAL, MMHG),
    "diastolic": _measured(LOWER, VITAL, MMHG),
    "temperature": _measured("8310-5", VITAL, "Cel"),
    "breaths": _measured("9279-1", VITAL, "/min"),
    "haemoglobin": _measured("718-7", LAB, "g/L", g_per_dL="10"),
    "fundal_height_cm": _measured("11881-0", EXAM, "cm", mm="0.1"),
    "fetal_heart": _measured("55283-6", EXAM, "/min"),
    "protein": Measure("20454-5", LAB),
    "hiv": Measure("75622-1", LAB),
    "syphilis": Measure("47238-1", LAB),
    "hepatitis_b": Measure("5195-3", LAB),
    "malaria": Measure("70569-9", LAB),
    "oedema": Measure("", EXAM),
}
TESTS = ("hiv", "syphilis", "hepatitis_b", "malaria")
WHOLE = ("muac_mm", "systolic", "diastolic", "breaths", "haemoglobin", "fundal_height_cm",
         "fetal_heart")  # fmt: skip
LYING = "8306-3"  # body height, lying
# WHO's z-scores have no codes of LOINC: ours, named as in WHO's own software.
# Each is of the measures that it is worked out from.
Z_SCORES = {
    growth.Index.WAZ: ("weight_kg",),
    growth.Index.LAZ: ("length_cm",),
    growth.Index.WLZ: ("weight_kg", "length_cm"),
    growth.Index.BAZ: ("weight_kg", "length_cm"),
    growth.Index.HCZ: ("head_cm",),
    growth.Index.ACZ: ("muac_mm",),
}
BY_LOINC = {one.loinc: name for name, one in MEASURES.items() if one.loinc}
OURS = f"{SYSTEM}measure"


def code_of(name: str) -> Json:
    """Write the code of a measure: LOINC's, and our own."""
    codings = [{"system": OURS, "code": name}]
    if loinc := MEASURES[name].loinc:
        codings.insert(0, {"system": LOINC, "code": loinc})
    return {"coding": codings}


def measured_in(body: Json) -> Measured:
    """Read what an Observation that came in measured. Raises CodeNotKnown, ElementNeeded."""
    loinc, name = coded(body.get("code"), LOINC), coded(body.get("code"), OURS)
    if loinc == PRESSURE:
        return Measured(**{
            one: _quantity(one, _component(body, MEASURES[one].loinc))
            for one in ("systolic", "diastolic")
        })  # fmt: skip
    lying = True if loinc == LYING else None
    name = "length_cm" if loinc == LYING else BY_LOINC.get(loinc, name)
    known(name or loinc, "code", MEASURES)
    value = _quantity(name, body) if MEASURES[name].units else _coded(name, body)
    return Measured(**{"lying": lying, name: value})


def _component(body: Json, loinc: str) -> Json:
    for one in body.get("component", ()):
        if coded(part(one, "code"), LOINC) == loinc:
            return dict(one)
    raise ElementNeeded(element=f"component {loinc}")


def _quantity(name: str, body: Json) -> Any:
    """Give a value in the unit in which it is typed."""
    value, unit = part(body, "valueQuantity", "value"), part(body, "valueQuantity", "code")
    if value is None:
        raise ElementNeeded(element="valueQuantity")
    factor = MEASURES[name].units.get(unit or "")
    if factor is None:
        known_units = ", ".join(MEASURES[name].units)
        raise CodeNotKnown(given=str(unit), element="valueQuantity.code", known=known_units)
    try:
        number = Decimal(str(value)) * factor
    except InvalidOperation as error:
        raise ElementNeeded(element="valueQuantity.value") from error
    return round(number) if name in WHOLE else number


def _coded(name: str, body: Json) -> Any:
    """Give the answer of a test, protein in crosses, or yes and no."""
    if name == "oedema":
        if "valueBoolean" not in body:
            raise ElementNeeded(element="valueBoolean")
        return bool(body["valueBoolean"])
    value = body.get("valueCodeableConcept")
    if name == "protein":
        return int(known(coded(value, PROTEIN), "valueCodeableConcept", "0123"))
    return known(coded(value, FINDINGS), "valueCodeableConcept", Result.values)
