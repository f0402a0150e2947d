"""A proposed change is approved, and applied whole, or rejected: by another person, once."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from spean.kernel import access, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotAllowed
from spean.registry.actions.changes import (
    KINDS,
    ReasonNeeded,
    State,
    decide,
    lock,
    record,
    require_open,
    require_waiting,
)
from spean.registry.actions.journal import Journal
from spean.registry.actions.memberships import check_heads
from spean.registry.actions.proposals import Case, Proposal, read
from spean.registry.models import ChangeRequest, Household, Person


class SamePerson(NotAllowed):
    """Keep one person from deciding what they proposed themselves."""

    code = "registry.decided_by_same_person"
    message = N_("You proposed this change, so another person has to decide it.")


class SeenNoLonger(Conflict):
    """Refuse a change whose proposer saw values that are no longer recorded."""

    code = "registry.seen_no_longer"
    message = N_(
        "What this change would replace has itself changed since it was proposed: %(fields)s. "
        "Reject it and propose it again."
    )


class Contradiction(Conflict):
    """Refuse what the database finds impossible together with what is recorded."""

    code = "registry.contradicts_records"
    message = N_("This contradicts what is recorded of these people. Look at their records again.")


@transaction.atomic
def approve_change(*, change: ChangeRequest, note: str = "", by: Actor, on: date) -> ChangeRequest:
    """Apply a proposed change whole, as another person than its proposer.

    Raises NotAllowed, SamePerson, AlreadyDecided, SeenNoLonger, and what the kind's check raises.
    """
    change = _to_decide(change, by)
    asked = read(KINDS[change.kind], change.proposal)
    case = _locked(change, asked, by)
    require_open(case)
    _require_as_seen(change, asked, case)
    asked.check(case)
    journal = Journal()
    try:
        events = asked.apply(case, journal)
        require_consistent(journal.effects)
    except IntegrityError as error:
        raise Contradiction from error
    change.effects = journal.effects
    decide(change, State.APPLIED, note, by)
    record(change, by, "registry.approve_change", rows=len(journal.effects))
    for event in events:
        outbox.announce(event)
    _number(change)
    return change


def _to_decide(change: ChangeRequest, by: Actor) -> ChangeRequest:
    """Give the change locked, if the actor may decide it and nobody has."""
    found = lock(change)
    require_in_either(found, by)
    if by.name == found.proposed_by:
        raise SamePerson
    require_waiting(found)
    return found


@transaction.atomic
def reject_change(*, change: ChangeRequest, reason: str, by: Actor, on: date) -> ChangeRequest:
    """Refuse a proposed change, saying why, as another person than its proposer."""
    found = _to_decide(change, by)
    if not reason.strip():
        raise ReasonNeeded(longest=300)
    decide(found, State.REJECTED, reason, by)
    record(found, by, "registry.reject_change", reason=found.decision_note)
    return found


def require_in_either(change: ChangeRequest, by: Actor) -> None:
    """Refuse unless the actor may approve in one of the change's villages."""
    other = change.other_village
    if other is None or not access.allows(by, "registry.approve_change", area=other.code):
        access.require(by, "registry.approve_change", area=change.village.code)


def _locked(change: ChangeRequest, asked: Proposal, by: Actor) -> Case:
    """Lock every record that the change writes to, in one order for all, and read them afresh."""
    households, people = (set(ids) for ids in asked.others())
    households |= {change.household_id} if change.household_id else set()
    people |= {change.person_id} if change.person_id else set()
    homes: dict[UUID, Household] = {
        row.pk: row
        for row in Household.objects.select_for_update(of=("self",))
        .select_related("village").filter(pk__in=households).order_by("pk")
    }  # fmt: skip
    who: dict[UUID, Person] = {
        row.pk: row
        for row in Person.objects.select_for_update().filter(pk__in=people).order_by("pk")
    }
    household = homes[change.household_id] if change.household_id else None
    person = who[change.person_id] if change.person_id else None
    return Case(household, person, change.effective_on, by)


def _require_as_seen(change: ChangeRequest, asked: Proposal, case: Case) -> None:
    now = asked.seen(case)
    other = [name for name in {*change.seen, *now} if change.seen.get(name) != now.get(name)]
    if other:
        raise SeenNoLonger(fields=", ".join(sorted(name.partition(".")[0] for name in other)))


def require_consistent(effects: list[dict[str, Any]]) -> None:
    """Let the deferred constraints speak now, and hold that every household has its head."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    check_heads(touched_households(effects))


def touched_households(effects: list[dict[str, Any]]) -> set[UUID]:
    """Give the households whose memberships were written."""
    return {
        UUID(row["household_id"])
        for effect in effects
        if effect["model"] == "registry.membership"
        for row in (effect["before"], effect["after"])
        if row is not None
    }


def _number(change: ChangeRequest) -> None:
    """Give the change its place in the order of application; last, so that the lock is short."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry.applied_order'))")
    last = ChangeRequest.objects.aggregate(order=Max("applied_order"))["order"]
    change.applied_order = (last or 0) + 1
    change.save(update_fields=["applied_order"])
