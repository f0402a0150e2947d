"""What the server knows of a type of resource: one entry of the table (`table.py`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from spean.interop.fhir.errors import NotOffered
from spean.interop.fhir.paging import Found
from spean.interop.fhir.parameters import Search
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import SpeanError

Json = dict[str, Any]
Refusal = type[SpeanError]
Interaction = Literal["read", "search", "create", "update"]


@dataclass(frozen=True, slots=True)
class Right:
    """What an interaction needs: a permission (None: to be signed in), for one of the purposes."""

    permission: str | None
    purposes: tuple[Purpose, ...]


OPEN = Right(None, (Purpose.STATISTICS,))  # for public information, as the gazetteer


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and on which day."""

    by: Actor
    on: date


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What a create gives where it kept nothing new: the record is shown with 200."""

    row: Any


@dataclass(frozen=True, slots=True)
class Parameter:
    """One search parameter."""

    name: str
    type: Literal["token", "string", "date", "reference", "number", "quantity", "uri"]
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What `GET Type/id/$name` answers with, by the definition that it follows."""

    name: str
    definition: str
    right: Right
    answer: Callable[[str, str, Asking], Json]  # of an id, this server's address and who asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One type of resource: who may do what with it, and how that is done.

    `rights` names the interactions that are offered. `read`, `search`, `create` and `update` enter
    the module that holds the records, within the areas of who asks; `to_fhir` writes one record.
    `seen` leaves the audit lines of the records that a search shows. `count_needs`: a count is
    given only for a search by one of these. `refusal` says why there is no create or update.
    """

    type: str
    about: str
    rights: Mapping[Interaction, Right]
    parameters: tuple[Parameter, ...]
    read: Callable[[str, Asking], Any] | None = None
    search: Callable[[Search, Asking], Found] | None = None
    to_fhir: Callable[[Any, Asking], Json]
    seen: Callable[[Sequence[Any], Asking], None] = lambda rows, asking: None
    create: Callable[[Json, Asking], Any] | None = None
    update: Callable[[Any, Json, Asking], Any] | None = None
    refusal: Refusal = NotOffered
    count_needs: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
