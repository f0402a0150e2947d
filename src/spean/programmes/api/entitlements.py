"""What a household is owed on a day, over the API."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Schema

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router
from spean.kernel.edge import WithActor
from spean.programmes import queries

router = Router()


class CriterionOut(Schema):
    """A named test, and whether it held."""

    name: str
    held: bool


class ProgrammeSourceOut(Schema):
    """A policy value that was used."""

    key: str
    since: date
    reference: str


class EntitlementOut(Schema):
    """One programme: the amount in riel (null where a criterion fails) and why."""

    programme: str
    amount: int | None
    criteria: list[CriterionOut]
    sources: list[ProgrammeSourceOut]


class EntitlementsOut(Schema):
    """What a household is owed on a day under each programme in force.

    `minimum` is what it must at least spend in a month, and `a_month` what all programmes together
    owe it, on the average of a year (riel).
    """

    household: UUID
    on: date
    policy_version: str
    minimum: int | None
    a_month: int
    entitlements: list[EntitlementOut]


@router.get("/households/{household_id}/entitlements", response={200: EntitlementsOut, **PROBLEMS})
@access.declared("programmes.view_entitlements", purpose=(Purpose.TARGETING, Purpose.OVERSIGHT))
def entitlements(request: WithActor, household_id: UUID, on: date | None = None) -> Any:
    """Work out what a household is owed on a day, by the rule that works out the nation's."""
    found = queries.entitlements_of(household_id, by=request.actor, on=on or timezone.localdate())
    return EntitlementsOut(
        household=found.household_id,
        on=found.on,
        policy_version=found.policy_version,
        minimum=found.minimum,
        a_month=int(found.a_month),
        entitlements=[
            EntitlementOut(
                programme=one.kind.removeprefix("programmes."),
                amount=one.facts["amount"],
                criteria=[CriterionOut(name=c.name, held=c.held) for c in one.criteria],
                sources=[ProgrammeSourceOut(key=p.key, since=p.since, reference=p.reference)
                         for p in one.policies],
            )
            for one in found.decisions
        ],
    )  # fmt: skip
