"""One interaction, however it comes: over HTTP, or as an entry of a Bundle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from spean.interop.fhir.resource import Asking, Json
from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.kernel.models import User


@dataclass(slots=True)
class Call:
    """What is asked for. `access.declared` puts `actor` in, as it does for a page's request."""

    user: User
    scopes: str
    base: str
    today: date
    id: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = "/fhir/"
    actor: Actor | None = None

    @property
    def asking(self) -> Asking:
        """Who asks, once it is known for what purpose."""
        assert self.actor is not None  # noqa: S101 - the guard has put it in
        return Asking(self.actor, self.today)

    def prefers(self, preference: str) -> bool:
        """Say whether the header Prefer names a preference: `handling=strict`."""
        asked = self.headers.get("Prefer", "").replace(";", ",").split(",")
        return preference in (part.strip() for part in asked)


def behind(error: SpeanError) -> SpeanError:
    """Give the refusal that an error hides from who asked, to be audited; else the error."""
    return error.__cause__ if isinstance(error.__cause__, SpeanError) else error


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes of it."""

    status: int = 200
    body: Json | None = None
    headers: Mapping[str, Any] = field(default_factory=dict)
