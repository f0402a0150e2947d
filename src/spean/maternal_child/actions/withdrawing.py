"""What was recorded in error is withdrawn: kept with the reason, and no longer counted."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from spean.kernel import audit, outbox
from spean.kernel.access import Actor
from spean.kernel.actions import store_decision
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.rows import only
from spean.maternal_child.actions.checking import RECORD, lives
from spean.maternal_child.actions.contacts import (
    FOUND,
    KEPT,
    TESTS,
    Measured,
    decision_of,
    grown_of,
)
from spean.maternal_child.events import CareWithdrawn, DoseWithdrawn
from spean.maternal_child.models import (
    BOUNDS,
    STANDING,
    Contact,
    Contraindication,
    Dose,
    HomeVisit,
    Pregnancy,
    WithdrawnEnd,
    WithdrawnMeasure,
)
from spean.registry.queries import Membership

MEASURES = tuple(
    name for name in FOUND if KEPT.get(name, (name,))[0] in (*BOUNDS, *TESTS, "protein", "oedema")
)


class WithdrawnAlready(Conflict):
    """Refuse a second withdrawal."""

    code = "maternal_child.withdrawn_already"
    message = N_("This was withdrawn already.")


class ReasonMissing(SpeanError):
    """Ask why."""

    code = "maternal_child.reason_missing"
    message = N_("Write why it was entered in error.")
    field = "reason"


class NotMeasured(SpeanError):
    """Refuse to withdraw what a contact doesn't say."""

    code = "maternal_child.not_measured"
    message = N_("This contact has no such measure. Choose one of those that it shows.")
    field = "measure"


@transaction.atomic
def withdraw_contact(*, contact_id: UUID, reason: str, by: Actor, on: date) -> Contact:
    """Take back a contact that was recorded in error, with the vaccines given at it.

    What it earned is taken back by whoever hears of it. Raises NotFound, NotAllowed, ReasonMissing,
    WithdrawnAlready.
    """
    found = only(Contact.objects.filter(pk=contact_id), lock=True)
    home = lives(found.person_id, permission=RECORD, by=by, day=found.day)
    withdraw_row(found, home, reason, by=by, on=on)
    for dose in found.doses.filter(STANDING).select_for_update():
        withdraw_row(dose, home, reason, by=by, on=on)
    _tell(found, home, on)
    return found


@transaction.atomic
def withdraw_dose(*, dose_id: UUID, reason: str, by: Actor, on: date) -> Dose:
    """Take back a dose that was recorded in error. Raises as `withdraw_contact`."""
    found = only(Dose.objects.filter(pk=dose_id), lock=True)
    home = lives(found.person_id, permission=RECORD, by=by, day=on)
    withdraw_row(found, home, reason, by=by, on=on)
    _tell(found, home, on)
    return found


@transaction.atomic
def withdraw_measure(
    *, contact_id: UUID, measure: str, reason: str, by: Actor, on: date
) -> WithdrawnMeasure:
    """Take back one measure or test of a contact; what follows is decided without it.

    Raises as `withdraw_contact`, and NotMeasured.
    """
    found = only(Contact.objects.filter(pk=contact_id), lock=True)
    home = lives(found.person_id, permission=RECORD, by=by, day=found.day)
    if found.withdrawn_on is not None:
        raise WithdrawnAlready
    name = KEPT.get(measure, (measure,))[0]
    if measure not in MEASURES or getattr(found, name) in (None, ""):
        raise NotMeasured
    made = WithdrawnMeasure(contact=found, name=measure, value=str(typed(found, measure)))
    withdraw_row(made, home, reason, by=by, on=on)
    setattr(found, name, "" if name in TESTS else None)
    measured = Measured(**{one: typed(found, one) for one in FOUND})
    grown = grown_of(found.kind, measured, home, found.day)
    found.decision = store_decision(decision_of(found, home, grown), subject=found, by=by)
    save_changed(found)
    return made


def typed(contact: Contact, name: str) -> Any:
    """Give what a contact found, in the units in which it is typed."""
    kept, factor = KEPT.get(name, (name, 1))
    value = getattr(contact, kept)
    return value if value is None or name not in KEPT else Decimal(value) / factor


Row = Contact | Dose | WithdrawnMeasure | Contraindication | WithdrawnEnd


def withdraw_row(row: Row, home: Membership, reason: str, *, by: Actor, on: date) -> None:
    """Mark a record as withdrawn. Raises WithdrawnAlready, ReasonMissing."""
    mark_withdrawn(row, home.household.village.code, reason, right=RECORD, by=by, on=on)
    if isinstance(row, Dose):
        outbox.announce(DoseWithdrawn(row.pk, row.reason))


def mark_withdrawn(
    row: Row | HomeVisit, area: str, reason: str, *, right: str, by: Actor, on: date
) -> None:
    """Write who withdraws a record of an area and why, to who has checked the right."""
    if row.withdrawn_on is not None:
        raise WithdrawnAlready
    if not reason.strip():
        raise ReasonMissing
    row.withdrawn_on, row.withdrawn_by, row.reason = on, by.name, reason.strip()[:300]
    save_changed(row)
    audit.write(by=by, action=right, subject=row, area=area, withdrawn=True)


def save_changed(row: Row | HomeVisit | Pregnancy) -> None:
    """Save a record, and when that was."""
    row.changed_at = Now()
    row.save()
    row.refresh_from_db(fields=["changed_at"])


def _tell(row: Contact | Dose, home: Membership, on: date) -> None:
    outbox.announce(CareWithdrawn(row.person_id, home.household_id, row.day, on))
