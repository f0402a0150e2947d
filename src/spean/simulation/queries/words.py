"""The names of measures, groups, and of the rows and columns of the programmes' tables."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spean.kernel import formats
from spean.kernel.policy import CUT_OFFS, POINTS, VALUE, Scorecard, policy
from spean.programmes.queries import BASKET, FOOD, MORE, OTHER, Adjustable
from spean.programmes.queries.words import is_programme, programme_name
from spean.results.queries.words import VALUE_NAMES
from spean.simulation.queries.tables import LINES
from spean.simulation.rules import LINE, MEASURED_BY, MINIMUM
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
# A measure by what is in force, by the draft's own, and by one draft's where two are compared.
BY = {
    LINE: (
        _("%(measure)s, by the line in force"),
        _("%(measure)s, by the draft's line"),
        _("%(measure)s, by the line of “%(title)s”"),
    ),
    MINIMUM: (
        _("%(measure)s, by the minimum in force"),
        _("%(measure)s, by the draft's minimum"),
        _("%(measure)s, by the minimum of “%(title)s”"),
    ),
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
ROWS = {
    **LEVELS,
    **AREAS,
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
    "home": _("Home of the family"),
    "food": _("Food of a grown person"),
    "other": _("Other needs of a grown person"),
    VALUE: _("% of a grown person's"),
    LINE: _("Each person and day"),
}
TABLES = {"rates": _("Amounts"), "levels": _("Levels that take part")}
NAMES = {
    BASKET: _("Minimum expenditure: riel a month"),
    FOOD: _("Minimum expenditure: food by age"),
    OTHER: _("Minimum expenditure: other needs by age"),
    LINES: _("The poverty line: riel a day"),
    SCORECARD: _("The scorecard: points and cut-offs"),
}
_SIZED = _(
    "What programmes of the draft pay in percent of the minimum is worked out with it. Who lives "
    "below the minimum is shown by the one in force and by the draft's."
)
HINTS = {
    BASKET: _SIZED, FOOD: _SIZED, OTHER: _SIZED,
    LINES: _("Another line changes who counts as poor; it pays nobody. Poverty is shown by the "
             "line in force and by the draft's."),
}  # fmt: skip


def measure_name(code: str, by: str, title: str = "") -> str:
    """Name a measure by what is in force ("now"), by the draft's ("draft"), or by one draft's."""
    words = BY[MEASURED_BY[code]][("now", "draft", "one").index(by)]
    return words % {"measure": MEASURES[code], "title": title}


def table_name(one: Adjustable) -> str:
    """Name what a draft may change."""
    if one.table.key in NAMES:
        return str(NAMES[one.table.key])
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
    if code.isdecimal():
        return gettext("From the age of %(age)s") % {"age": formats.number(int(code))}
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
