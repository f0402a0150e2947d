"""A facility has read what it was told."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from spean.health_equity.models import NoticeRead
from spean.health_equity.queries.notices import READ, notices_of
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.locations import queries as locations


@transaction.atomic
def read_notices(*, facility: str, keys: Iterable[str], by: Actor, on: date) -> int:
    """Keep that notices to a facility were read, each by who read it first; give how many now.

    What was read before, or is no notice of the facility, changes nothing. Raises UnknownFacility,
    NotAllowed.
    """
    place = locations.facility(facility, on)
    access.require(by, READ, area=place.place.code)
    asked = set(keys)
    unread = [
        one.key for one in notices_of(facility, on=on) if one.key in asked and not one.is_read
    ]
    NoticeRead.objects.bulk_create(
        [NoticeRead(facility=place, key=key, read_by=by.name) for key in unread],
        ignore_conflicts=True,
    )
    audit.write(by=by, action=READ, subject=place, area=place.place.code, notices=len(unread))
    return len(unread)
