"""Change requests: what waits for whom, and what happened to a household."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, NotFound
from spean.kernel.home import HomeItem
from spean.kernel.queries import full_name
from spean.registry.models import ChangeRequest, Household, Membership

State = ChangeRequest.State
MINE = ("registry.propose_change", "registry.merge_people", "registry.approve_change")


def _rows() -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.select_related(
        "household", "person", "village", "other_village"
    ).defer("effects")


def _within(rows: QuerySet[ChangeRequest], by: Actor, permission: str) -> QuerySet[ChangeRequest]:
    """Keep the changes of which either village lies in the actor's areas."""
    own = access.within(rows, by, permission)
    other = access.within(rows, by, permission, code="other_village__code")
    return own | other


def changes_waiting(*, by: Actor) -> QuerySet[ChangeRequest]:
    """Give the changes that the actor may decide, in the order to page by (`id`: oldest first).

    One's own proposals are left out: another person decides them. `proposer` is the full name.
    """
    waiting = _rows().filter(state=State.PROPOSED).exclude(proposed_by=by.name)
    waiting = waiting.annotate(proposer=full_name("proposed_by"))
    return _within(waiting, by, "registry.approve_change").order_by("id")


def changes_proposed(*, by: Actor) -> QuerySet[ChangeRequest]:
    """Give the actor's own proposals that still wait, oldest first."""
    return _rows().filter(state=State.PROPOSED, proposed_by=by.name).order_by("id")


def changes_of(household: Household, *, by: Actor) -> QuerySet[ChangeRequest]:
    """Give the changes to a household, and those by which it was made or joined, newest first.

    Raises NotAllowed outside the actor's area.
    """
    access.require(by, "registry.view_household", area=household.village.code)
    key = str(household.pk)
    touched = Q(household=household) | Q(proposal__other=key) | Q(proposal__new_household=key)
    return _rows().filter(touched).order_by("-effective_on", "-id")


def history(household: Household, *, by: Actor) -> QuerySet[ChangeRequest]:
    """Give what was applied to a household, the latest first."""
    return changes_of(household, by=by).filter(state__in=(State.APPLIED, State.REVERSED))


def changes_about(
    person_id: UUID, *, kind: str, reason: str = "", day: date | None = None
) -> list[ChangeRequest]:
    """Give the changes of a kind to a person that wait or were applied, to who checks the right.

    With the reason and the day of one proposal, only those.
    """
    rows = _rows().filter(person=person_id, kind=kind, state__in=(State.PROPOSED, State.APPLIED))
    rows = rows.filter(reason=reason) if reason else rows
    return list((rows.filter(effective_on=day) if day else rows).order_by("id"))


def registered_by(person_id: UUID) -> ChangeRequest | None:
    """Give the applied change by which a person came into a household as a new record, if any.

    To who checks the right.
    """
    homes = Membership.objects.filter(person=person_id).values("household")
    made = [{"model": "registry.person", "pk": str(person_id), "before": None}]
    rows = _rows().filter(kind="add_member", state=State.APPLIED, household__in=homes)
    return rows.filter(effects__contains=made).first()


def change(change_id: UUID, *, by: Actor) -> ChangeRequest:
    """Give one change to whoever may see a household of either village.

    Raises NotFound, NotAllowed.
    """
    found = _rows().filter(pk=change_id).first()
    if found is None:
        raise NotFound
    villages = [v.code for v in (found.village, found.other_village) if v is not None]
    permissions = ("registry.view_household", *MINE)
    if not any(access.allows(by, p, area=code) for p in permissions for code in villages):
        raise NotAllowed(permission="registry.view_household", area=villages[0])
    return found


def waiting_for(*, by: Actor, on: date) -> Iterator[HomeItem]:
    """Give what waits for the actor in the registry, for the first page."""
    if access.areas(by, "registry.approve_change"):
        count = changes_waiting(by=by).count()
        yield HomeItem(_("Changes to approve"), count, reverse("registry:changes"))
