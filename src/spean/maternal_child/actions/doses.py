"""Vaccines given are recorded, at a contact or from the child's card; in error, withdrawn."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import audit, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.rows import only
from spean.maternal_child.actions.checking import (
    RECORD,
    BeforeBirth,
    DayToCome,
    Wrong,
    lives,
    refuse,
    save_once,
    unknown,
)
from spean.maternal_child.events import DoseGiven
from spean.maternal_child.models import Contact, Dose, Vaccine
from spean.registry.queries import Membership


class DoseAlready(Conflict):
    """Refuse the same dose a second time."""

    code = "maternal_child.dose_already"
    message = N_("This dose is recorded already for this day.")
    field = "doses"


class WithdrawnAlready(Conflict):
    """Refuse a second withdrawal."""

    code = "maternal_child.withdrawn_already"
    message = N_("This was withdrawn already.")


class ReasonMissing(SpeanError):
    """Ask why."""

    code = "maternal_child.reason_missing"
    message = N_("Write why it was entered in error.")
    field = "reason"


@dataclass(frozen=True, slots=True)
class NewDose:
    """A dose as it was given."""

    vaccine: str
    day: date
    batch: str = ""


@transaction.atomic
def record_doses(*, person_id: UUID, doses: Collection[NewDose], by: Actor, on: date) -> list[Dose]:
    """Record doses that stand on a child's card, given earlier or elsewhere.

    Raises NotFound, NotAllowed, AnswersWrong, DoseAlready.
    """
    home = lives(person_id, permission=RECORD, by=by, day=on)
    refuse(doses_wrong(doses, home.person.birth_date, on))
    return give(doses, home=home, contact=None, by=by)


@transaction.atomic
def withdraw_dose(*, dose_id: UUID, reason: str, by: Actor, on: date) -> Dose:
    """Take back a dose that was recorded in error. Raises NotFound, NotAllowed, ReasonMissing."""
    found = only(Dose.objects.filter(pk=dose_id), lock=True)
    home = lives(found.person_id, permission=RECORD, by=by, day=on)
    if not reason.strip():
        raise ReasonMissing
    if found.withdrawn_on is not None:
        raise WithdrawnAlready
    found.withdrawn_on, found.withdrawn_by, found.reason = on, by.name, reason.strip()[:300]
    found.save(update_fields=["withdrawn_on", "withdrawn_by", "reason"])
    area = home.household.village.code
    audit.write(by=by, action=RECORD, subject=found, area=area, withdrawn=True)
    return found


def doses_wrong(doses: Collection[NewDose], born: date, on: date) -> Wrong:
    """Give what is wrong with doses: none is given before birth, none in the future."""
    wrong = unknown("doses", [dose.vaccine for dose in doses], Vaccine.values)
    if any(dose.day < born for dose in doses):
        wrong.append(("doses", BeforeBirth(born=born.isoformat())))
    if any(dose.day > on for dose in doses):
        wrong.append(("doses", DayToCome()))
    return wrong


def give(
    doses: Collection[NewDose], *, home: Membership, contact: Contact | None, by: Actor
) -> list[Dose]:
    """Write doses that were checked. Raises DoseAlready."""
    area = home.household.village.code
    given = []
    for dose in doses:
        made = Dose(
            person=home.person, contact=contact, vaccine=dose.vaccine, day=dose.day,
            batch=dose.batch.strip()[:30], recorded_by=by.name,
        )  # fmt: skip
        save_once(made, or_raise=DoseAlready)
        audit.write(by=by, action=RECORD, subject=made, area=area, vaccine=dose.vaccine)
        outbox.announce(DoseGiven(made.pk, made.person_id, area, made.vaccine, made.day))
        given.append(made)
    return given
