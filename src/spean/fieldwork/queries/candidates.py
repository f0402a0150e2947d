"""Who an interviewed family may already be, for the person at the inbox."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from spean.fieldwork.models import Submission
from spean.fieldwork.queries.members import new_member
from spean.fieldwork.queries.submissions import answers_of
from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.registry import queries as registry
from spean.registry.queries import Elsewhere, Household, PersonHit


@dataclass(frozen=True, slots=True)
class Family:
    """A recorded household with those of its people who look like the ones interviewed."""

    household: Household
    people: tuple[PersonHit, ...]


def likely_families(found: Submission, *, by: Actor) -> tuple[list[Family], int]:
    """Give the recorded families that may be the one interviewed, and how many are elsewhere.

    Families outside the actor's areas are counted, not shown.
    """
    day = timezone.localtime(found.ended_at or found.received_at).date()
    seen: dict[UUID, PersonHit] = {}
    elsewhere = 0
    for one in answers_of(found).each("member"):
        try:
            member = new_member(one, day)
        except SpeanError:
            continue
        for hit in registry.likely_duplicates(member, village_code=found.area, by=by):
            if isinstance(hit, Elsewhere):
                elsewhere += 1
            else:
                seen[hit.person_id] = hit
    families: dict[UUID, list[PersonHit]] = {}
    homes = registry.homes_of(seen)
    for person, hit in seen.items():
        if person in homes:
            families.setdefault(homes[person].pk, []).append(hit)
    by_id = {home.pk: home for home in homes.values()}
    return [Family(by_id[pk], tuple(hits)) for pk, hits in families.items()], elsewhere
