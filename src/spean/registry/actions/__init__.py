"""Writes of the registry."""

from spean.registry.actions.cards import (
    CardAlreadyRevoked,
    CardPeriodNotNow,
    issue_card,
    revoke_card,
)
from spean.registry.actions.changes import (
    KINDS,
    AlreadyDecided,
    EffectiveInFuture,
    propose_change,
    withdraw_change,
)
from spean.registry.actions.checking import IdentifierTaken, MemberProblem, Problems
from spean.registry.actions.deciding import (
    SamePerson,
    SeenNoLonger,
    approve_change,
    reject_change,
)
from spean.registry.actions.duplicates import PairDecidedAlready, say_different
from spean.registry.actions.imports import (
    FileImportedBefore,
    check_import,
    drop_rows_of_old_imports,
    take_in_import,
)
from spean.registry.actions.intake import WRITERS as INTAKE_WRITERS
from spean.registry.actions.intake import take_in_file, take_in_first
from spean.registry.actions.intake.alone import put_back
from spean.registry.actions.linkage import find_double_records
from spean.registry.actions.proposals import NothingChanges
from spean.registry.actions.records import NotPregnant
from spean.registry.actions.registration import LikelyDuplicates, NotAVillage, register_household
from spean.registry.actions.reversing import (
    LaterChangeFirst,
    reverse_change,
)
from spean.registry.actions.versions import LaterChangeRecorded
from spean.registry.rules.people import HeadsNotOne, NewMember

__all__ = [
    "INTAKE_WRITERS",
    "KINDS",
    "AlreadyDecided",
    "CardAlreadyRevoked",
    "CardPeriodNotNow",
    "EffectiveInFuture",
    "FileImportedBefore",
    "HeadsNotOne",
    "IdentifierTaken",
    "LaterChangeFirst",
    "LaterChangeRecorded",
    "LikelyDuplicates",
    "MemberProblem",
    "NewMember",
    "NotAVillage",
    "NotPregnant",
    "NothingChanges",
    "PairDecidedAlready",
    "Problems",
    "SamePerson",
    "SeenNoLonger",
    "approve_change",
    "check_import",
    "drop_rows_of_old_imports",
    "find_double_records",
    "issue_card",
    "propose_change",
    "put_back",
    "register_household",
    "reject_change",
    "reverse_change",
    "revoke_card",
    "say_different",
    "take_in_file",
    "take_in_first",
    "take_in_import",
    "withdraw_change",
]
