"""One family is named: struck though its place is not, or left out of a place; and why."""

from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict
from spean.registry import queries as registry
from spean.shocks import queries
from spean.shocks.actions.decisions import ReasonMissing
from spean.shocks.models import NamedFamily
from spean.shocks.queries import MANAGE


class NamedAlready(Conflict):
    """Refuse to say the same of a family twice."""

    code = "shocks.named_already"
    message = N_("This is on record for the family already.")
    field = "card"


@transaction.atomic
def name_family(
    *, event_id: UUID, household_id: UUID, left_out: bool, since: date, reason: str, by: Actor
) -> NamedFamily:
    """Say that a shock struck a family, or that it is left out, since a day, and why.

    What was said of the family before ends then. Raises NotFound, NotAllowed, ReasonMissing,
    NamedAlready.
    """
    access.require(by, MANAGE, area="")
    if not reason.strip():
        raise ReasonMissing
    event, home = queries.event_for(event_id), registry.household_for(household_id)
    before = event.families.select_for_update().filter(household=home, end__isnull=True).first()
    if before and before.left_out == left_out:
        raise NamedAlready
    if before:
        _end(before, since)
    made = NamedFamily.objects.create(
        event=event, household=home, village=home.village.code, left_out=left_out, start=since,
        reason=reason.strip()[:300], noted_by=by.name,
    )  # fmt: skip
    audit.write(by=by, action="shocks.name_family", subject=made, area=made.village,
                left_out=left_out)  # fmt: skip
    return made


@transaction.atomic
def forget_family(*, named_id: UUID, on: date, by: Actor) -> NamedFamily:
    """Say that what was said of a family holds until a day only. Raises NotFound, NotAllowed."""
    access.require(by, MANAGE, area="")
    found = queries.named_for(named_id, lock=True)
    audit.write(by=by, action="shocks.forget_family", subject=found, area=found.village,
                on=on.isoformat())  # fmt: skip
    if found.end is None:
        _end(found, on)
    return found


def _end(found: NamedFamily, on: date) -> None:
    """End what was said; said and over on one day, it was a mistake."""
    if found.start >= on:
        found.delete()
    else:
        found.end = on
        found.save(update_fields=["end"])
