"""Vaccines given are recorded, at a contact or from the child's card."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from spean.kernel import audit, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
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
from spean.maternal_child.models import Condition, Contact, Dose, Vaccine
from spean.maternal_child.queries.due import barriers_of
from spean.maternal_child.rules import Programme, forbidden
from spean.registry.queries import Membership, records_of


class DoseAlready(Conflict):
    """Refuse the same dose a second time."""

    code = "maternal_child.dose_already"
    message = N_("This dose is recorded already for this day.")
    field = "doses"


class DoseForbidden(SpeanError):
    """Ask about a vaccine that isn't to be given to this person."""

    code = "maternal_child.dose_forbidden"
    message = N_(
        "%(vaccine)s is not to be given to this child: %(because)s. Leave it out; "
        "if it was given all the same, say so below."
    )
    field = "doses"


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


def doses_wrong(doses: Collection[NewDose], born: date, on: date) -> Wrong:
    """Give what is wrong with doses: none is given before birth, none in the future."""
    wrong = unknown("doses", [dose.vaccine for dose in doses], Vaccine.values)
    if any(dose.day < born for dose in doses):
        wrong.append(("doses", BeforeBirth(born=born.isoformat())))
    if any(dose.day > on for dose in doses):
        wrong.append(("doses", DayToCome()))
    return wrong


def forbidden_among(doses: Collection[NewDose], home: Membership) -> Wrong:
    """Give the doses against which something that is on record stands."""
    barriers = barriers_of(records_of([home.person_id])).get(home.person_id, ())
    wrong: Wrong = []
    for dose in doses if barriers else ():
        because = forbidden(
            dose.vaccine, barriers=barriers, on=dose.day, programme=Programme.of(dose.day),
            sex=home.person.sex,
        )  # fmt: skip
        if because:
            with override("en"):  # to be translated with the rest of the sentence
                said = {"vaccine": str(Vaccine(dose.vaccine).label),
                        "because": str(Condition(because[0]).label)}  # fmt: skip
            wrong.append(("doses", DoseForbidden(**said)))
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
        outbox.announce(
            DoseGiven(made.pk, made.person_id, area, made.vaccine, made.day, made.batch)
        )
        given.append(made)
    return given
