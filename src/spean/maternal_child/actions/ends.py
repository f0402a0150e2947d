"""The end of a pregnancy that was recorded in error is taken back: the pregnancy goes on.

What it said is kept, with the reason. Who was registered by the birth alone is in the registry no
more; where care on record names the child, that is taken back first.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import outbox
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import N_, Conflict
from spean.kernel.i18n import explain
from spean.kernel.rows import only
from spean.maternal_child.actions.births import ENDED
from spean.maternal_child.actions.checking import RECORD, lives, propose
from spean.maternal_child.actions.withdrawing import save_changed, withdraw_row
from spean.maternal_child.events import BirthWithdrawn
from spean.maternal_child.models import (
    STANDING,
    Baby,
    Contact,
    ContactKind,
    Contraindication,
    Death,
    Dose,
    Ending,
    HomeVisit,
    NutritionTreatment,
    Pregnancy,
    WithdrawnEnd,
)
from spean.registry import actions as registry
from spean.registry import queries as people

BIRTHS = Actor.system("births", purpose=Purpose.CARE)
TAKEN_BACK = N_("The birth was withdrawn from the care record")
GOES_ON = N_("The end of the pregnancy was withdrawn from the care record")
WITHDRAWABLE, LASTING = (Contact, Dose, Contraindication, HomeVisit), (NutritionTreatment, Death)


class NotEnded(Conflict):
    """Refuse to take back what is not recorded."""

    code = "maternal_child.not_ended"
    message = N_("No end of this pregnancy is recorded. Look at it again.")


class EndedByDeath(Conflict):
    """Refuse to take back a death by way of the pregnancy."""

    code = "maternal_child.ended_by_death"
    message = N_(
        "This pregnancy ended by the death of the mother. Ask the health district, which reviews "
        "the death."
    )


class LaterPregnancy(Conflict):
    """Refuse to open a pregnancy again while a later one is on record."""

    code = "maternal_child.later_pregnancy"
    message = N_(
        "A later pregnancy of this woman is on record, so this one can't go on. The end stands."
    )


class CareAfterBirth(Conflict):
    """Refuse while care that follows a birth stands."""

    code = "maternal_child.care_after_birth"
    message = N_(
        "Care after this birth is on record (%(days)s). Take that back first, then the birth."
    )


class CareOfNewborn(Conflict):
    """Refuse while care of the child that was born stands."""

    code = "maternal_child.care_of_newborn"
    message = N_(
        "Care of %(name)s is on record (%(what)s). Take that back first, then the birth; what "
        "can't be taken back (a treatment, a death) shows that the child was born."
    )


class NewbornInUse(Conflict):
    """Refuse while other records name the child."""

    code = "maternal_child.newborn_in_use"
    message = N_(
        "Other records name %(name)s (%(why)s) Ask the commune council to correct the household, "
        "then take the birth back."
    )


@transaction.atomic
def withdraw_end(*, pregnancy_id: UUID, reason: str, by: Actor, on: date) -> WithdrawnEnd:
    """Take back a birth, or another end of a pregnancy, that was recorded in error.

    The grant, the health schemes and the civil registry hear of a birth; what they refuse leaves
    all as it was. Raises NotFound, NotAllowed, ReasonMissing, NotEnded, EndedByDeath,
    LaterPregnancy, CareAfterBirth, CareOfNewborn, NewbornInUse.
    """
    found = only(Pregnancy.objects.filter(pk=pregnancy_id), lock=True)
    home = lives(found.person_id, permission=RECORD, by=by, day=found.ended_on or on)
    if found.ended_on is None:
        raise NotEnded
    _check(found, found.ended_on)
    babies = list(found.babies.order_by("birth_order").select_related("person"))
    again = found.withdrawn_ends.count()
    made = _said(found, found.ended_on, babies)
    withdraw_row(made, home, reason, by=by, on=on)
    _reopen(found)
    for baby in babies:
        baby.delete()
        if baby.person is not None:
            _unregister(baby.person, by=by, on=on)
    _tell_registry(found, home, by=by, on=on)
    if made.ending == Ending.BIRTH:
        outbox.announce(
            BirthWithdrawn(
                pregnancy=found.pk, again=again, household=home.household_id,
                mother=home.person_id, babies=tuple(baby["id"] for baby in made.babies),
                village=home.household.village.code, day=made.day, withdrawn_on=on,
            )
        )  # fmt: skip
    return made


def _check(found: Pregnancy, day: date) -> None:
    """Refuse what would leave the record against itself."""
    if found.ending == Ending.DEATH:
        raise EndedByDeath
    later = Pregnancy.objects.filter(person=found.person_id, started_on__gt=found.started_on)
    if later.exists():
        raise LaterPregnancy
    after = found.contacts.filter(STANDING, kind=ContactKind.POSTNATAL)
    visits = HomeVisit.objects.filter(
        STANDING, person=found.person_id, kind="after_birth", visited_on__gte=day
    )
    days = {*after.values_list("day", flat=True), *visits.values_list("visited_on", flat=True)}
    if days:
        raise CareAfterBirth(days=", ".join(one.isoformat() for one in sorted(days)))


def _said(found: Pregnancy, day: date, babies: list[Baby]) -> WithdrawnEnd:
    """Give what the end said, to be kept."""
    return WithdrawnEnd(
        pregnancy=found, ending=found.ending, day=day, recorded_by=found.ended_by,
        place=found.place, facility=found.facility, attendant=found.attendant, mode=found.mode,
        complications=found.complications,
        babies=[
            {"id": str(one.pk), "order": one.birth_order, "outcome": one.outcome, "sex": one.sex,
             "weight_g": one.weight_g, "person": str(one.person_id) if one.person_id else None}
            for one in babies
        ],
    )  # fmt: skip


def _reopen(found: Pregnancy) -> None:
    found.ended_on, found.ended_by, found.ending, found.facility = None, "", "", None
    found.place, found.attendant, found.mode, found.complications = "", "", "", []
    save_changed(found)


def _unregister(born: people.Person, *, by: Actor, on: date) -> None:
    """Take a child out of the registry that came into it by the birth alone.

    With care withdrawn the record stays, of one who was a member by mistake; else it is undone.
    """
    made = people.registered_by(born.pk)
    if made is None or made.decided_by != BIRTHS.name:
        return  # the registry knew the child before
    if standing := sorted(_care_of(born, standing=True)):
        raise CareOfNewborn(name=str(born), what=", ".join(standing))
    try:
        if any(_care_of(born, standing=False)):
            _remove(born, by=by, on=on)
        else:
            registry.reverse_change(change=made, reason=TAKEN_BACK, by=BIRTHS, on=on)
    except Conflict as error:
        raise NewbornInUse(name=str(born), why=str(explain(error))) from error


def _care_of(born: people.Person, *, standing: bool) -> Iterator[str]:
    """Give the kinds of care of a child that are on record, withdrawn too if that is asked."""
    for model in WITHDRAWABLE:
        rows = model.objects.filter(person=born)
        if (rows.filter(STANDING) if standing else rows).exists():
            yield str(model._meta.verbose_name)
    for lasting in LASTING:
        if lasting.objects.filter(person=born).exists():
            yield str(lasting._meta.verbose_name)


def _remove(born: people.Person, *, by: Actor, on: date) -> None:
    change = propose(
        kind="remove_member", person=born, reason=TAKEN_BACK, proposal={"because": "mistake"},
        day=on, by=by, on=on,
    )  # fmt: skip
    registry.approve_change(change=change, note=TAKEN_BACK, by=BIRTHS, on=on)


def _tell_registry(found: Pregnancy, home: people.Membership, *, by: Actor, on: date) -> None:
    """Take back that the pregnancy ended; where the council has approved it, propose anew."""
    known = people.changes_about(home.person_id, kind="record_pregnancy")
    waiting = [one for one in known if one.state == one.State.PROPOSED]
    for change in waiting:
        if change.reason == ENDED:
            registry.reject_change(change=change, reason=GOES_ON, by=BIRTHS, on=on)
    if not waiting and not people.pregnant_among([home.person_id], on=on):
        registry.propose_change(
            kind="record_pregnancy", reason=GOES_ON, effective_on=on,
            proposal={"expected_on": found.expected_on},
            person=people.person(home.person_id, by=by, log_read=False), by=by, on=on,
        )  # fmt: skip
