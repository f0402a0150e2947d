"""The records that we give: from which rows each is made, and whom they are about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from spean.interop.spdci.attributes import (
    BENEFIT,
    HOUSEHOLD,
    IN_A_HOUSEHOLD,
    PERSON,
    Attribute,
    in_area,
    under,
)
from spean.programmes import queries as programmes
from spean.registry import queries as registry
from spean.targeting import queries as targeting


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record: its rows, and the columns of its place, household and person."""

    name: str
    rows: Callable[[date], QuerySet[Any]]
    attributes: Mapping[str, Attribute]
    area: str
    household: str
    person: str = ""
    members: "Entity | None" = None
    needs: str = ""  # a field that the record tells by being there at all


def _homes(on: date) -> QuerySet[Any]:
    return registry.homes().annotate(**targeting.poverty_columns(on=on))


def _disabled(on: date) -> QuerySet[Any]:
    rows: QuerySet[Any] = registry.residents()
    return rows.filter(disabled=True)


IN_HOMES = under("person__", PERSON) | dict(IN_A_HOUSEHOLD) | in_area("household__village__code")
MEMBER = Entity(
    "Member", lambda on: registry.residents(), IN_HOMES, "household__village__code",
    "household", "person",
)  # fmt: skip
GROUP = Entity(
    "Group", _homes, dict(HOUSEHOLD) | in_area("village__code"), "village__code", "pk",
    members=MEMBER,
)  # fmt: skip
CIVIL = Entity(
    "Person", lambda on: registry.recorded_people(), dict(PERSON) | in_area("area"), "area",
    "home", "pk",
)  # fmt: skip
DISABLED = Entity(
    "DisabledPerson", _disabled, IN_HOMES,
    "household__village__code", "household", "person", needs="disability",
)  # fmt: skip
BENEFICIARY = Entity(
    "Beneficiary", lambda on: programmes.beneficiaries(), dict(BENEFIT) | in_area("village"),
    "village", "household", needs="programmes",
)  # fmt: skip
ENTITIES: Mapping[str, Entity] = {
    one.name: one for one in (GROUP, MEMBER, CIVIL, DISABLED, BENEFICIARY)
}
