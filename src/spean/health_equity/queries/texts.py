"""Which facilities are told by text message, and of what they have not been told yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from spean.health_equity.models import TextsAsked
from spean.health_equity.queries.facilities import facilities_of
from spean.health_equity.queries.notices import CUT, DAYS, READ, TOLD
from spean.kernel.access import Actor

# What can't wait until somebody looks.
KINDS = ("claims_cut", "statement_made", "statement_paid", "mend")
LATEST = timedelta(days=7)  # of older news nobody is told any more
DUE = f"""
WITH mine AS (
    SELECT facility.id, facility.phone, asked.asked_at, asked.language,
           CASE asked.language WHEN 'km' THEN facility.name_km ELSE facility.name_en END AS name
    FROM health_equity_textsasked asked
    JOIN locations_facility facility ON facility.id = asked.facility_id
    WHERE asked.ended_at IS NULL AND facility.phone <> ''
), {TOLD}
SELECT mine.id, mine.name, mine.phone, mine.language, told.kind, told.key
FROM told JOIN mine ON mine.id = told.facility_id
WHERE told.kind = ANY(%(kinds)s) AND told.at > %(since)s
  AND told.at >= date_trunc('day', mine.asked_at)
  AND NOT EXISTS (SELECT FROM health_equity_noticeread done
                  WHERE done.facility_id = mine.id AND done.key = told.key)
  AND NOT EXISTS (SELECT FROM health_equity_noticetexted done
                  WHERE done.facility_id = mine.id AND done.key = told.key)
ORDER BY mine.id, told.key
"""


@dataclass(frozen=True, slots=True)
class ToText:
    """A facility that is to be told: by what name, where, in which language, of which notices."""

    facility: int
    name: str
    phone: str
    language: str
    notices: dict[str, str]  # the kind of each by its key


@dataclass(frozen=True, slots=True)
class Asked:
    """A facility of one's own, its telephone, who asked for texts and since when, and how."""

    code: str
    name: str
    phone: str
    asked_by: str
    since: datetime | None
    language: str

    @property
    def language_name(self) -> str:
        """The language, in words."""
        return str(dict(settings.LANGUAGES)[self.language])


def texts_asked(*, by: Actor, on: date) -> Sequence[Asked]:
    """Give the actor's facilities, each with whether it is told by text message."""
    found = facilities_of(READ, by=by, on=on)
    open_now = TextsAsked.objects.filter(ended_at=None, facility__in=[one.pk for one in found])
    asked = {one.facility_id: (one.asked_by, one.asked_at, one.language) for one in open_now}
    nobody = ("", None, "km")
    return [Asked(one.code, one.name, one.phone, *asked.get(one.pk, nobody)) for one in found]


def notices_to_text(*, on: date) -> Sequence[ToText]:
    """Give each facility that is to be told now, to who has checked the right. One query."""
    since = on - LATEST
    asked: dict[str, Any] = {
        "kinds": list(KINDS), "since": since, "cut": list(CUT),
        "months": (on - timedelta(days=DAYS)).replace(day=1),
    }  # fmt: skip
    found: dict[int, ToText] = {}
    with connection.cursor() as cursor:
        cursor.execute(DUE, asked)
        for facility, name, phone, language, kind, key in cursor.fetchall():
            one = found.setdefault(facility, ToText(facility, name, phone, language, {}))
            one.notices[key] = kind
    return list(found.values())
