"""The names of measures, groups, and of the rows and columns of the programmes' tables."""

from django.utils.translation import gettext_lazy as _

from spean.results.queries.words import VALUE_NAMES

MEASURES = {
    "poverty_rate": _("People in poverty"),
    "poverty_gap": _("Poverty gap"),
    "below_minimum": _("People below minimum expenditure"),
    "adequacy": _("Transfers, of the minimum expenditure of who is paid"),
    "coverage": _("People in families that are paid"),
    "exclusion_error": _("Of the poor, not paid"),
    "inclusion_error": _("Of those paid, not poor"),
}
KINDS = {
    "place": _("Place"),
    "area_class": _("Kind of area"),
    "child_headed": _("Who heads the family"),
    "disability": _("Disability"),
}
CODES = {
    "child_headed": {"true": _("Headed by a child"), "false": _("Headed by an adult")},
    "disability": {
        "true": _("A member with a disability"),
        "false": _("No member with a disability"),
    },
}
AREAS, LEVELS = VALUE_NAMES["area_class"], VALUE_NAMES["level"]
ROWS = LEVELS | {
    "antenatal_visit": _("Antenatal visit"),
    "delivery": _("Delivery in a facility"),
    "after_birth": _("Contact of the child after birth"),
    "primary": _("Month of primary school"),
    "lower_secondary": _("Month of lower secondary school"),
    "upper_secondary": _("Month of upper secondary school"),
    "disabled": _("Member with a disability"),
    "elder": _("Member of 60 and over"),
}
COLUMNS = {
    "household": _("Family"),
    "member": _("Each member"),
    "additional_member": _("Each further member"),
    "vulnerable": _("More for each vulnerable member"),
    "percent_of_minimum": _("% of the family's minimum expenditure"),
    "each": _("Each time"),
    "baby": _("Each baby"),
    "month": _("Each month"),
    "eligible": _("Takes part (1) or not (0)"),
}
TABLES = {"rates": _("Amounts"), "levels": _("Levels that take part")}


def row_name(code: str) -> str:
    """Name a row of a table; a code that is new is shown as it is."""
    for area, name in AREAS.items():
        level = code.removeprefix(f"{area}_")
        if level in LEVELS and level != code:
            return f"{name}, {LEVELS[level]}"
    return str(ROWS.get(code, code))
