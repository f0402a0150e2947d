"""The pure rules of the programmes: one expression for a family, the nation and a simulation."""

from spean.programmes.rules.confirmed import (
    AFTER_BIRTH,
    ANTENATAL,
    CONFIDENTIAL,
    CONFIRMED,
    DELIVERY,
    MONTHLY,
    STANDING,
    Confirmable,
    Happened,
    Whom,
    ages_for_school,
    decide,
    paid_when_confirmed,
)
from spean.programmes.rules.enrolment import BENEFITED, FLOW, State
from spean.programmes.rules.entitlements import (
    BY_AREA,
    FOLDER,
    HouseholdTransfer,
    MemberGrant,
    entitle,
)
from spean.programmes.rules.expansion import MORE
from spean.programmes.rules.explained import FACTS, decisions
from spean.programmes.rules.folders import (
    ProgrammeUnclear,
    codes,
    for_who_is_struck,
    is_transfer,
    modelled,
    programmes,
)
from spean.programmes.rules.members import STAGES, with_counts
from spean.programmes.rules.minimum import (
    BASKET,
    COLUMN,
    FOOD,
    OTHER,
    PERCENT_OF_IT,
    Minimum,
    minimum_on,
    with_minimum,
)
from spean.programmes.rules.shapes import Programme
from spean.programmes.rules.struck import Strike, fingerprint, strikes
from spean.programmes.rules.time_to_pay import Soon, how_soon

__all__ = [
    "AFTER_BIRTH",
    "ANTENATAL",
    "AREAS",
    "BASKET",
    "BENEFITED",
    "BY_AREA",
    "COLUMN",
    "CONFIDENTIAL",
    "CONFIRMED",
    "DELIVERY",
    "FACTS",
    "FLOW",
    "FOLDER",
    "FOOD",
    "MONTHLY",
    "MORE",
    "OTHER",
    "PERCENT_OF_IT",
    "STAGES",
    "STANDING",
    "Confirmable",
    "Happened",
    "HouseholdTransfer",
    "MemberGrant",
    "Minimum",
    "Programme",
    "ProgrammeUnclear",
    "Soon",
    "State",
    "Strike",
    "Whom",
    "ages_for_school",
    "codes",
    "decide",
    "decisions",
    "entitle",
    "fingerprint",
    "for_who_is_struck",
    "how_soon",
    "is_transfer",
    "minimum_on",
    "modelled",
    "paid_when_confirmed",
    "programmes",
    "strikes",
    "with_counts",
    "with_minimum",
]
