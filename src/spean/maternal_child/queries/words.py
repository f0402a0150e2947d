"""The lines of the schedules, and why a dose doesn't count, in the reader's language."""

from typing import cast

from django.db.models import Field
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spean.kernel.formats import digits, number
from spean.maternal_child.models import Condition, Contact, Vaccine
from spean.maternal_child.rules import Care, Line, Reason, Status

CARES = {
    Care.ANTENATAL: gettext_lazy("Antenatal contact"),
    Care.ANTENATAL_WHO: gettext_lazy("WHO antenatal contact"),
    Care.POSTNATAL: gettext_lazy("Postnatal contact"),
    Care.FAMILY_PLANNING: gettext_lazy("Family planning after birth"),
    Care.VITAMIN_A: gettext_lazy("Vitamin A"),
    Care.DEWORMING: gettext_lazy("Deworming"),
    Care.GROWTH: gettext_lazy("Growth monitoring"),
    Care.IMMUNISATION: gettext_lazy("Vaccination"),
}
PLAIN = (
    "muac_mm", "systolic", "diastolic", "breaths", "haemoglobin", "fundal_height_cm", "fetal_heart",
)  # fmt: skip
CHOSEN = ("protein", "hiv", "syphilis", "hepatitis_b", "malaria")
BY_AGE = (Care.VITAMIN_A, Care.DEWORMING, Care.GROWTH)
REASONS = {
    Reason.BEFORE_BIRTH: gettext_lazy("before birth"),
    Reason.TOO_YOUNG: gettext_lazy("too young"),
    Reason.TOO_SOON: gettext_lazy("too soon after the dose before"),
    Reason.LIVE_TOO_CLOSE: gettext_lazy("too close to another live vaccine"),
    Reason.TOO_OLD: gettext_lazy("too old for this dose"),
    Reason.SERIES_COMPLETE: gettext_lazy("the series was complete"),
    Reason.SAME_DAY: gettext_lazy("given twice on one day"),
    Reason.NOT_IN_SCHEDULE: gettext_lazy("not in the schedule"),
}
STATUSES = {
    Status.NOT_YET: gettext_lazy("Not yet"),
    Status.DUE: gettext_lazy("Due"),
    Status.OVERDUE: gettext_lazy("Overdue"),
    Status.DONE: gettext_lazy("Done"),
    Status.MISSED: gettext_lazy("Missed"),
    Status.FORBIDDEN: gettext_lazy("Not to be given"),
}


def line_words(care: Care, code: str) -> str:
    """Name a line of a schedule: "Antenatal contact 2", "Vitamin A, 6 months", "Penta 1"."""
    name, _sep, number = code.rpartition("_")
    if care == Care.IMMUNISATION:
        vaccine = name or code
        label = str(Vaccine(vaccine).label) if vaccine in Vaccine.values else vaccine
        return f"{label} {number}" if name else label
    if care in BY_AGE:
        return _("%(what)s, %(months)s months") % {"what": CARES[care], "months": digits(number)}
    return f"{CARES[care]} {number}" if number.isdigit() else str(CARES[care])


def line_said(text: str) -> str:
    """Name a line that is written as "schedule:line"."""
    care, _sep, code = text.partition(":")
    return line_words(Care(care), code)


def standing_words(line: Line) -> str:
    """Say where a line stands, and for what it is forbidden or to be met with care."""
    because = ", ".join(str(Condition(one).label) for one in line.because)
    if not because:
        return str(STATUSES[line.status])
    said = {"state": STATUSES[line.status], "because": because}
    if line.status == Status.FORBIDDEN:
        return _("%(state)s: %(because)s") % said
    return _("%(state)s. With care: %(because)s") % said


def measures_of(contact: Contact) -> dict[str, tuple[str, str]]:
    """Give what a contact measured and tested, by name, in words, in the paper form's units."""
    scaled = {
        "weight_kg": (contact.weight_g, 1000, 2),
        "length_cm": (contact.length_mm, 10, 1),
        "head_cm": (contact.head_mm, 10, 1),
        "temperature": (contact.temperature_dc, 10, 1),
    }
    found = {
        name: (measure_words(name), number(value / factor, places))
        for name, (value, factor, places) in scaled.items()
        if value is not None
    }
    for name in PLAIN:
        value = getattr(contact, name)
        if value is not None:
            found[name] = measure_words(name), number(value)
    for name in CHOSEN:
        if getattr(contact, name) not in (None, ""):
            said = str(getattr(contact, f"get_{name}_display")())
            found[name] = measure_words(name), said
    if contact.oedema is not None:
        found["oedema"] = measure_words("oedema"), _("Yes") if contact.oedema else _("No")
    return found


SCALED = {
    "weight_kg": gettext_lazy("Weight (kg)"),
    "length_cm": gettext_lazy("Length or height (cm)"),
    "head_cm": gettext_lazy("Head circumference (cm)"),
    "temperature": gettext_lazy("Temperature (°C)"),
}


def measure_words(name: str) -> str:
    """Name a measure or test as on the paper form."""
    if name in SCALED:
        return str(SCALED[name])
    return str(cast("Field[object, object]", Contact._meta.get_field(name)).verbose_name)
