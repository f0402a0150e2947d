"""What a snapshot holds of the registry: households and their members as recorded for a day.

A household or person whose facts changed since is read from its past row of the day. The key is a
number of the snapshot's own, in the order of the villages; names, numbers and telephones are there
only for the purpose of registration (finding double records).
"""

from spean.kernel.access import Purpose
from spean.kernel.snapshots import Column, Part
from spean.locations.queries import VILLAGES

REGISTRATION = frozenset({Purpose.REGISTRATION})

KEY = "household"
PREPARE = f"""
CREATE TEMPORARY TABLE snapshot_key ON COMMIT DROP AS
SELECT (row_number() OVER (ORDER BY village.code, home.id))::int AS key,
       left(village.code, 2) AS part, home.id AS household_id, village.code AS village,
       village.area_class, home.registered_on, home.phone
FROM (SELECT home.id, home.registered_on,
             CASE WHEN past.id IS NULL THEN home.village_id ELSE past.village_id END AS village_id,
             CASE WHEN past.id IS NULL THEN home.phone ELSE past.phone END AS phone,
             CASE WHEN past.id IS NULL THEN home.dissolved_on ELSE past.dissolved_on END AS gone
      FROM registry_household home
      LEFT JOIN registry_householdpast past ON past.household_id = home.id
           AND past.start <= {{on}} AND (past."end" IS NULL OR past."end" > {{on}})
      WHERE home.registered_on <= {{on}}) home
JOIN ({VILLAGES}) village ON village.id = home.village_id
WHERE home.gone IS NULL OR home.gone > {{on}}
"""

HOUSEHOLDS = Part(
    table="households",
    columns=(
        Column("household", "INTEGER"),
        Column("household_id", "VARCHAR"),
        Column("village", "VARCHAR"),
        Column("area_class", "VARCHAR"),
        Column("registered_on", "DATE"),
        Column("household_phone", "VARCHAR", REGISTRATION),
    ),
    sql="SELECT key, household_id, village, area_class, registered_on, phone FROM snapshot_key",
)

_NAMES = ("family_name_km", "given_name_km", "family_name_latin", "given_name_latin")
_FACTS = (*_NAMES, "sex", "birth_date", "birth_date_precision", "phone")
_AS_OF = ", ".join(
    f"CASE WHEN past.id IS NULL THEN person.{name} ELSE past.{name} END" for name in _FACTS
)


def _valid(table: str) -> str:
    return f'{table}.start <= {{on}} AND ({table}."end" IS NULL OR {table}."end" > {{on}})'


PEOPLE = Part(
    table="people",
    columns=(
        Column("household", "INTEGER"),
        Column("village", "VARCHAR"),
        Column("area_class", "VARCHAR"),
        *(Column(name, "VARCHAR", REGISTRATION) for name in _NAMES),
        Column("sex", "VARCHAR"),
        Column("birth_date", "DATE"),
        Column("birth_date_precision", "VARCHAR"),
        Column("phone", "VARCHAR", REGISTRATION),
        Column("relation", "VARCHAR"),
        Column("disabled", "BOOLEAN"),
        Column("pregnant", "BOOLEAN"),
        Column("person", "VARCHAR", REGISTRATION),
        Column("national_id", "VARCHAR", REGISTRATION),
    ),
    sql=f"""
    SELECT home.key, home.village, home.area_class, {_AS_OF}, member.relation,
           coalesce(function.disabled, false), pregnancy.id IS NOT NULL,
           member.person_id, number.value
    FROM registry_membership member
    JOIN snapshot_key home ON home.household_id = member.household_id
    JOIN registry_person person ON person.id = member.person_id
    LEFT JOIN registry_personpast past ON past.person_id = member.person_id AND {_valid("past")}
    LEFT JOIN registry_functionassessment function
           ON function.person_id = member.person_id AND function.disabled AND {_valid("function")}
    LEFT JOIN registry_pregnancy pregnancy
           ON pregnancy.person_id = member.person_id AND {_valid("pregnancy")}
    LEFT JOIN registry_identifier number
           ON number.person_id = member.person_id AND number.kind = 'national_id'
              AND NOT number.withdrawn AND {_valid("number")}
    WHERE {_valid("member")}
    """,
)

SNAPSHOT = (HOUSEHOLDS, PEOPLE)
