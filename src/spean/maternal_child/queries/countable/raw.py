"""What the counting reads out of the database: narrow tables of the nation, places or a facility.

A facility's births and contacts are those that name it, and those of its villages that name none.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from spean.kernel import columnar

TWO_YEARS = 731
# Where a person lived on a day, in the household's village of that day; else, as the registry does,
# where they lived next: a child is often seen before it is registered.
LIVED = """
    JOIN LATERAL (
        SELECT member.household_id, coalesce(past.village_id, home.village_id) AS village_id
        FROM registry_membership member
        JOIN registry_household home ON home.id = member.household_id
        LEFT JOIN registry_householdpast past ON past.household_id = home.id
             AND past.start <= {day} AND past."end" > {day}
        WHERE member.person_id = {person}
        ORDER BY member.start > {day}, abs(member.start - {day}) LIMIT 1
    ) lived ON true
    JOIN locations_place village ON village.id = lived.village_id
"""
HOME = f"{LIVED} AND village.code LIKE ANY (%(places)s)"
MADE_HERE = """({row}.facility_id = %(facility)s OR village.code LIKE ANY (%(places)s)
         AND (%(facility)s::bigint IS NULL OR {row}.facility_id IS NULL))"""
# Of some villages: who lives or ever lived there, so that not every person is looked up.
OURS = """(%(nation)s OR {person} IN (
        SELECT member.person_id FROM registry_membership member WHERE member.household_id IN (
            SELECT home.id FROM registry_household home
            JOIN locations_place place ON place.id = home.village_id
            WHERE place.code LIKE ANY (%(places)s)
            UNION ALL
            SELECT past.household_id FROM registry_householdpast past
            JOIN locations_place place ON place.id = past.village_id
            WHERE place.code LIKE ANY (%(places)s))))"""
BIRTHS = f"""
    FROM maternal_child_pregnancy care {LIVED.format(person="care.person_id", day="care.ended_on")}
    WHERE care.ending = 'birth' AND care.ended_on BETWEEN %(since)s AND %(on)s
      AND (care.facility_id = %(facility)s OR {OURS.format(person="care.person_id")})
      AND {MADE_HERE.format(row="care")}
"""
COLUMNS: Mapping[str, str] = {
    "raw_births": "id UUID, household UUID, village VARCHAR, started_on DATE, day DATE,"
    " place VARCHAR, attendant VARCHAR, mode VARCHAR, complicated BOOLEAN",
    "raw_babies": "id UUID, person UUID, outcome VARCHAR, sex VARCHAR, weight_g INTEGER",
    "raw_contacts": "id UUID, person UUID, household UUID, village VARCHAR, kind VARCHAR,"
    " day DATE, here BOOLEAN, place VARCHAR, danger BOOLEAN, treatments VARCHAR,"
    " started_on DATE, sex VARCHAR, born DATE, weight_g INTEGER, length_mm INTEGER,"
    " lying BOOLEAN, muac_mm INTEGER, oedema BOOLEAN",
    "children": "id UUID, household UUID, village VARCHAR, born DATE, sex VARCHAR, died DATE",
    "doses": "id UUID, vaccine VARCHAR, day DATE",
    "raw_deaths": "id UUID, household UUID, village VARCHAR, kind VARCHAR, sex VARCHAR,"
    " born DATE, day DATE, place VARCHAR",
    "raw_treatments": "id UUID, household UUID, village VARCHAR, sex VARCHAR, kind VARCHAR,"
    " day DATE",
}
SQL: Mapping[str, str] = {
    "raw_births": f"""
        SELECT care.id, lived.household_id, village.code, care.started_on, care.ended_on,
               care.place, care.attendant, care.mode, care.complications <> '{{}}' {BIRTHS}""",
    "raw_babies": f"""
        SELECT baby.pregnancy_id, baby.person_id, baby.outcome, baby.sex, baby.weight_g
        FROM maternal_child_baby baby
        WHERE baby.pregnancy_id IN (SELECT care.id {BIRTHS})""",
    # Contacts of a birth of the period lie up to a year before it; a facility's are numbered
    # together with those that were elsewhere.
    "raw_contacts": f"""
        SELECT coalesce(contact.pregnancy_id, contact.person_id), contact.person_id,
               contact.household_id, village.code, contact.kind, contact.day,
               {MADE_HERE.format(row="contact")}, contact.place,
               contact.danger_signs <> '{{}}', array_to_string(contact.treatments, ' '),
               care.started_on, person.sex, person.birth_date, contact.weight_g,
               contact.length_mm, contact.lying, contact.muac_mm, contact.oedema
        FROM maternal_child_contact contact
        JOIN locations_place village ON village.id = contact.village_id
        JOIN registry_person person ON person.id = contact.person_id
        LEFT JOIN maternal_child_pregnancy care ON care.id = contact.pregnancy_id
        WHERE contact.withdrawn_on IS NULL
          AND contact.day BETWEEN %(since)s::date - 366 AND %(on)s
          AND ({MADE_HERE.format(row="contact")}
               OR %(facility)s::bigint IS NOT NULL AND contact.person_id IN (
                   SELECT contact.person_id FROM maternal_child_contact contact
                   JOIN locations_place village ON village.id = contact.village_id
                   WHERE contact.withdrawn_on IS NULL AND contact.day BETWEEN %(since)s AND %(on)s
                     AND {MADE_HERE.format(row="contact")}))""",
    "children": f"""
        SELECT person.id, lived.household_id, village.code, person.birth_date, person.sex,
               person.death_date
        FROM registry_person person
        {HOME.format(person="person.id", day="least(coalesce(person.death_date, %(on)s), %(on)s)")}
        WHERE person.merged_into_id IS NULL AND person.birth_date <= %(on)s
          AND {OURS.format(person="person.id")}
          AND (person.birth_date >= %(since)s::date - {TWO_YEARS} OR person.id IN (
              SELECT person_id FROM maternal_child_dose WHERE day BETWEEN %(since)s AND %(on)s))""",
    "doses": f"""
        SELECT person_id, vaccine, day FROM maternal_child_dose
        WHERE withdrawn_on IS NULL AND day <= %(on)s AND {OURS.format(person="person_id")}""",
    "raw_deaths": f"""
        SELECT death.id, lived.household_id, village.code, death.kind, person.sex,
               person.birth_date, death.died_on, death.place
        FROM maternal_child_death death JOIN registry_person person ON person.id = death.person_id
        {HOME.format(person="person.id", day="death.died_on")}
        WHERE death.died_on BETWEEN %(since)s AND %(on)s
          AND {OURS.format(person="person.id")}""",
    "raw_treatments": f"""
        SELECT person.id, lived.household_id, village.code, person.sex, treatment.kind,
               treatment.started_on
        FROM maternal_child_nutritiontreatment treatment
        JOIN registry_person person ON person.id = treatment.person_id
        {HOME.format(person="person.id", day="treatment.started_on")}
        WHERE treatment.started_on BETWEEN %(since)s AND %(on)s
          AND {OURS.format(person="person.id")}""",
}


def read(
    db: duckdb.DuckDBPyConnection, folder: Path, *, places: Sequence[str], since: date, on: date,
    facility: int | None = None,
) -> None:  # fmt: skip
    """Copy the tables of the places (codes; what begins with one lies in it) into DuckDB.

    With a facility (its number in the database), the places are the villages that it serves first.
    """
    asked = {
        "places": [f"{code}%" for code in places], "nation": "" in places, "since": since, "on": on,
        "facility": facility,
    }  # fmt: skip
    for name, sql in SQL.items():
        columnar.copy(db, name, COLUMNS[name], sql, asked, folder)
