"""Who the patients of claims are: by what a claimant wrote of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from spean.kernel.errors import SpeanError
from spean.registry import queries as registry

# Of several ways to name a patient the surest counts; who could be two people is nobody. A card
# names a household: the member is the one born on that day, or called so.
FIND = """
WITH asked AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb) AS t (
        n integer, person uuid, identifier text, card text, "on" date, birth_date date, keys text[])
), found AS (
    SELECT asked.n, 1 AS way, person.id
    FROM asked JOIN registry_person person ON person.id = asked.person
    UNION SELECT asked.n, 2, number.person_id
    FROM asked JOIN registry_identifier number
      ON number.value = asked.identifier AND NOT number.withdrawn AND number.person_id IS NOT NULL
    UNION SELECT asked.n, 3, person.id
    FROM asked JOIN registry_equitycard card ON card.number = asked.card
    JOIN registry_membership member ON member.household_id = card.household_id
     AND member.start <= asked."on" AND (member."end" IS NULL OR asked."on" < member."end")
    JOIN registry_person person ON person.id = member.person_id
    WHERE (asked.birth_date IS NOT NULL OR cardinality(asked.keys) > 0)
      AND (asked.birth_date IS NULL OR person.birth_date = asked.birth_date)
      AND (cardinality(asked.keys) = 0 OR person.search_keys @> asked.keys)
), first AS (
    SELECT n, min(way) AS way FROM found GROUP BY n
)
SELECT found.n, array_agg(DISTINCT coalesce(person.merged_into_id, person.id))
FROM first JOIN found USING (n, way) JOIN registry_person person ON person.id = found.id
GROUP BY found.n
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A patient as a claimant names them: a record's id, a number, or a card with name or birth."""

    on: date
    person: UUID | None = None
    identifier: str = ""
    card: str = ""
    name: str = ""
    birth_date: date | None = None


def find_patients(named: Sequence[Named]) -> list[UUID | None]:
    """Give the person whom each names, None where nobody or more than one is meant. One query."""
    asked = [
        {
            "n": n, "person": one.person and str(one.person), "identifier": one.identifier or None,
            "card": _plain(one.card), "on": one.on.isoformat(),
            "birth_date": one.birth_date and one.birth_date.isoformat(),
            "keys": registry.name_keys(one.name),
        }
        for n, one in enumerate(named)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FIND, [json.dumps(asked)])
        found = {n: people[0] for n, people in cursor.fetchall() if len(people) == 1}
    return [found.get(n) for n in range(len(named))]


def _plain(card: str) -> str | None:
    try:
        return str(registry.card_number(card)) if card else None
    except SpeanError:
        return None
