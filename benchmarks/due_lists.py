"""Due lists of the nation's pregnancies and under-fives in one batch, and of one village.

400,000 pregnancies (and as many mothers after birth as there are infants of the last year) and
1.8 million children at scale 1, invented: most come in time, some late, some not at all. Prints one
JSON object a line; each scale runs in a process of its own, so that its memory is its own.
`python benchmarks/due_lists.py --scales 0.01 0.1 1`.
"""

import os
import resource
import time
from collections import defaultdict
from datetime import date
from typing import Any

import duckdb
from scales import at_each_scale

CHILDREN, PREGNANCIES = 1_800_000, 400_000
ON = date(2026, 11, 23)
VILLAGE = 124  # under-fives of a village: 1.8 million in 14,578
INVENTED = """
SELECT setseed(0.7);
CREATE TABLE children AS
SELECT uuid() AS id, DATE '{on}' - (random() * 1826)::INT AS born,
       CASE WHEN random() < 0.5 THEN 'female' ELSE 'male' END AS sex, random() AS care
FROM range({children});
CREATE TABLE mothers AS
SELECT uuid() AS id, DATE '{on}' - (random() * 280)::INT AS started_on, NULL::DATE AS born_on
FROM range({pregnancies})
UNION ALL
SELECT uuid(), DATE '{on}' - 280 - age, DATE '{on}' - age
FROM (SELECT (random() * 456)::INT AS age FROM range({pregnancies}));
CREATE TABLE barriers (id UUID, condition VARCHAR, vaccine VARCHAR);
CREATE TABLE doses AS
SELECT id, vaccine, born + age + (-ln(random()) * 20 * (1.2 - care))::INT AS day
FROM children, (VALUES ('bcg', 0), ('hepb', 0), ('penta', 42), ('opv', 42), ('pcv', 42),
     ('penta', 70), ('opv', 70), ('pcv', 70), ('penta', 98), ('opv', 98), ('pcv', 98),
     ('ipv', 98), ('mr', 274), ('je', 274), ('mr', 548)) given(vaccine, age)
WHERE random() < 0.6 + 0.4 * care AND born + age <= DATE '{on}';
DELETE FROM doses WHERE day > DATE '{on}';
CREATE TABLE contacts AS
SELECT id, what, born + age + (random() * 30)::INT AS day
FROM children, (VALUES ('postnatal', 1), ('postnatal', 7), ('weighed', 42), ('weighed', 98),
     ('weighed', 274), ('vitamin_a', 183), ('vitamin_a', 366), ('deworming', 366),
     ('vitamin_a', 548), ('deworming', 548), ('weighed', 548)) done(what, age)
WHERE random() < care AND born + age <= DATE '{on}'
UNION ALL
SELECT id, 'antenatal', started_on + age + (random() * 30)::INT
FROM mothers, (VALUES (70), (160), (205), (248)) done(age)
WHERE random() < 0.8 AND started_on + age <= DATE '{on}'
UNION ALL
SELECT id, what, born_on + age
FROM mothers, (VALUES ('postnatal', 0), ('postnatal', 3), ('postnatal', 8), ('planning', 42))
     done(what, age)
WHERE born_on IS NOT NULL AND random() < 0.7 AND born_on + age <= DATE '{on}';
ALTER TABLE children DROP care;
"""


def one(scale: float) -> dict[str, Any]:
    """Invent a nation at a scale, and measure the batch and a village."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spean.config.settings")
    import django

    django.setup()
    from spean.maternal_child.queries import nation
    from spean.maternal_child.rules import Schedules

    db = duckdb.connect()
    db.execute(INVENTED.format(
        on=ON, children=round(CHILDREN * scale), pregnancies=round(PREGNANCIES * scale)
    ))  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, used = time.perf_counter(), time.process_time()
    schedules = Schedules(ON)
    lines = nation.work_out(db, schedules)
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    counts = {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()
              for name in nation.COLUMNS}  # fmt: skip
    return {
        "name": "due_lists", "scale": scale, **{k: v[0] for k, v in counts.items() if v},
        "due_lines": lines, "seconds": round(seconds, 2), "cpu_seconds": round(used, 2),
        "peak_mb": peak // 1024, "invented_mb": before // 1024,
        "village_ms": round(village(db, schedules), 1),
        "cores": os.cpu_count(),
    }  # fmt: skip


def village(db: duckdb.DuckDBPyConnection, schedules: Any) -> float:
    """Measure the plain rules over the children of one village, in milliseconds.

    The same children must be due the same as in the batch.
    """
    from spean.maternal_child.rules import ChildFacts, Given

    db.execute(f"CREATE TEMPORARY TABLE few AS SELECT * FROM children LIMIT {VILLAGE}")
    rows = db.execute("SELECT * FROM few").fetchall()
    done: dict[Any, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for key, what, day in db.execute("SELECT c.* FROM contacts c JOIN few USING (id)").fetchall():
        done[key][what].append(day)
    doses: dict[Any, list[Any]] = defaultdict(list)
    for key, vaccine, day in db.execute("SELECT d.* FROM doses d JOIN few USING (id)").fetchall():
        doses[key].append(Given(day, vaccine))
    names = ("postnatal", "weighed", "vitamin_a", "deworming")
    begun = time.perf_counter()
    found = [
        (key, one.care, one.line.code)
        for key, born, sex in rows
        for one in schedules.child(
            ChildFacts(born, sex, *(done[key][name] for name in names), doses[key])
        )
    ]
    took = (time.perf_counter() - begun) * 1000
    batch = db.execute("SELECT due.id, care, line FROM due JOIN few USING (id)").fetchall()
    if sorted(map(str, batch)) != sorted(str((k, str(c), line)) for k, c, line in found):
        raise SystemExit("the batch and the plain rules differ")
    return took


if __name__ == "__main__":
    at_each_scale(one, __doc__)
