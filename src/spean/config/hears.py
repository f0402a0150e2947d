"""Who hears what: the one visible table of events and their listeners."""

from collections.abc import Sequence

from spean.kernel.outbox import Deliver, Handler

HANDLERS: dict[type, Sequence[Handler]] = {}

OUTSIDE: dict[str, tuple[frozenset[type], Deliver]] = {}
