"""What a facility is told: contracts, suspensions, cut claims, what to mend, statements, payments.

A notice is read off what happened, so that none is lost or told twice; only that it was read is
kept. Its key names it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from spean.health_equity.queries.facilities import facilities_for
from spean.health_equity.queries.statements import paid_on
from spean.health_equity.rules.adjudication import RULES
from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.home import HomeItem

READ = "health_equity.read_notices"
DAYS, MOST = 180, 200
CUT = ("reduced", "rejected", "held")
# One row a notice: key, facility, kind, when, and what it says.
TOLD = f"""
last_of_day AS (
    SELECT DISTINCT ON (claim.id, judged.judged_on) claim.facility_id, claim.scheme, claim.month,
           claim.asked, judged.judged_on, judged.judged_at, judged.outcome, judged.amount,
           judged.codes
    FROM mine JOIN health_equity_claim claim ON claim.facility_id = mine.id
     AND claim.month >= %(months)s
    JOIN health_equity_adjudication judged ON judged.claim_id = claim.id
     AND judged.judged_on > %(since)s
    ORDER BY claim.id, judged.judged_on, judged.sequence DESC
), told (key, facility_id, kind, at, said) AS (
    SELECT 'contract:' || deal.id, mine.id, 'contract_made', deal.made_at,
           jsonb_build_object('scheme', deal.scheme, 'start', deal.start, 'act', deal.act)
    FROM mine JOIN health_equity_contract deal ON deal.facility_id = mine.id
    UNION ALL
    SELECT 'contract_end:' || deal.id, mine.id, 'contract_ended', deal.ended_at,
           jsonb_build_object('scheme', deal.scheme, 'end', deal."end")
    FROM mine JOIN health_equity_contract deal ON deal.facility_id = mine.id
    WHERE deal.ended_at IS NOT NULL
    UNION ALL
    SELECT 'suspension:' || stop.id, mine.id, 'suspended', stop.made_at,
           jsonb_build_object('start', stop.start, 'end', stop."end", 'reason', stop.reason)
    FROM mine JOIN health_equity_suspension stop ON stop.facility_id = mine.id
    UNION ALL
    SELECT 'suspension_end:' || stop.id, mine.id, 'suspension_ended', stop.ended_at,
           jsonb_build_object('end', stop."end")
    FROM mine JOIN health_equity_suspension stop ON stop.facility_id = mine.id
    WHERE stop.ended_at IS NOT NULL
    UNION ALL
    SELECT 'cut:' || scheme || ':' || month || ':' || judged_on, facility_id, 'claims_cut',
           max(judged_at),
           jsonb_build_object('scheme', scheme, 'month', month, 'claims', count(*),
               'riel', sum(asked - coalesce(amount, 0)), 'codes', jsonb_agg(to_jsonb(codes)))
    FROM last_of_day WHERE outcome = ANY(%(cut)s)
    GROUP BY facility_id, scheme, month, judged_on
    UNION ALL
    SELECT 'mend:' || sample.id, mine.id, 'mend', sample.closed_at,
           jsonb_build_object('scheme', sample.scheme, 'month', sample.month,
               'claims', sum(todo.claims), 'end', min(todo.due_on))
    FROM mine JOIN health_equity_facilityaction todo ON todo.facility_id = mine.id
    JOIN health_equity_sample sample ON sample.id = todo.sample_id
    GROUP BY sample.id, mine.id
    UNION ALL
    SELECT 'statement:' || statement.id, statement.facility_id, 'statement_made',
           statement.made_at,
           jsonb_build_object('scheme', statement.scheme, 'month', statement.month,
               'number', statement.number, 'statement', statement.id, 'riel', statement.total)
    FROM mine JOIN health_equity_statement statement ON statement.facility_id = mine.id
    WHERE statement.month >= %(months)s
    UNION ALL
    SELECT 'paid:' || statement.id, statement.facility_id, 'statement_paid', paid.day::timestamptz,
           jsonb_build_object('scheme', statement.scheme, 'month', statement.month,
               'number', statement.number, 'statement', statement.id, 'riel', statement.total)
    FROM mine JOIN health_equity_statement statement ON statement.facility_id = mine.id
    CROSS JOIN LATERAL ({paid_on("statement")}) paid (day)
    WHERE statement.month >= %(months)s AND paid.day IS NOT NULL
)"""
NOTICES = f"""
WITH mine AS (SELECT id, code FROM locations_facility WHERE code = ANY(%(facilities)s)), {TOLD}
SELECT told.key, mine.code, told.kind, told.at, told.said, done.read_by IS NOT NULL
FROM told JOIN mine ON mine.id = told.facility_id
LEFT JOIN health_equity_noticeread done
  ON done.facility_id = told.facility_id AND done.key = told.key
WHERE told.at > %(since)s
ORDER BY done.read_by IS NOT NULL, told.at DESC, told.key LIMIT {MOST}
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a facility is told: `said` is what its `kind` needs to say it."""

    key: str
    facility: str
    kind: str
    at: datetime
    said: Mapping[str, Any]
    is_read: bool

    @property
    def codes(self) -> Sequence[tuple[str, int]]:
        """The rules that cut claims, each with how often, the most frequent first."""
        fired = [code for codes in self.said.get("codes", ()) for code in codes]
        counted = {code: fired.count(code) for code in RULES if code in fired}
        return sorted(counted.items(), key=lambda one: -one[1])


def notices(*, by: Actor, on: date) -> list[Notice]:
    """Give what the actor's facilities were told in half a year, the unread and newest first."""
    listed = facilities_for(READ, by=by, on=on)
    return _notices([code for code, _name in listed], on)


def _notices(facilities: Iterable[str], on: date) -> list[Notice]:
    since = on - timedelta(days=DAYS)
    asked: dict[str, Any] = {
        "facilities": list(facilities), "since": since, "cut": list(CUT),
        "months": since.replace(day=1),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(NOTICES, asked)
        return [
            Notice(key, facility, kind, at, json.loads(said), is_read)
            for key, facility, kind, at, said, is_read in cursor.fetchall()
        ]


def notices_of(facility: str, *, on: date) -> list[Notice]:
    """Give what one facility was told, to who has checked the right."""
    return _notices([facility], on)


def waiting_for(*, by: Actor, on: date) -> Iterable[HomeItem]:
    """Say how many notices a facility has not read."""
    if access.areas(by, READ):
        unread = sum(not one.is_read for one in notices(by=by, on=on))
        yield HomeItem(_("Notices to your facility"), unread, reverse("health_equity:notices"))
