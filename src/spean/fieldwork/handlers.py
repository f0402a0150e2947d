"""What fieldwork does when cases, households or visits change; `config/hears.py` lists it."""

from spean.fieldwork import actions
from spean.maternal_child.events import ContactCompleted, HomeVisitRecorded, HomeVisitWithdrawn
from spean.registry.events import HouseholdMoved
from spean.targeting.events import AssessmentMoved


def follow_case(event: AssessmentMoved) -> None:
    """Open or close the interview of a case that took a step."""
    actions.follow_interviews(assessment_ids=[event.assessment_id], on=event.on)


def follow_household(event: HouseholdMoved) -> None:
    """Hand the household's interview to those who work where it lives now."""
    actions.follow_interviews_of(household_id=event.household, on=event.day)


def close_visit(event: HomeVisitRecorded) -> None:
    """Close the visit that was made; one at which nobody was met stays to be made."""
    if event.met:
        actions.close_visit(person_id=event.person, kind=event.kind, day=event.day)


def reopen_visit(event: HomeVisitWithdrawn) -> None:
    """Put a visit back on the list that was not made after all, if it is due."""
    actions.follow_visits(on=event.withdrawn_on, area=event.village)


def close_care(event: ContactCompleted) -> None:
    """Close what was due to somebody who had a contact; what is due still comes back by itself."""
    actions.close_care(person_id=event.person, day=event.day)
