"""Pairs of records that may be one person, over the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema

from spean.kernel import access
from spean.kernel.access import Actor, Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.registry import actions, queries
from spean.registry.api.schemas import FoundElsewhereOut, PersonFoundOut
from spean.registry.models import DuplicatePair
from spean.registry.rules.evidence import Outcome

router = Router(tags=["duplicates"])
MERGE = "registry.merge_people"


class FindingOut(Schema):
    """What one comparison of a pair found: the named level of the linkage model, and its sense."""

    comparison: str = Field(examples=["birth"])
    level: str = Field(examples=["day and month exchanged"])
    outcome: Outcome


class PairOut(Schema):
    """Two records that may be one person; of one outside the caller's area only the district.

    `evidence` is what the pair rests on, as the records stood on `found_at`. It is empty where one
    record is outside the caller's area, whose data it would tell, and of pairs found otherwise than
    by the search of the whole registry.
    """

    id: UUID
    state: DuplicatePair.State
    likeness: float = Field(ge=0, le=1)
    found_at: datetime
    decided_by: str
    decided_at: datetime | None
    first: PersonFoundOut | FoundElsewhereOut
    second: PersonFoundOut | FoundElsewhereOut
    evidence: list[FindingOut]


class DifferentIn(StrictSchema):
    """Nothing more is asked; to merge the two, propose a change of the kind merge_people."""


@router.get("/duplicates", response={200: Page[PairOut], **PROBLEMS})
@access.declared(MERGE, purpose=Purpose.REGISTRATION)
def duplicates(request: WithActor, cursor: str | None = None, limit: int = 50) -> Any:
    """List the pairs to be looked at, the newest first."""
    pairs = queries.duplicate_pairs(by=request.actor)
    rows, following = page_of(pairs, cursor=cursor, limit=limit, key="-id")
    return {"items": _described(rows, by=request.actor), "next": following}


@router.post("/duplicates/{uuid:pair_id}/different", response={200: PairOut, **PROBLEMS})
@access.declared(MERGE, purpose=Purpose.REGISTRATION)
@idempotent
def say_different(request: WithActor, pair_id: UUID, body: DifferentIn) -> Any:
    """Record that the two records are two people."""
    by = request.actor
    actions.say_different(pair_id=pair_id, by=by, on=timezone.localdate())
    return _described([queries.duplicate_pair(pair_id, by=by)], by=by)[0]


def _described(pairs: list[DuplicatePair], *, by: Actor) -> list[PairOut]:
    seen = queries.people_as_seen(
        [person for pair in pairs for person in (pair.first, pair.second)], by=by
    )
    return [
        PairOut(
            id=pair.pk,
            state=DuplicatePair.State(pair.state),
            likeness=float(pair.likeness),
            found_at=pair.found_at,
            decided_by=pair.decided_by,
            decided_at=pair.decided_at,
            first=_side(seen[pair.first_id], pair),
            second=_side(seen[pair.second_id], pair),
            evidence=_evidence(pair, seen),
        )
        for pair in pairs
    ]


def _evidence(
    pair: DuplicatePair, seen: Mapping[UUID, queries.PersonHit | queries.Elsewhere]
) -> list[FindingOut]:
    sides = (seen[pair.first_id], seen[pair.second_id])
    if any(isinstance(side, queries.Elsewhere) for side in sides):
        return []
    return [
        FindingOut(comparison=one.comparison, level=one.level, outcome=one.outcome)
        for one in pair.findings
    ]


def _side(
    seen: queries.PersonHit | queries.Elsewhere, pair: DuplicatePair
) -> PersonFoundOut | FoundElsewhereOut:
    if isinstance(seen, queries.Elsewhere):
        return FoundElsewhereOut(district=seen.district, likeness=float(pair.likeness))
    return PersonFoundOut.of(seen)
