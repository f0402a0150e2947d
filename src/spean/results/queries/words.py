"""The names of what is counted and of the groups that it is divided into."""

from django.utils.translation import gettext_lazy as _

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
PROGRAMME_NAMES = {
    "covid_cash_transfer": _("COVID-19 cash transfer (riel)"),
    "flood_cash_transfer": _("Flood cash transfer (riel)"),
    "inflation_cash_transfer": _("Inflation cash transfer (riel)"),
    "shock_top_up": _("Top-up in a shock (riel)"),
    "shock_expansion": _("More of other programmes in a shock (riel)"),
    "maternal_grant": _("Grant for mothers and children (riel)"),
    "scholarship": _("Scholarship (riel)"),
    "disability_allowance": _("Disability allowance (riel)"),
    "elderly_allowance": _("Allowance for the old (riel)"),
}
# Where each province roughly lies: column and row of the tile map.
TILES = {
    "22": (2, 0), "13": (3, 0), "19": (4, 0), "16": (5, 0),
    "01": (1, 1), "17": (2, 1), "06": (3, 1), "10": (4, 1), "11": (5, 1),
    "24": (0, 2), "02": (1, 2), "04": (2, 2), "03": (3, 2), "25": (4, 2),
    "15": (1, 3), "05": (2, 3), "12": (3, 3), "08": (4, 3), "14": (5, 3),
    "09": (1, 4), "07": (2, 4), "21": (3, 4), "20": (5, 4),
    "18": (1, 5), "23": (2, 5),
}  # fmt: skip
