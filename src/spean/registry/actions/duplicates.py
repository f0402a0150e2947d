"""What is said of two records that may be one person."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotFound
from spean.registry.models import DuplicatePair, Person
from spean.registry.queries.duplicates import Likely
from spean.registry.queries.people import villages_of
from spean.registry.queries.search import PersonHit


class PairDecidedAlready(Conflict):
    """Refuse to decide twice on one pair."""

    code = "registry.pair_decided_already"
    message = N_("Someone has decided on these two records already. Look at the list again.")


def note_pairs(people: Sequence[Person], likely: Mapping[int, Sequence[Likely]]) -> None:
    """Keep, for the district to look at, whom a clerk was shown and called other people.

    `likely` maps a person's index to the records shown.
    """
    DuplicatePair.objects.bulk_create(
        [
            DuplicatePair(
                first_id=min(person.pk, hit.person_id),
                second_id=max(person.pk, hit.person_id),
                likeness=Decimal(str(round(hit.likeness, 3))),
            )
            for index, found in likely.items()
            for person, hit in ((people[index], hit) for hit in found)
            if isinstance(hit, PersonHit)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def say_different(*, pair_id: UUID, by: Actor, on: date) -> DuplicatePair:
    """Record that two records are two people.

    Raises NotFound, NotAllowed, PairDecidedAlready.
    """
    pair = DuplicatePair.objects.select_for_update().filter(pk=pair_id).first()
    if pair is None:
        raise NotFound
    area = _own_area(pair, by)
    if pair.state != DuplicatePair.State.OPEN:
        raise PairDecidedAlready
    pair.state = DuplicatePair.State.DIFFERENT
    pair.decided_by, pair.decided_at = by.name, Now()
    pair.save(update_fields=["state", "decided_by", "decided_at"])
    audit.write(by=by, action="registry.pair_different", subject=pair, area=area, on=str(on))
    return pair


def _own_area(pair: DuplicatePair, by: Actor) -> str:
    """Give the village of that record of the pair which is the actor's. Raises NotAllowed."""
    villages = list(villages_of([pair.first_id, pair.second_id]).values()) or [""]
    mine = [v for v in villages if access.allows(by, "registry.merge_people", area=v)]
    if not mine:
        access.require(by, "registry.merge_people", area=villages[0])
    return mine[0]
