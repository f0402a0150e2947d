"""What the programmes do when care is given; `config/hears.py` lists it.

A contact is confirmed by the same rules as one that a facility confirms by hand: once a day for a
person, by the terms of its day. Only families that hold a level are looked at, so that the list of
confirmations names nobody who can't be paid.
"""

from contextlib import suppress
from datetime import date
from uuid import UUID

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import N_
from spean.kernel.policy import NotInForce
from spean.maternal_child import queries as care
from spean.maternal_child.events import (
    BirthRecorded,
    BirthWithdrawn,
    CareWithdrawn,
    ContactCompleted,
)
from spean.programmes import actions, queries
from spean.programmes.rules import AFTER_BIRTH, ANTENATAL, DELIVERY, Happened
from spean.targeting import queries as targeting

GRANT = "maternal_grant"
CARE = Actor.system("care", purpose=Purpose.PAYMENT)
AT_A_FACILITY = ("facility", "outreach")
BORN_AT_A_FACILITY = ("health_centre", "hospital")
WITHDRAWN = N_("Withdrawn from the care record")


def confirm_contact(event: ContactCompleted) -> None:
    """Confirm an antenatal contact, a newborn's postnatal one, or a vaccination of a child.

    A contact at home is not one of a facility, and earns nothing.
    """
    if kind := _earns(event.kind, event.place, event.vaccinated):
        _confirm(kind, event.person, event.household, event.day, event.recorded_on)


def _earns(kind: str, place: str, vaccinated: bool) -> str | None:
    """Give as what a contact is confirmed, if it is."""
    if place not in AT_A_FACILITY:
        return None
    if kind == "antenatal":
        return ANTENATAL
    after_birth = kind == "newborn" or (kind == "child" and vaccinated)
    return AFTER_BIRTH if after_birth else None


def follow_withdrawal(event: CareWithdrawn) -> None:
    """Take back what care confirmed for a day and nothing that stands of that day still earns.

    What a facility confirmed by hand stays; what was paid can be corrected (`correct_cycle`).
    """
    still = {_earns(*one) for one in care.standing_contacts(event.person, event.day)} - {None}
    for one in queries.confirmed_on(GRANT, event.person, event.day):
        if one.by == CARE.name and one.kind in (ANTENATAL, AFTER_BIRTH) and one.kind not in still:
            _withdraw(one.pk, event.withdrawn_on)
    for kind in sorted(filter(None, still)):
        _confirm(kind, event.person, event.household, event.day, event.withdrawn_on)


def confirm_birth(event: BirthRecorded) -> None:
    """Confirm a delivery in a facility, with its babies."""
    if event.place in BORN_AT_A_FACILITY:
        babies = len(event.children) + event.stillborn
        _confirm(DELIVERY, event.mother, event.household, event.day, event.recorded_on, babies)


def follow_birth_withdrawal(event: BirthWithdrawn) -> None:
    """Take back the delivery that care confirmed; what was paid can be corrected."""
    for one in queries.confirmed_on(GRANT, event.mother, event.day):
        if one.by == CARE.name and one.kind == DELIVERY:
            _withdraw(one.pk, event.withdrawn_on)


def _withdraw(confirmation: UUID, on: date) -> None:
    actions.withdraw(confirmation_id=confirmation, reason=WITHDRAWN, by=CARE, on=on)


def _confirm(
    kind: str, person: UUID, household: UUID, day: date, on: date, babies: int = 1
) -> None:
    if targeting.household_status(household, on=day) is None:
        return
    report = actions.Report(Happened(kind, day, babies), person)
    with suppress(actions.ConfirmedAlready, NotInForce):
        actions.confirm(programme=GRANT, report=report, by=CARE, on=on)
