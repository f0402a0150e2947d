"""Who stands behind the records that were counted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.maternal_child.models import Death, Pregnancy
from spean.maternal_child.queries.records import VIEW
from spean.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Behind:
    """A person behind a record, and what page the record is on: pregnancy, child or death."""

    page: str
    id: UUID
    name_km: str
    name_latin: str


def behind(ids: Collection[UUID], *, area: str, by: Actor, on: date) -> dict[UUID, Behind]:
    """Give who stands behind the records of an area, by the ids by which they were counted.

    Raises NotAllowed; the reading is audited.
    """
    access.require(by, VIEW, area=area)
    audit.read(by=by, action="maternal_child.read_counted", subject=("list", "counted"), area=area,
               rows=len(ids))  # fmt: skip
    found: dict[UUID, Behind] = {}
    pages = (("pregnancy", Pregnancy.objects), ("death", Death.objects))
    for page, rows in pages:
        for row in rows.filter(pk__in=ids).select_related("person"):
            found[row.pk] = Behind(page, row.pk, row.person.name_km, row.person.name_latin)
    children = [one for one in ids if one not in found]
    for key, home in registry.lived_on(children, on=on).items():
        found[key] = Behind("child", key, home.person.name_km, home.person.name_latin)
    return found
