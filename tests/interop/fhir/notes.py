"""A resource that can be written, over a table of the kernel: the server's side of a write.

It is served beside the real ones by the address table below (`settings.ROOT_URLCONF`).
"""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import include, path

from spean.interop.fhir.paging import Found, Rows
from spean.interop.fhir.parameters import Search, narrowed, token
from spean.interop.fhir.resource import Asking, Json, Parameter, Resource, Right
from spean.interop.fhir.table import RESOURCES
from spean.interop.fhir.urls import addresses
from spean.kernel import access, audit
from spean.kernel.access import Purpose
from spean.kernel.errors import N_, NotFound, SpeanError
from spean.kernel.models import StoredDecision

SEE = Right("registry.view_household", (Purpose.CARE,))
WRITE = Right("registry.propose_change", (Purpose.CARE,))


class NoSubject(SpeanError):
    """Refuse a note about nobody."""

    code = "tests.no_subject"
    message = N_("Nothing was found here. Check the address or the number and try again.")


def _read(note_id: str, asking: Asking) -> StoredDecision:
    found = StoredDecision.objects.filter(pk=UUID(note_id)).first()
    if found is None:
        raise NotFound
    access.require(asking.by, "registry.view_household", area=found.body["area"])
    return found


def _search(search: Search, asking: Asking) -> Found:
    by = {
        "_id": lambda value: Q(pk=value),
        "identifier": lambda value: Q(body__identifier__0__value=token(value)[1]),
    }
    rows = StoredDecision.objects.all()
    seen = access.within(rows, asking.by, "registry.view_household", code="body__area")
    return [Rows(narrowed(seen, search, by))]


def _create(body: Json, asking: Asking) -> StoredDecision:
    if "subject" not in body:
        raise NoSubject
    area = body["code"]["text"]
    access.require(asking.by, "registry.propose_change", area=area)
    made = StoredDecision.objects.create(
        kind="note", subject_type="", subject_id="", outcome="", decided_on=asking.on,
        body={"area": area} | body, stored_by=asking.by.name,
    )  # fmt: skip
    audit.write(by=asking.by, action="tests.note", subject=made, area=area)
    return made


def _update(row: StoredDecision, body: Json, asking: Asking) -> StoredDecision:
    row.body = {"area": row.body["area"]} | body
    row.save()
    return row


def _to_fhir(row: StoredDecision, asking: Asking) -> Json:
    kept: dict[str, Any] = {k: v for k, v in row.body.items() if k not in ("area", "meta")}
    return kept | {"id": str(row.pk)}


NOTE = Resource(
    type="Basic",
    about="A note.",
    rights={"read": SEE, "search": SEE, "create": WRITE, "update": WRITE},
    parameters=(Parameter("_id", "token", "Id"), Parameter("identifier", "token", "Number")),
    read=_read,
    search=_search,
    create=_create,
    update=_update,
    to_fhir=_to_fhir,
)
urlpatterns = [path("fhir/R4", include((addresses(RESOURCES | {"Basic": NOTE}), "fhir")))]
