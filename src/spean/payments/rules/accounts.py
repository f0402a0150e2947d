"""The accounts of the ledger, and the ways that money takes between them.

    funder ─appropriation─▶ budget ─commitment─▶ committed ─release─▶ channel ─paid─▶ families
                               ▲                                         │               │
                               └─ not paid, or returned ─────────────────┴───────────────┘

An amount is positive where it comes to rest. A funder's account only goes down: what it gave is
what all other accounts hold.
"""

from enum import StrEnum


class AccountKind(StrEnum):
    """Where money can be."""

    FUNDER = "funder"
    BUDGET = "budget"
    COMMITTED = "committed"
    CHANNEL = "channel"
    FAMILIES = "families"


class EntryKind(StrEnum):
    """Why money moved."""

    APPROPRIATION = "appropriation"
    WITHDRAWAL = "withdrawal"
    COMMITMENT = "commitment"
    CANCELLATION = "cancellation"
    RELEASE = "release"
    ANSWERS = "answers"
    VERDICT = "verdict"


def account_code(kind: AccountKind, *of: str) -> str:
    """Give an account's code: its kind and what it is of, such as "budget:flood_cash_transfer"."""
    return ":".join((kind, *of))
