"""A child's measures held against the growth standards: unlikely ones are asked about."""

from datetime import date
from typing import Any

from spean.kernel.errors import N_, SpeanError
from spean.maternal_child.actions.checking import Wrong
from spean.maternal_child.rules import growth
from spean.maternal_child.rules.growth import Index

ASKED = {
    Index.WAZ: "weight_kg",
    Index.LAZ: "length_cm",
    Index.WLZ: "weight_kg",
    Index.HCZ: "head_cm",
    Index.ACZ: "muac_mm",
}


class MeasureUnlikely(SpeanError):
    """Ask about a measure that hardly any child of that age and sex has."""

    code = "maternal_child.measure_unlikely"
    message = N_(
        "Hardly any child of this age measures so. Measure again; if it is right, say so below."
    )


def assess(measured: Any, *, sex: str, age_days: int, on: date) -> growth.Assessment:
    """Assess what a contact measured: kilograms, centimetres, the arm in millimetres."""
    lying = {None: None, True: "l", False: "h"}[measured.lying]
    return growth.assess(
        growth.Measures(
            sex=sex, age_days=age_days, weight_kg=_float(measured.weight_kg),
            lenhei_cm=_float(measured.length_cm), position=lying, headc_cm=_float(measured.head_cm),
            muac_cm=None if measured.muac_mm is None else measured.muac_mm / 10,
            oedema=measured.oedema,
        ),
        on=on,
    )  # fmt: skip


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def unlikely(found: growth.Assessment) -> Wrong:
    """Give each measure that is implausible, once."""
    fields = dict.fromkeys(field for index, field in ASKED.items() if found.scores[index].flagged)
    return [(field, MeasureUnlikely()) for field in fields]


def wasted(found: growth.Assessment, on: date) -> str:
    """Give the grade of wasting by weight for length: "moderate", "severe", "" for none.

    An implausibly low weight counts: care does not wait until it is measured again.
    """
    z = found.scores[Index.WLZ].z
    if z is None or "wlz" not in found.signs:
        return ""
    _, severe = growth.cuts(on=on).z["wasting"]
    return "severe" if z < severe else "moderate"
