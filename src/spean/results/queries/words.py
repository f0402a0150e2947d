"""The names of what is counted and of the groups that it is divided into."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spean.kernel.formats import digits, month
from spean.programmes.queries.words import programme_name
from spean.results.rules import Span

COUNTED_NAMES = {"people": _("People"), "households": _("Households")}
DIVISION_NAMES = {
    "place": _("Place"),
    "level": _("Poverty level"),
    "age": _("Age"),
    "sex": _("Sex"),
    "disability": _("Disability"),
    "area_class": _("Kind of area"),
}
VALUE_NAMES = {
    "level": {
        "poor_1": _("Poor level 1"),
        "poor_2": _("Poor level 2"),
        "at_risk": _("At risk"),
        "not_poor": _("Not poor"),
    },
    "age": {
        "0_4": _("Under 5"),
        "5_14": _("5 to 14"),
        "15_24": _("15 to 24"),
        "25_44": _("25 to 44"),
        "45_59": _("45 to 59"),
        "60_": _("60 and over"),
    },
    "sex": {"female": _("Female"), "male": _("Male")},
    "disability": {"yes": _("With a disability"), "no": _("Without a disability")},
    "area_class": {
        "phnom_penh_urban": _("Phnom Penh, urban"),
        "other_urban": _("Other urban"),
        "rural": _("Rural"),
    },
}


SIDE_NAMES = {
    "counted": _("Counted"),
    "of": _("All of whom it is counted"),
    "not_counted": _("Not counted, though they could have been"),
}
SIGNAL_NAMES = {
    "shift": _("A shift: so many points in a row on one side of the median"),
    "trend": _("A trend: so many points in a row that rise, or that fall"),
}
PLACE_NAMES = {
    "beyond_near": _("Beyond the near limits"),
    "beyond_far": _("Beyond the far limits"),
}


def period_name(period: Span) -> str:
    """Name a period: September 2026, 3rd quarter of 2026, 2026."""
    year = digits(period.start.year)
    if period.kind == "year":
        return year
    if period.kind == "quarter":
        quarter = digits((period.start.month + 2) // 3)
        return gettext("Quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year}
    return month(period.start)


def counted_name(what: str) -> str:
    """Give the name of what is counted: people, households, or the riel of a programme."""
    if what in COUNTED_NAMES:
        return str(COUNTED_NAMES[what])
    return gettext("%(programme)s (riel)") % {"programme": programme_name(what)}
