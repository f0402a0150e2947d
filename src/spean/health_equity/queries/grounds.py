"""Why people may be covered: one statement for a patient and for a month of the nation's claims."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from spean.health_equity.rules import Ground, Group

# One row a ground: person, group, from when until before when. It is about the people in a
# relation `asked (person uuid)` that the statement around it gives. A status counts while the
# person lives in the household, and so does what was found at a facility.
GROUNDS = """
SELECT asked.person, status.level AS "group",
       greatest(status.start, member.start) AS start,
       least(status."end", member."end") AS "end"
FROM asked
JOIN registry_membership member ON member.person_id = asked.person
JOIN targeting_povertystatus status ON status.household_id = member.household_id
 AND daterange(status.start, status."end") && daterange(member.start, member."end")
UNION ALL
SELECT asked.person, 'post_identified', greatest(found.start, member.start),
       least(found."end", member."end")
FROM asked
JOIN registry_membership member ON member.person_id = asked.person
JOIN health_equity_postidentification found ON found.household_id = member.household_id
 AND daterange(found.start, found."end") && daterange(member.start, member."end")
UNION ALL
SELECT asked.person, listing."group", listing.start, listing."end"
FROM asked JOIN health_equity_listing listing ON listing.person_id = asked.person
"""


def grounds_of(person_ids: Iterable[UUID]) -> dict[UUID, list[Ground]]:
    """Give each person's grounds of cover, of any time, in one query."""
    asked = list(set(person_ids))
    found: dict[UUID, list[Ground]] = {person: [] for person in asked}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH asked AS (SELECT unnest(%s::uuid[]) AS person) {GROUNDS}", [asked])
        for person, group, start, end in cursor.fetchall():
            found[person].append(Ground(Group(group), start, end))
    return found
