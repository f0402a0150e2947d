"""What the programmes do when care is given; `config/hears.py` lists it.

A contact is confirmed by the same rules as one that a facility confirms by hand: once a day for a
person, by the terms of its day. Only families that hold a level are looked at, so that the list of
confirmations names nobody who can't be paid.
"""

from contextlib import suppress
from datetime import date
from uuid import UUID

from spean.kernel.access import Actor, Purpose
from spean.kernel.policy import NotInForce
from spean.maternal_child.events import BirthRecorded, ContactCompleted
from spean.programmes import actions
from spean.programmes.rules import AFTER_BIRTH, ANTENATAL, DELIVERY, Happened
from spean.targeting import queries as targeting

GRANT = "maternal_grant"
CARE = Actor.system("care", purpose=Purpose.PAYMENT)
AT_A_FACILITY = ("facility", "outreach")
BORN_AT_A_FACILITY = ("health_centre", "hospital")


def confirm_contact(event: ContactCompleted) -> None:
    """Confirm an antenatal contact, a newborn's postnatal one, or a vaccination of a child.

    A contact at home is not one of a facility, and earns nothing.
    """
    if event.place not in AT_A_FACILITY:
        return
    if event.kind == "antenatal":
        _confirm(ANTENATAL, event.person, event.household, event.day, event.recorded_on)
    elif event.kind == "newborn" or (event.kind == "child" and event.vaccinated):
        _confirm(AFTER_BIRTH, event.person, event.household, event.day, event.recorded_on)


def confirm_birth(event: BirthRecorded) -> None:
    """Confirm a delivery in a facility, with its babies."""
    if event.place in BORN_AT_A_FACILITY:
        babies = len(event.children) + event.stillborn
        _confirm(DELIVERY, event.mother, event.household, event.day, event.recorded_on, babies)


def _confirm(
    kind: str, person: UUID, household: UUID, day: date, on: date, babies: int = 1
) -> None:
    if targeting.household_status(household, on=day) is None:
        return
    report = actions.Report(Happened(kind, day, babies), person)
    with suppress(actions.ConfirmedAlready, NotInForce):
        actions.confirm(programme=GRANT, report=report, by=CARE, on=on)
