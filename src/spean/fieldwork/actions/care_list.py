"""Who is due for care stands on the list of work: the nation's, each night, in one pass."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction

from spean.kernel import bulk
from spean.kernel.access import Actor, Purpose
from spean.kernel.ids import NEW_ID
from spean.maternal_child import queries as care

CARE = Actor.system("work_list", purpose=Purpose.CARE)
MOST_LINES = 20  # of one item
TABLE = """
DROP TABLE IF EXISTS fieldwork_due;
CREATE TEMPORARY TABLE fieldwork_due (person_id uuid PRIMARY KEY, household_id uuid,
    village_id bigint, visit_kind varchar, lines varchar[], due_on date) ON COMMIT DROP;
"""
OPEN = "item.kind = 'care' AND item.closed_on IS NULL"
CLOSE = f"""
UPDATE fieldwork_workitem item
SET closed_on = greatest(%(on)s, opened_on), closing = 'no_longer_due'
WHERE {OPEN} AND NOT EXISTS (SELECT FROM fieldwork_due due WHERE due.person_id = item.person_id)
"""
BRING_UP_TO_DATE = f"""
UPDATE fieldwork_workitem item
SET lines = due.lines, due_on = due.due_on, village_id = due.village_id,
    household_id = due.household_id, visit_kind = due.visit_kind
FROM fieldwork_due due WHERE {OPEN} AND due.person_id = item.person_id
  AND (item.lines, item.village_id) IS DISTINCT FROM (due.lines, due.village_id)
"""
# Who was cared for since the records were read is not put back by what they said before.
ADD = f"""
INSERT INTO fieldwork_workitem (id, kind, village_id, household_id, person_id, line, lines,
                                visit_kind, opened_on, due_on, closing, changed_in)
SELECT {NEW_ID}, 'care', village_id, household_id, person_id, '', lines, visit_kind, %(on)s,
       due_on, '', 0
FROM fieldwork_due due
WHERE NOT EXISTS (SELECT FROM fieldwork_workitem item
                  WHERE item.person_id = due.person_id AND item.kind = 'care'
                    AND (item.closed_on IS NULL
                         OR item.closing = 'done' AND item.changed_in >= %(since)s))
"""


@transaction.atomic
def follow_care(*, on: date) -> None:
    """Open an item for each mother and child who is due for care, and keep it as it stands."""
    with connection.cursor() as cursor, TemporaryDirectory(prefix="spean-work-") as folder:
        cursor.execute("SELECT (pg_current_xact_id()::text)::bigint + 1")
        given = {"on": on, "since": cursor.fetchone()[0]}
        due = care.write_work(Path(folder), most=MOST_LINES, by=CARE, on=on)
        cursor.execute(TABLE)
        bulk.copy_in(due, "fieldwork_due")
        cursor.execute("ANALYZE fieldwork_due")
        for statement in (CLOSE, BRING_UP_TO_DATE, ADD):
            cursor.execute(statement, given)
