"""A dose of vaccine on record takes one from the stock of the facility that gave it."""

from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel.access import Actor
from spean.locations import queries as locations
from spean.supplies import queries
from spean.supplies.actions.booking import Entry
from spean.supplies.actions.movements import book_or_wait, keep, undo
from spean.supplies.actions.refusals import BatchUnknown
from spean.supplies.models import Destination, Movement, MovementKind, Waiting


@transaction.atomic
def take_dose(*, dose: UUID, village: str, vaccine: str, batch: str, day: date, by: Actor) -> None:
    """Take one dose of a batch from the facility that serves a village and has had the batch.

    Where none has, or nothing of it is left, the dose waits on the list of what could not be
    booked; care goes on.
    """
    entry = Entry(
        kind=MovementKind.ISSUE, item="", quantity=1, day=day, batch=batch.strip(),
        to=Destination.DOSE, vaccine=vaccine, source_key=_key(dose),
    )  # fmt: skip
    serving = locations.facilities_of(village, day)
    for one in serving:
        if queries.item_of_batch(vaccine=vaccine, batch=entry.batch, facility_id=one.pk):
            book_or_wait(entry, at=one, area=village, by=by, on=day)
            return
    if not Waiting.objects.filter(source_key=entry.source_key).exists():
        nearest = serving[0] if serving else None
        keep(entry, BatchUnknown(batch=batch), at=nearest, area=village, by=by)


@transaction.atomic
def put_dose_back(*, dose: UUID, reason: str, by: Actor) -> None:
    """Put back what a dose took that was recorded in error, or let it wait no longer."""
    taken = Movement.objects.filter(source_key=_key(dose), reversed_by=None)
    for movement in taken.select_related("facility", "batch__item"):
        undo(movement, note=reason, signed=by.name)
    Waiting.objects.filter(source_key=_key(dose), state=Waiting.State.WAITING).update(
        state=Waiting.State.SET_ASIDE, set_aside_by=by.name, reason=reason[:300]
    )


def _key(dose: UUID) -> str:
    return f"dose:{dose}"
