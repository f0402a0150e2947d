"""What the health schemes do with others' news; `config/hears.py` lists it."""

from spean.health_equity import actions
from spean.kernel.access import Actor, Purpose
from spean.referrals.events import TripCompleted
from spean.targeting.events import AssessmentMoved

NEWS = Actor.system("assessment_news", purpose=Purpose.CARE)
TRIPS = Actor.system("trip_news", purpose=Purpose.CARE)
ANSWERED = ("confirmed", "refused")


def end_provisional_cover(event: AssessmentMoved) -> None:
    """End what was given for the time of the assessment: from now on its answer counts."""
    if event.state in ANSWERED:
        actions.end_provisional_cover(assessment_id=event.assessment_id, by=NEWS, on=event.on)


def note_transport(event: TripCompleted) -> None:
    """Decide who pays for bringing a patient, and put it on their visit."""
    actions.note_transport(
        trip=event.trip, referral=event.referral, person_id=event.person, facility=event.facility,
        km=event.km, cost=event.cost, by=TRIPS, on=event.day,
    )  # fmt: skip
