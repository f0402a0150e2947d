"""The names of measures, groups, and of the rows and columns of the programmes' tables."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spean.kernel.policy import CUT_OFFS, POINTS, Scorecard, policy
from spean.programmes.queries import MORE, Adjustable
from spean.programmes.queries.words import is_programme, programme_name
from spean.results.queries.words import VALUE_NAMES
from spean.targeting import queries as targeting
from spean.targeting.queries import SCORECARD

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
    MORE: _("% more to who is paid already"),
    POINTS: _("Points"),
}
TABLES = {"rates": _("Amounts"), "levels": _("Levels that take part")}


def table_name(one: Adjustable) -> str:
    """Name what a draft may change."""
    if one.table.key == SCORECARD:
        return gettext("The scorecard: points and cut-offs")
    return f"{programme_name(one.programme)}: {TABLES[one.table.key.rsplit('.', 1)[1]]}"


def column_name(code: str) -> str:
    """Name a column of a table; that of a level is a percentage for who is not paid yet."""
    if code in LEVELS:
        return gettext("%% to others of “%(level)s”") % {"level": LEVELS[code]}
    return str(COLUMNS.get(code, code))


def row_name(code: str) -> str:
    """Name a row of a table; a code that is new is shown as it is."""
    if "." in code:
        return _scorecard_row(*code.split("."))
    if is_programme(code):
        return programme_name(code)
    for area, name in AREAS.items():
        level = code.removeprefix(f"{area}_")
        if level in LEVELS and level != code:
            return f"{name}, {LEVELS[level]}"
    return str(ROWS.get(code, code))


def _scorecard_row(question: str, answer: str) -> str:
    """Name an answer of the scorecard, or a cut-off."""
    if question == CUT_OFFS:
        return gettext("From how many points: %(level)s") % {"level": LEVELS.get(answer, answer)}
    cards = [one for one in policy.history(SCORECARD).values() if isinstance(one, Scorecard)]
    for asked in (asked for card in cards for asked in card.questions if asked.code == question):
        for one in asked.answers:
            if one.code == answer:
                return f"{targeting.words(asked.text)} {targeting.words(one.text)}"
    return f"{question}: {answer}"
