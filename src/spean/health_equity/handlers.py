"""What the health schemes do with others' news; `config/hears.py` lists it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from spean.health_equity import actions
from spean.health_equity.rules.reported import case_of, case_of_birth
from spean.kernel.access import Actor, Purpose
from spean.kernel.policy import NotInForce
from spean.maternal_child import queries as care
from spean.maternal_child.events import BirthRecorded, BirthWithdrawn, ContactCompleted
from spean.referrals.events import TripCompleted
from spean.targeting.events import AssessmentMoved

NEWS = Actor.system("assessment_news", purpose=Purpose.CARE)
CARE = Actor.system("care_record", purpose=Purpose.CARE)
TRIPS = Actor.system("trip_news", purpose=Purpose.CARE)
ANSWERED = ("confirmed", "refused")
CENTRES, HOSPITALS = ("health_post", "health_centre"), ("cpa1", "cpa2", "cpa3", "national")
# Care is recorded whatever the schemes make of it: before they paid, or after the day of death.
NO_CASE = (NotInForce, actions.BeforeBirth)
LEVELS: Mapping[str, Sequence[str]] = {
    "health_centre": CENTRES, "hospital": HOSPITALS, "facility": (*CENTRES, *HOSPITALS),
}  # fmt: skip


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


def report_birth(event: BirthRecorded) -> None:
    """Make a birth at a facility a case of the schemes. One before they paid for it is none."""
    if event.place not in LEVELS:
        return
    birth = care.pregnancy(event.pregnancy)
    with suppress(*NO_CASE):
        actions.report_case(
            report=actions.Report(
                key=_key(event), person=event.mother, day=event.day,
                case=case_of_birth(birth.mode, birth.complications, on=event.day),
                village=event.village, facility=birth.facility.code if birth.facility else "",
                levels=LEVELS[event.place],
            ),
            by=CARE, on=event.recorded_on,
        )  # fmt: skip


def withdraw_birth(event: BirthWithdrawn) -> None:
    """Take back the case of a birth that was recorded in error."""
    actions.withdraw_case(key=_key(event), by=CARE, on=event.withdrawn_on)


def _key(event: BirthRecorded | BirthWithdrawn) -> str:
    """Name the case of a birth; one recorded again, after the first was withdrawn, is another."""
    return f"birth:{event.pregnancy}" + (f":{event.again}" if event.again else "")


def report_contact(event: ContactCompleted) -> None:
    """Make a contact at a facility a case, where one of its kind is: at home it is none."""
    if event.place not in LEVELS:
        return
    with suppress(*NO_CASE):
        case = case_of(event.kind, on=event.day)
        if case.services:
            actions.report_case(
                report=actions.Report(
                    key=f"contact:{event.contact}", person=event.person, day=event.day, case=case,
                    village=event.village, facility=event.facility, levels=LEVELS[event.place],
                ),
                by=CARE, on=event.recorded_on,
            )  # fmt: skip
