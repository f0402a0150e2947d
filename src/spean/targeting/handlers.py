"""What targeting does when the registry's households change; `config/hears.py` lists it.

That two records are found to be one person (PeopleMerged) changes no case.
"""

from spean.kernel.access import Actor, Purpose
from spean.registry import queries as registry
from spean.registry.events import (
    ChangeReversed,
    HouseholdDissolved,
    HouseholdMoved,
    HouseholdsMerged,
    HouseholdSplit,
    MemberAdded,
    MemberRemoved,
)
from spean.targeting import actions
from spean.targeting.actions import ClosingReason

REGISTRY_NEWS = Actor.system("registry_news", purpose=Purpose.TARGETING)


def close_dissolved(event: HouseholdDissolved) -> None:
    """Close the case of a household in which nobody is left."""
    actions.close_for_household(
        household_id=event.household,
        reason=ClosingReason.HOUSEHOLD_DISSOLVED,
        by=REGISTRY_NEWS,
        on=event.day,
    )


def close_merged(event: HouseholdsMerged) -> None:
    """Close the case of the household that ceased; the other one has new members."""
    actions.close_for_household(
        household_id=event.dissolved,
        reason=ClosingReason.HOUSEHOLD_MERGED,
        by=REGISTRY_NEWS,
        on=event.day,
    )
    actions.note_members_changed(household_id=event.kept, by=REGISTRY_NEWS, on=event.day)


def follow_moved(event: HouseholdMoved) -> None:
    """Hand the case to the household's new village."""
    actions.follow_household(
        household_id=event.household, village_code=event.entered, by=REGISTRY_NEWS, on=event.day
    )


def note_members_changed(event: HouseholdSplit | MemberAdded | MemberRemoved) -> None:
    """Mark the case: who lives in the household is no longer what was interviewed."""
    actions.note_members_changed(household_id=event.household, by=REGISTRY_NEWS, on=event.day)


def follow_reversal(event: ChangeReversed) -> None:
    """Take back what an undone change did: households exist again, or live where they lived."""
    actions.restore_statuses(by=REGISTRY_NEWS, on=event.day)
    if event.household is not None:
        actions.follow_household(
            household_id=event.household,
            village_code=registry.household_for(event.household).village.code,
            by=REGISTRY_NEWS,
            on=event.day,
        )
