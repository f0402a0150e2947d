"""What modules above offer to do about a patient, with what this record knows filled in."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext

from spean.kernel import navigation
from spean.kernel.edge import WithActor
from spean.registry.queries import Person


def links(
    request: WithActor, person: Person, *, area: str, found_in: Model | None = None,
    signs: Iterable[str] = (), note: str = "", now: bool = False,
) -> list[tuple[str, str]]:  # fmt: skip
    """Give texts and addresses; the record `found_in`, its danger signs and advice go along.

    `now` says that the advice is to refer at once.
    """
    known = [("reason", sign) for sign in signs]
    known += [("note", note)] if note else []
    known += [("urgency", "emergency")] if now else []
    if found_in is not None:
        known.append(("source", f"{found_in._meta.label_lower}:{found_in.pk}"))
    return [
        (gettext(link.label), f"{reverse(link.page, args=[person.pk])}?{urlencode(known)}")
        for link in navigation.about("patient", by=request.actor, area=area)
    ]
