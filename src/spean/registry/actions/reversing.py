"""An applied change is undone whole, the latest first."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from spean.kernel import outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict
from spean.registry.actions.changes import ReasonNeeded, State, lock, record
from spean.registry.actions.deciding import require_consistent, require_in_either
from spean.registry.actions.journal import RowChanged, moment, undo
from spean.registry.actions.memberships import HouseholdWithoutHead
from spean.registry.events import ChangeReversed, PeopleUnmerged
from spean.registry.models import ChangeRequest, Household, Person


class NotApplied(Conflict):
    """Refuse to undo what was not applied, or is undone already."""

    code = "registry.not_applied"
    message = N_("Only an applied change can be reversed. This one is: %(state)s.")


class LaterChangeFirst(Conflict):
    """Refuse to undo a change on which a later one builds, and name that one."""

    code = "registry.later_change_first"
    message = N_(
        "A later change builds on this one: “%(kind)s” of %(day)s. Reverse that one first."
    )

    def __init__(self, later: ChangeRequest) -> None:
        self.later = later
        kind = str(ChangeRequest.Kind(later.kind).label)
        super().__init__(kind=kind, day=later.effective_on.isoformat(), change=str(later.pk))


@transaction.atomic
def reverse_change(*, change: ChangeRequest, reason: str, by: Actor, on: date) -> ChangeRequest:
    """Put back every row that the change wrote, exactly as it was.

    Raises NotAllowed, NotApplied; LaterChangeFirst, or RowChanged where no change explains the
    difference; RowInUse where other records now depend on what the change made.
    """
    found = lock(change)
    require_in_either(found, by)
    if not reason.strip() or len(reason) > 300:
        raise ReasonNeeded(longest=300)
    if found.state != State.APPLIED:
        raise NotApplied(state=str(State(found.state).label))
    _lock_records(found)
    _undo(found)
    found.state, found.reversed_because = State.REVERSED, reason.strip()
    found.reversed_by, found.reversed_at = by.name, moment()
    found.save()
    record(found, by, "registry.reverse_change", reason=found.reversed_because)
    _announce(found, on)
    return found


def _lock_records(change: ChangeRequest) -> None:
    """Lock households, then people, in the order in which approving locks them."""
    for model in (Household, Person):
        label = model._meta.label_lower
        keys = {effect["pk"] for effect in change.effects if effect["model"] == label}
        keys |= {change.household_id if model is Household else change.person_id} - {None}
        list(model._default_manager.select_for_update().filter(pk__in=keys).order_by("pk"))


def _undo(change: ChangeRequest) -> None:
    try:
        with transaction.atomic():
            undo(change.effects)
            require_consistent(change.effects)
    except RowChanged:
        _raise_later(change)
        raise
    except (HouseholdWithoutHead, IntegrityError) as error:
        _raise_later(change)
        raise RowChanged from error


def _raise_later(change: ChangeRequest) -> None:
    """Name the last applied change that wrote a row of this one's, or of the same people."""
    touched = Q()
    for effect in change.effects:
        touched |= Q(effects__contains=[{"model": effect["model"], "pk": effect["pk"]}])
        for row in (effect["before"], effect["after"]):
            if row is not None and "person_id" in row:
                touched |= Q(effects__contains=[{"after": {"person_id": row["person_id"]}}])
    later = ChangeRequest.objects.filter(
        touched, state=State.APPLIED, applied_order__gt=change.applied_order
    )
    if last := later.order_by("-applied_order").first():
        raise LaterChangeFirst(last)


def _announce(change: ChangeRequest, on: date) -> None:
    if change.kind == ChangeRequest.Kind.MERGE_PEOPLE and change.person_id is not None:
        dropped = Person.objects.get(pk=change.proposal["drop"])
        outbox.announce(PeopleUnmerged(change.person_id, dropped.pk, on))
    outbox.announce(
        ChangeReversed(change.pk, change.kind, change.household_id, change.person_id, on)
    )
