"""The categories of the equity card, and what a check of one can find."""

from enum import StrEnum
from typing import Final

from spean.kernel.errors import N_

CATEGORIES: Final = {
    "poor_1": N_("Poor level 1"),
    "poor_2": N_("Poor level 2"),
    "at_risk": N_("At risk"),
}
COLOURS: Final = {"poor_1": "#4c2c92", "poor_2": "#0b4f5c", "at_risk": "#8a4b08"}


class Outcome(StrEnum):
    """What a check of a card finds."""

    COVERED = "covered"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"
    HOUSEHOLD_GONE = "household_gone"
    UNKNOWN = "unknown"
    WRONG_NUMBER = "wrong_number"
    FORGED = "forged"
    UNREADABLE = "unreadable"


TITLES: Final = {
    Outcome.COVERED: N_("Covered"),
    Outcome.NOT_YET: N_("Not valid yet"),
    Outcome.EXPIRED: N_("Expired"),
    Outcome.REVOKED: N_("Revoked"),
    Outcome.REPLACED: N_("Replaced by a newer card"),
    Outcome.HOUSEHOLD_GONE: N_("The household is no longer registered"),
    Outcome.UNKNOWN: N_("Unknown card"),
    Outcome.WRONG_NUMBER: N_("Wrong number"),
    Outcome.FORGED: N_("Not a true card"),
    Outcome.UNREADABLE: N_("Could not be read"),
}
ADVICE: Final = {
    Outcome.COVERED: N_("Treat the family as holders of an equity card. Compare name and age."),
    Outcome.NOT_YET: N_("The card holds from the day shown. Until then ask for an older card."),
    Outcome.EXPIRED: N_(
        "The card does not cover care today. Send the family to the commune to renew it."
    ),
    Outcome.REVOKED: N_(
        "The card does not cover care. The family can ask the commune for the reason and complain."
    ),
    Outcome.REPLACED: N_("The family has a newer card. Ask for it, or type its number."),
    Outcome.HOUSEHOLD_GONE: N_(
        "The members may belong to another household now. Send them to the commune."
    ),
    Outcome.UNKNOWN: N_(
        "No card has this number. Compare it with the card, or send the family to the commune."
    ),
    Outcome.WRONG_NUMBER: N_(
        "The last two digits don't fit the others: one digit is wrong. Read the number again."
    ),
    Outcome.FORGED: N_(
        "The code on the card was not signed by the issuer. Don't rely on what is printed on it. "
        "Tell the district office."
    ),
    Outcome.UNREADABLE: N_("Scan the code again, or type the card number."),
}
