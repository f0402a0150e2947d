"""What comes in piece by piece is added to a contact that is on record already."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.actions import store_decision
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.rows import only
from spean.maternal_child.actions.checking import RECORD, lives, refuse
from spean.maternal_child.actions.contacts import (
    FOUND,
    Measured,
    decision_of,
    grown_of,
    kept_of,
    tell,
    wrong_of,
)
from spean.maternal_child.actions.doses import NewDose, doses_wrong, forbidden_among, give
from spean.maternal_child.actions.growing import unlikely
from spean.maternal_child.actions.withdrawing import WithdrawnAlready, save_changed, typed
from spean.maternal_child.models import Contact, Dose
from spean.registry.queries import Membership

NOTHING: tuple[Any, ...] = (None, "", (), [])


class MeasuredAlready(Conflict):
    """Refuse another value of what was measured already."""

    code = "maternal_child.measured_already"
    message = N_("Another value is recorded for this contact. Withdraw that one first.")


class OtherDay(SpeanError):
    """Refuse a dose of another day than its contact's."""

    code = "maternal_child.other_day"
    message = N_("The contact was on %(day)s. Correct the day, or leave the contact out.")
    field = "day"


@transaction.atomic
def add_measures(
    *, contact_id: UUID, measured: Measured, sure: bool = False, by: Actor, on: date
) -> Contact:
    """Add what a contact measured besides; what follows is decided anew.

    What is recorded alike already changes nothing. Raises as `record_contact`, and MeasuredAlready.
    """
    found, home = _open(contact_id, by=by)
    before = {name: typed(found, name) for name in FOUND}
    told = {name: getattr(measured, name) for name in FOUND}
    new = {name: told[name] for name in FOUND if told[name] not in (*NOTHING, before[name])}
    refuse([(name, MeasuredAlready()) for name in new if before[name] not in NOTHING])
    if not new:
        return found
    whole = Measured(**before | new)
    kept, wrong = kept_of(whole, found.kind)
    refuse(wrong + wrong_of(found.kind, found.day, whole, home, on))
    grown = grown_of(found.kind, whole, home, found.day)
    if grown is not None and not sure:
        refuse([one for one in unlikely(grown) if one[0] in new])
    for name, value in kept.items():
        setattr(found, name, value)
    found.decision = store_decision(decision_of(found, home, grown), subject=found, by=by)
    save_changed(found)
    audit.write(by=by, action=RECORD, subject=found, area=home.household.village.code, added=True)
    return found


@transaction.atomic
def add_doses(
    *, contact_id: UUID, doses: Collection[NewDose], sure: bool = False, by: Actor, on: date
) -> list[Dose]:
    """Add vaccines that were given at a contact, which may earn by them.

    Raises NotFound, NotAllowed, AnswersWrong, OtherDay, DoseAlready.
    """
    found, home = _open(contact_id, by=by)
    if any(dose.day != found.day for dose in doses):
        raise OtherDay(day=found.day.isoformat())
    refuse(doses_wrong(doses, home.person.birth_date, on))
    if not sure:
        refuse(forbidden_among(doses, home))
    given = give(doses, home=home, contact=found, by=by)
    tell(found, vaccinated=bool(given), on=on)
    return given


def _open(contact_id: UUID, *, by: Actor) -> tuple[Contact, Membership]:
    found = only(Contact.objects.select_related("village").filter(pk=contact_id), lock=True)
    home = lives(found.person_id, permission=RECORD, by=by, day=found.day)
    if found.withdrawn_on is not None:
        raise WithdrawnAlready
    return found, home
