"""Births and deaths told to the civil registry, from the outbox, until it has taken them.

`settings.CIVIL_REGISTRY_BY` names the adapter, a class without arguments and with the method of
`Carrier`: how the civil registry is spoken with is not public, so that in development `ToFile`
writes the notices into a file. A notice sent twice bears the same id.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from spean.kernel import audit
from spean.kernel.access import Actor, Purpose
from spean.maternal_child import queries as care

SYSTEM = Actor.system("civil_registry", purpose=Purpose.CARE)


class Carrier(Protocol):
    """Whoever hands notices to the civil registry; raises OSError where it can't be reached."""

    def send(self, notices: Sequence[dict[str, Any]]) -> None:
        """Hand notices over."""
        ...


class ToFile:
    """Write the notices into `settings.CIVIL_NOTICES`, which nobody carries anywhere."""

    def send(self, notices: Sequence[dict[str, Any]]) -> None:
        """Append the notices, one JSON object a line."""
        path = Path(settings.CIVIL_NOTICES)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in notices)


def deliver(event: str, body: dict[str, Any]) -> None:
    """Tell of a birth, of one that was none after all, or of a death.

    Raises OSError, upon which the outbox tries again.
    """
    if event == "maternal_child.BirthRecorded":
        notices, village = care.birth_notices(UUID(body["pregnancy"])), body["village"]
    elif event == "maternal_child.BirthWithdrawn":
        notices = [{"notice": "birth_withdrawn", "id": one} for one in body["babies"]]
        village = body["village"]
    else:
        notices, village = care.death_notices(UUID(body["death"])), body["village"]
    cast(Carrier, import_string(settings.CIVIL_REGISTRY_BY)()).send(notices)
    for one in notices:
        audit.write(by=SYSTEM, action="interop.tell_civil_registry", area=village,
                    subject=("notice", one["id"]), notice=one["notice"])  # fmt: skip
