"""The lines of the schedules, and why a dose doesn't count, in the reader's language."""

from typing import cast

from django.db.models import Field
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spean.kernel.formats import digits, number
from spean.maternal_child.models import Contact, Vaccine
from spean.maternal_child.rules import Care, Reason, Status

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


def measures_of(contact: Contact) -> list[tuple[str, str]]:
    """Give what a contact measured and tested, in words, in the units of the paper form."""
    scaled = {
        _("Weight (kg)"): (contact.weight_g, 1000, 2),
        _("Length or height (cm)"): (contact.length_mm, 10, 1),
        _("Head circumference (cm)"): (contact.head_mm, 10, 1),
        _("Temperature (°C)"): (contact.temperature_dc, 10, 1),
    }
    found = [
        (words, number(value / factor, places))
        for words, (value, factor, places) in scaled.items()
        if value is not None
    ]
    for name in PLAIN:
        value = getattr(contact, name)
        if value is not None:
            found.append((_label(name), number(value)))
    for name in CHOSEN:
        if getattr(contact, name) not in (None, ""):
            label = _label(name)
            found.append((label, str(getattr(contact, f"get_{name}_display")())))
    if contact.oedema is not None:
        found.append((_("Both feet swollen"), _("Yes") if contact.oedema else _("No")))
    return found


def _label(name: str) -> str:
    return str(cast("Field[object, object]", Contact._meta.get_field(name)).verbose_name)
