"""Who receives a household's money, for modules that pay many at once."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection

# One row a household: its head's names, the card that it holds, the telephone of its head or else
# its own. `day` is a parameter, given twice.
PAYEES = """
SELECT home.id AS household, head.name, head.latin_name,
       coalesce(nullif(head.phone, ''), home.phone) AS phone, card.number AS card
FROM registry_household home
LEFT JOIN LATERAL (
    SELECT concat_ws(' ', nullif(person.family_name_km, ''), nullif(person.given_name_km, ''))
               AS name,
           concat_ws(' ', nullif(person.family_name_latin, ''),
                     nullif(person.given_name_latin, '')) AS latin_name,
           person.phone
    FROM registry_membership member JOIN registry_person person ON person.id = member.person_id
    WHERE member.household_id = home.id AND member.relation = 'head'
      AND member.start <= %(day)s AND (member."end" IS NULL OR member."end" > %(day)s)
    LIMIT 1
) head ON true
LEFT JOIN registry_equitycard card ON card.household_id = home.id AND card.revoked_on IS NULL
      AND card.start <= %(day)s AND card."end" > %(day)s
WHERE home.dissolved_on IS NULL AND home.merged_into_id IS NULL
"""
PHONES = f"SELECT household, phone FROM ({PAYEES}) payee WHERE household = ANY(%(homes)s)"  # noqa: S608


def phones_of(household_ids: Iterable[UUID], *, on: date) -> dict[UUID, str]:
    """Give the telephone at which each of these households is paid on a day.

    The caller has already been allowed to see them.
    """
    with connection.cursor() as cursor:
        cursor.execute(PHONES, {"day": on, "homes": list(household_ids)})
        return dict(cursor.fetchall())
