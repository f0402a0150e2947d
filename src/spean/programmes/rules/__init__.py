"""The pure rules of the programmes: one expression for a family, the nation and a simulation."""

from spean.programmes.rules.confirmed import (
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
from spean.programmes.rules.enrolment import FLOW, State
from spean.programmes.rules.entitlements import (
    AREAS,
    GRANTS,
    LEVELS,
    TRANSFERS,
    HouseholdTransfer,
    MemberGrant,
    entitle,
    programmes,
)
from spean.programmes.rules.expansion import EXPANSION, MORE
from spean.programmes.rules.explained import FACTS, decisions
from spean.programmes.rules.members import STAGES, with_counts
from spean.programmes.rules.minimum import (
    COLUMN,
    PERCENT_OF_IT,
    Minimum,
    minimum_on,
    with_minimum,
)
from spean.programmes.rules.shapes import Programme
from spean.programmes.rules.struck import FOR_WHO_IS_STRUCK, Strike, strikes
from spean.programmes.rules.time_to_pay import Soon, how_soon

__all__ = [
    "AREAS",
    "COLUMN",
    "CONFIDENTIAL",
    "CONFIRMED",
    "DELIVERY",
    "EXPANSION",
    "FACTS",
    "FLOW",
    "FOR_WHO_IS_STRUCK",
    "GRANTS",
    "LEVELS",
    "MONTHLY",
    "MORE",
    "PERCENT_OF_IT",
    "STAGES",
    "STANDING",
    "TRANSFERS",
    "Confirmable",
    "Happened",
    "HouseholdTransfer",
    "MemberGrant",
    "Minimum",
    "Programme",
    "Soon",
    "State",
    "Strike",
    "Whom",
    "ages_for_school",
    "decide",
    "decisions",
    "entitle",
    "how_soon",
    "minimum_on",
    "paid_when_confirmed",
    "programmes",
    "strikes",
    "with_counts",
    "with_minimum",
]
