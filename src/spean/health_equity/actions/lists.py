"""Who is on the list of a group that a scheme covers: one by one, or a scheme's whole file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from spean.health_equity.actions.contracts import GroundsNeeded, end_dated
from spean.health_equity.models import Listing
from spean.health_equity.rules import LISTED
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotFound, SpeanError
from spean.kernel.periods import Period
from spean.kernel.rows import only
from spean.registry import queries as registry

MANAGE = "health_equity.manage_lists"


class GroupUnknown(SpeanError):
    """Refuse a group that has no list."""

    code = "health_equity.group_unknown"
    message = N_("Choose a group from the list: this one follows from the family's record.")
    field = "group"


class ListedAlready(Conflict):
    """Refuse to list a person twice for the same days."""

    code = "health_equity.listed_already"
    message = N_("This person is on the list of this group for some of these days already.")
    field = "person"


@dataclass(frozen=True, slots=True)
class Named:
    """A person whom a scheme's list names, from when, under which number of the scheme."""

    person_id: UUID
    group: str
    start: date
    end: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of a list: who was put on it, and each refused, by its place from 0."""

    listed: Sequence[Listing]
    refused: Sequence[tuple[int, SpeanError]]


@transaction.atomic
def list_person(*, named: Named, source: str, by: Actor) -> Listing:
    """Put a person on the list of a group.

    Raises NotAllowed, NotFound, GroupUnknown, GroundsNeeded, EndsBeforeStart, ListedAlready.
    """
    home = registry.lived_on([named.person_id], on=named.start).get(named.person_id)
    if home is None:
        raise NotFound
    area = home.household.village.code
    access.require(by, MANAGE, area=area)
    if named.group not in LISTED:
        raise GroupUnknown
    if not source.strip():
        raise GroundsNeeded
    Period(named.start, named.end)
    made = Listing(
        person_id=named.person_id, group=named.group, number=named.number.strip()[:30],
        source=source.strip()[:200], start=named.start, end=named.end, listed_by=by.name,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ListedAlready from error
    audit.write(by=by, action="health_equity.person_listed", subject=made, area=area,
                group=named.group)  # fmt: skip
    return made


def list_people(*, named: Sequence[Named], source: str, keep_good: bool, by: Actor) -> Listed:
    """Put each of many on their list; tell every one refused, and keep the others, or none."""
    listed: list[Listing] = []
    refused: list[tuple[int, SpeanError]] = []
    with transaction.atomic():
        for place, one in enumerate(named):
            try:
                listed.append(list_person(named=one, source=source, by=by))
            except SpeanError as error:
                refused.append((place, error))
        if refused and not keep_good:
            transaction.set_rollback(True)
            listed = []
    return Listed(listed, refused)


@transaction.atomic
def end_listing(*, listing_id: UUID, end: date, by: Actor) -> Listing:
    """Take a person from a list from a day on. Raises NotFound, NotAllowed, EndedAlready."""
    found = only(Listing.objects.filter(pk=listing_id), lock=True)
    area = registry.villages_of([found.person_id]).get(found.person_id, "")
    access.require(by, MANAGE, area=area)
    end_dated(found, end, by)
    audit.write(by=by, action="health_equity.listing_ended", subject=found, area=area)
    return found
