"""The names of what is counted and of the groups that it is divided into."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spean.programmes.queries.words import programme_name

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


def counted_name(what: str) -> str:
    """Give the name of what is counted: people, households, or the riel of a programme."""
    if what in COUNTED_NAMES:
        return str(COUNTED_NAMES[what])
    return gettext("%(programme)s (riel)") % {"programme": programme_name(what)}
