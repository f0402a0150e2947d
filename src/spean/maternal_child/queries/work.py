"""Who is due for care in the nation, as a list of work needs it: one row for each person.

The lines are worked out by the batch (`queries.nation`); this puts them in order and says where
each person lives, and as whom they are visited (as `due.visit_kind_of` does for one).
"""

from datetime import date
from pathlib import Path

import duckdb

from spean.kernel import access, audit, bulk, columnar
from spean.kernel.access import Actor
from spean.maternal_child.models import Kind
from spean.maternal_child.queries import nation
from spean.maternal_child.queries.due import NEWBORN_DAYS, VIEW
from spean.maternal_child.rules import Care, Schedules

HOMES = "id UUID, person UUID, household UUID, village BIGINT, born DATE"
HOMES_OF = f"""{nation.MERGED}
    SELECT found.id, person.id, member.household_id, home.village_id, person.birth_date
    FROM (SELECT id, id AS person FROM registry_person
          WHERE birth_date >= %(on)s::date - {nation.CHILD_DAYS}
          UNION ALL
          SELECT care.id, coalesce(merged.person, care.person_id)
          FROM maternal_child_pregnancy care LEFT JOIN merged ON merged.id = care.person_id
          WHERE care.ended_on IS NULL
             OR care.ended_on >= %(on)s::date - {nation.AFTER_BIRTH_DAYS}) found
    JOIN registry_person person ON person.id = found.person
    JOIN registry_membership member ON member.person_id = person.id AND member."end" IS NULL
    JOIN registry_household home ON home.id = member.household_id"""
# What is overdue comes first, then by the day on which it is due; a tie as the schedules come.
FIRST = "status <> 'overdue', due, rowid"
WORK = f"""
    COPY (
        WITH of_one AS (
            SELECT id, of, bool_or(care = '{Care.ANTENATAL}') AS before,
                   list(care || ':' || line ORDER BY {FIRST})[:{{most}}] AS lines,
                   min(overdue) FILTER (status = 'overdue') AS since,
                   list(due ORDER BY {FIRST})[1] AS due,
                   list(overdue ORDER BY {FIRST})[1] AS overdue
            FROM due GROUP BY id, of
        )
        SELECT person, household, village,
               CASE WHEN of = 'mothers' AND before THEN '{Kind.PREGNANCY}'
                    WHEN of = 'mothers' THEN '{Kind.AFTER_BIRTH}'
                    WHEN DATE '{{on}}' - born <= {NEWBORN_DAYS} THEN '{Kind.NEWBORN}'
                    ELSE '{Kind.CHILD}' END,
               '{{{{' || array_to_string(lines, ',') || '}}}}',
               CASE WHEN since IS NULL THEN due ELSE overdue END
        FROM of_one JOIN homes USING (id)
        QUALIFY row_number() OVER (
            PARTITION BY person ORDER BY since IS NULL DESC, since DESC, due DESC) = 1
    ) TO '{{path}}' (FORMAT csv, HEADER false)"""


def write_work(folder: Path, *, most: int, by: Actor, on: date) -> Path:
    """Write (person, household, village, kind, lines, day) of everybody who is due; give the file.

    The first `most` lines of each, as PostgreSQL writes an array; the day is that on which the
    first is due, or was overdue. Raises NotAllowed; the reading is audited.
    """
    access.require(by, VIEW, area="")
    twice = nation.write_tables(folder, on=on)
    bulk.copy_out(HOMES_OF, folder / "homes.csv", twice)
    path = folder / "work.csv"
    with duckdb.connect() as db:
        nation.read_tables(db, folder)
        columnar.read(db, "homes", HOMES, folder / "homes.csv")
        number = nation.work_out(db, Schedules(on))
        db.execute(WORK.format(most=most, on=on, path=path))
    audit.read(by=by, action="maternal_child.read_due", subject=("list", "due"), rows=number)
    return path
