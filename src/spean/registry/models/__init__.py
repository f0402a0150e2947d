"""What the registry stores, and what must always be true of it."""

from spean.registry.models.cards import EquityCard
from spean.registry.models.changes import ChangeRequest
from spean.registry.models.duplicates import DuplicatePair
from spean.registry.models.households import Household, HouseholdPast, Membership
from spean.registry.models.identifiers import Identifier
from spean.registry.models.imports import ImportedHousehold, ImportRun
from spean.registry.models.loading import PutAside
from spean.registry.models.people import FunctionAssessment, Person, PersonPast, Pregnancy

__all__ = [
    "ChangeRequest",
    "DuplicatePair",
    "EquityCard",
    "FunctionAssessment",
    "Household",
    "HouseholdPast",
    "Identifier",
    "ImportRun",
    "ImportedHousehold",
    "Membership",
    "Person",
    "PersonPast",
    "Pregnancy",
    "PutAside",
]
