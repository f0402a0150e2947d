"""A change is proposed by one person, decided by another (`deciding`), applied whole.

The proposer needs the right in the village where the record is; for two households or two people
joined, in both villages. The approver needs `registry.approve_change` in either village: of a
move, the council of the village left or of the one entered may decide. What is checked when a
change is proposed is checked again when it is applied, and each value that it would replace must
still be as the proposer saw it: so two proposals about different fields don't hinder each other.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotAllowed, NotFound, SpeanError
from spean.locations.queries import Place
from spean.registry.actions.journal import moment
from spean.registry.actions.members import AddMember, ChangeHead, Death, RemoveMember
from spean.registry.actions.memberships import NotAMember
from spean.registry.actions.merging import MergePeople
from spean.registry.actions.moves import Merge, Move, Split
from spean.registry.actions.proposals import Case, Proposal, read
from spean.registry.actions.records import (
    CorrectHousehold,
    CorrectPerson,
    RecordFunctioning,
    RecordIdentifier,
    RecordPregnancy,
)
from spean.registry.models import ChangeRequest, Household, Membership, Person
from spean.registry.queries.people import last_home

KINDS: Mapping[str, type[Proposal]] = {
    form.kind: form
    for form in (
        Move, Split, Merge, AddMember, RemoveMember, Death, ChangeHead, CorrectPerson,
        CorrectHousehold, RecordIdentifier, RecordPregnancy, RecordFunctioning, MergePeople,
    )
}  # fmt: skip
State = ChangeRequest.State


class NoSuchKind(SpeanError):
    """Refuse a kind of change that doesn't exist."""

    code = "registry.no_such_kind_of_change"
    message = N_("Choose one of these kinds of change: %(kinds)s.")
    field = "kind"


class ReasonNeeded(SpeanError):
    """Ask why."""

    code = "registry.reason_needed"
    message = N_("Write the reason, in at most %(longest)s characters.")
    field = "reason"


class EffectiveInFuture(SpeanError):
    """Refuse what has not happened yet."""

    code = "registry.effective_in_future"
    message = N_(
        "The change takes effect today or earlier: what is to come is recorded when it comes."
    )
    field = "effective_on"


class RecordClosed(Conflict):
    """Refuse to change a household that no longer exists, or a record merged into another."""

    code = "registry.record_closed"
    message = N_(
        "This record is closed: it was dissolved or merged. Change the one that took its place."
    )


class NotYours(NotAllowed):
    """Keep others from withdrawing what they did not propose."""

    code = "registry.not_your_proposal"
    message = N_(
        "Only the person who proposed a change can withdraw it. You may reject it instead."
    )


class AlreadyDecided(Conflict):
    """Refuse a second decision."""

    code = "registry.already_decided"
    message = N_("%(who)s decided this change meanwhile: %(state)s. Look at it again.")


@transaction.atomic
def propose_change(
    *,
    kind: str,
    household: Household | None = None,
    person: Person | None = None,
    proposal: dict[str, Any],
    reason: str,
    effective_on: date | None = None,
    by: Actor,
    on: date,
) -> ChangeRequest:
    """Ask for a change, to take effect on a day (`on` where none is given); nothing is changed yet.

    Raises NotAllowed, Problems, EffectiveInFuture, and what the kind's own check raises.
    """
    if kind not in KINDS:
        raise NoSuchKind(kinds=", ".join(KINDS))
    asked = read(KINDS[kind], proposal)
    case = _case(asked, household, person, effective_on or on, by)
    village, other = _allowed(case, asked, by)
    if not reason.strip() or len(reason) > 300:
        raise ReasonNeeded(longest=300)
    if case.day > on:
        raise EffectiveInFuture
    asked.check(case)
    asked.warn(case)
    change = ChangeRequest.objects.create(
        kind=kind, household=case.household, person=case.person, village=village,
        other_village=other, effective_on=case.day, reason=reason.strip(),
        proposal=asked.model_dump(mode="json", exclude_unset=True) | _chosen(asked),
        seen=asked.seen(case), proposed_by=by.name,
    )  # fmt: skip
    record(change, by, "registry.propose_change", effective_on=case.day.isoformat())
    return change


def _allowed(case: Case, asked: Proposal, by: Actor) -> tuple[Place, Place | None]:
    """Give the village of the record, and the other one reached into, if the actor may propose."""
    village = _home(case).village
    access.require(by, asked.permission, area=village.code)
    require_open(case)
    other = asked.other_village(case)
    if asked.both_villages and other is not None:
        access.require(by, asked.permission, area=other.code)
    return village, other


def _chosen(asked: Proposal) -> dict[str, str]:
    """Keep the id of a household to be made, so that approving makes the one proposed."""
    return {"new_household": str(asked.new_household)} if isinstance(asked, Split) else {}


def _case(
    asked: Proposal, household: Household | None, person: Person | None, day: date, by: Actor
) -> Case:
    """Take the household of a person's change from where the person lives."""
    if person is not None and household is None:
        now = Membership.objects.filter(person=person, end__isnull=True)
        row = now.select_related("household__village").first()
        household = row.household if row else None
    if asked.needs_person and person is None:
        raise NotFound
    if asked.needs_household and household is None:
        raise NotFound if person is None else NotAMember
    return Case(household, person, day, by)


def _home(case: Case) -> Household:
    """Give the household by whose village access is decided."""
    home = case.household or last_home(case.who.merged_into_id or case.who.pk)
    if home is None:
        raise NotFound
    return home


def require_open(case: Case) -> None:
    """Refuse to change a record that is closed."""
    gone = case.household is not None and case.household.dissolved_on is not None
    if gone or (case.person is not None and case.person.merged_into_id is not None):
        raise RecordClosed


def lock(change: ChangeRequest) -> ChangeRequest:
    """Give the change afresh, locked until the transaction ends."""
    rows = ChangeRequest.objects.select_for_update(of=("self",))
    return rows.select_related("village", "other_village").get(pk=change.pk)


def require_waiting(change: ChangeRequest) -> None:
    """Refuse to decide twice."""
    if change.state != State.PROPOSED:
        raise AlreadyDecided(who=change.decided_by, state=str(State(change.state).label))


def decide(change: ChangeRequest, state: str, note: str, by: Actor) -> None:
    """Write what became of the change, who decided and when."""
    change.state, change.decision_note = state, note.strip()[:300]
    change.decided_by, change.decided_at = by.name, moment()
    change.save()


def record(change: ChangeRequest, by: Actor, action: str, **detail: object) -> None:
    """Write the audit line in each village that the change reaches."""
    for village in {v.code: v for v in (change.village, change.other_village) if v}:
        audit.write(
            by=by, action=action, subject=change, area=village, kind=change.kind,
            household=str(change.household_id or ""), person=str(change.person_id or ""), **detail,
        )  # fmt: skip


@transaction.atomic
def withdraw_change(
    *, change: ChangeRequest, reason: str = "", by: Actor, on: date
) -> ChangeRequest:
    """Take back what one has proposed oneself. Raises NotYours, AlreadyDecided."""
    found = lock(change)
    access.require(by, KINDS[found.kind].permission, area=found.village.code)
    if by.name != found.proposed_by:
        raise NotYours
    require_waiting(found)
    decide(found, State.WITHDRAWN, reason, by)
    record(found, by, "registry.withdraw_change")
    return found
