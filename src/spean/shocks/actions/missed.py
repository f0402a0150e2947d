"""Who says that a shock missed them asks, and is answered with a reason."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict
from spean.registry import queries as registry
from spean.shocks import queries
from spean.shocks.actions.decisions import NotWaiting, ReasonMissing
from spean.shocks.actions.events import strike
from spean.shocks.actions.families import name_family
from spean.shocks.models import Missed
from spean.shocks.queries import ASK, MANAGE


class AskedAlready(Conflict):
    """Refuse the same question of the same family twice."""

    code = "shocks.asked_already"
    message = N_("This family has asked already, and waits for an answer.")
    field = "event"


@transaction.atomic
def ask(*, event_id: UUID, household_id: UUID, says: str, by: Actor, on: date) -> Missed:
    """Take down that a family says a shock struck it and it was left out.

    Raises NotFound, NotAllowed outside the family's area, ReasonMissing, AskedAlready.
    """
    village = registry.household_as_of(household_id, by=by, on=on).village.code
    access.require(by, ASK, area=village)
    if not says.strip():
        raise ReasonMissing
    try:
        with transaction.atomic():
            made = Missed.objects.create(
                event=queries.event_for(event_id), household_id=household_id, village=village,
                says=says.strip()[:500], received_by=by.name, received_on=on,
            )  # fmt: skip
    except IntegrityError as error:
        raise AskedAlready from error
    audit.write(by=by, action="shocks.ask", subject=made, area=village)
    return made


@transaction.atomic
def answer(
    *, missed_id: UUID, taken_in: bool, reason: str, by: Actor, on: date, alone: bool = False
) -> Missed:
    """Answer a family: its village is taken in among the places struck, or it alone, or neither.

    It is paid once a plan, or an addition to one, holds it. Raises NotFound, NotAllowed,
    NotWaiting, ReasonMissing, NamedAlready.
    """
    access.require(by, MANAGE, area="")
    if not reason.strip():
        raise ReasonMissing
    found = queries.missed_for(missed_id, lock=True)
    if found.state != Missed.State.WAITING:
        raise NotWaiting
    into = Missed.State.ALONE if alone else Missed.State.TAKEN_IN
    found.state = into if taken_in else Missed.State.REFUSED
    found.decided_by, found.reason = by.name, reason.strip()[:300]
    found.save()
    if taken_in and alone:
        name_family(event_id=found.event_id, household_id=found.household_id, left_out=False,
                    since=on, reason=found.reason, by=by)  # fmt: skip
    elif taken_in:
        strike(event_id=found.event_id, places=[found.village], since=on, source=found.reason,
               by=by)  # fmt: skip
    audit.write(by=by, action="shocks.answer", subject=found, area=found.village,
                state=found.state)  # fmt: skip
    return found
