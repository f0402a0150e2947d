"""A month of claims judged: in one batch, and one by one.

Prints one JSON object a line. Registry, facilities and claims are invented by SQL, in data of their
own that are kept for the next run of the same scale; 100 % is 300,000 claims of the month, as many
of the month before, and 600,000 people. `python benchmarks/claims.py --scale 0.01`.
"""

import argparse
import json
import os
import threading
import time
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import claim_figures
import nation
import psycopg

CLAIMS, PEOPLE_A_CLAIM, FACILITIES = 300_000, 2, 1_400
ON = date(2026, 11, 20)
OPENIMIS = 7.8  # claims a second, one by one: shared/domain/peers.md
SINGLE = 1_000

BLANKS = """
SELECT format('ALTER TABLE %%I ALTER COLUMN %%I SET DEFAULT %%L', table_name, column_name, '')
FROM information_schema.columns WHERE is_nullable = 'NO' AND column_default IS NULL
AND data_type IN ('character varying', 'text') AND table_name = ANY(%(tables)s)
"""
FILLED = ["targeting_assessment", "targeting_povertystatus", "health_equity_listing",
          "health_equity_contract", "health_equity_suspension"]  # fmt: skip
# Nothing here is anybody: names are "a", homes are in the gazetteer's villages in turn.
REGISTRY = """
WITH village AS (
    SELECT array_agg(id ORDER BY code) AS ids FROM locations_place WHERE level = 'village')
INSERT INTO registry_household (id, village_id, address, phone, since, registered_on, registered_by)
SELECT md5('h' || n)::uuid, ids[1 + n %% cardinality(ids)], '', '', '2020-01-01', '2020-01-01', 'b'
FROM generate_series(1, %(homes)s) n, village;

INSERT INTO registry_person (id, family_name_km, given_name_km, family_name_latin, given_name_latin,
    sex, birth_date, birth_date_precision, phone, since, search_text, search_keys)
SELECT md5('p' || n)::uuid, '', '', 'a', 'a', CASE n %% 2 WHEN 0 THEN 'female' ELSE 'male' END,
    date '1950-01-01' + (n::bigint * 7919 %% 26000)::int, 'exact', '', '2020-01-01', 'a', '{}'
FROM generate_series(1, 4 * %(homes)s) n;

INSERT INTO registry_membership (id, household_id, person_id, relation, start)
SELECT md5('m' || n)::uuid, md5('h' || (n + 3) / 4)::uuid, md5('p' || n)::uuid,
    CASE n %% 4 WHEN 1 THEN 'head' ELSE 'child' END, '2020-01-01'
FROM generate_series(1, 4 * %(homes)s) n;

INSERT INTO targeting_assessment (id, household_id, village_id, state, final_level, origin, channel,
    requested_on, requested_by, closed_on, closed_by, version, answers)
SELECT md5('a' || n)::uuid, md5('h' || n)::uuid, village_id, 'confirmed',
    CASE n %% 3 WHEN 0 THEN 'poor_1' WHEN 1 THEN 'poor_2' ELSE 'at_risk' END, 'imported', 'system',
    '2024-01-02', 'b', '2024-01-02', 'b', 1, '{}'
FROM generate_series(1, %(homes)s) n JOIN registry_household home ON home.id = md5('h' || n)::uuid
WHERE n %% 20 <> 0;

INSERT INTO targeting_povertystatus (id, household_id, level, assessment_id, start, "end")
SELECT md5('s' || n)::uuid, md5('h' || n)::uuid, final_level, md5('a' || n)::uuid, '2024-01-02',
    CASE n %% 25 WHEN 1 THEN date '2026-06-01' ELSE date '2027-01-02' END
FROM generate_series(1, %(homes)s) n JOIN targeting_assessment a ON a.id = md5('a' || n)::uuid;

INSERT INTO health_equity_listing (id, person_id, "group", number, source, start, listed_by)
SELECT md5('l' || n)::uuid, md5('p' || n)::uuid, 'worker', '', 'b', '2025-01-01', 'b'
FROM generate_series(50, 4 * %(homes)s, 50) n;

INSERT INTO locations_operationaldistrict (code, name_km, name_en, province_id, start)
SELECT 'B01', 'b', 'b', id, '2015-01-01' FROM locations_place WHERE code = '01';
WITH village AS (
    SELECT array_agg(id ORDER BY code) AS ids FROM locations_place WHERE level = 'village')
INSERT INTO locations_facility (code, name_km, name_en, operational_district_id, place_id, start)
SELECT 'B' || n, 'b', 'b', (SELECT id FROM locations_operationaldistrict WHERE code = 'B01'),
    ids[1 + n * 9 %% cardinality(ids)], '2015-01-01'
FROM generate_series(1, %(facilities)s) n, village;
INSERT INTO locations_facilitylevel (facility_id, kind, act, start)
SELECT id, CASE WHEN substr(code, 2)::int %% 10 = 0 THEN 'cpa2' ELSE 'health_centre' END, 'b',
    '2015-01-01'
FROM locations_facility WHERE code ~ '^B[0-9]+$';
INSERT INTO health_equity_contract (id, facility_id, scheme, act, start, made_by)
SELECT gen_random_uuid(), id, 'hef', 'b', '2016-01-01', 'b' FROM locations_facility
WHERE code ~ '^B[0-9]+$' AND substr(code, 2)::int %% 97 <> 0;
INSERT INTO health_equity_suspension (id, facility_id, reason, start, "end", made_by)
SELECT gen_random_uuid(), id, 'b', '2026-10-10', '2026-10-20', 'b' FROM locations_facility
WHERE code ~ '^B[0-9]+$' AND substr(code, 2)::int %% 53 = 0;
"""
# Every tenth is wrong in some way; the month before is on record as accepted.
MONTH = """
INSERT INTO health_equity_claim (id, number, facility_id, area, scheme, month, source, external,
    person_id, patient, sex, birth_date, came_on, left_on, diagnoses, referred, documents, asked,
    submitted_on, submitted_by, state, amount)
SELECT md5(%(month)s || n)::uuid, 'B' || %(month)s || lpad(n::text, 8, '0'), facility.id,
    place.code,
    'hef', %(month)s::date, 'file', %(month)s || n, person.id, '',
    CASE n %% 500 WHEN 7 THEN 'male' ELSE coalesce(person.sex, '') END, person.birth_date,
    %(month)s::date + n %% 20, %(month)s::date + n %% 20 + CASE n %% 10 WHEN 0 THEN 3 ELSE 0 END,
    CASE n %% 200 WHEN 11 THEN '{}' WHEN 12 THEN '{fever}' ELSE '{A09}' END::varchar[], false,
    CASE n %% 10 WHEN 0 THEN '{discharge_note}' ELSE '{}' END::varchar[],
    CASE n %% 10 WHEN 0 THEN 128000 ELSE CASE n %% 100 WHEN 3 THEN 5000 ELSE 4000 END + 12000 END,
    %(month)s::date + 30, 'clerk', %(state)s, CASE %(state)s WHEN 'accepted' THEN 4000 END
FROM generate_series(1, %(claims)s) n
JOIN locations_facility facility ON facility.code = 'B' || CASE n %% 10
    WHEN 0 THEN 10 * (1 + n / 10 %% (%(facilities)s / 10)) ELSE 1 + n %% %(facilities)s END
JOIN locations_place place ON place.id = facility.place_id
LEFT JOIN registry_person person
    ON person.id = md5('p' || (1 + n::bigint * 15485863 %% (4 * %(homes)s)))::uuid
    AND n %% 300 <> 13;

INSERT INTO health_equity_claimline (claim_id, place, service, "on", quantity, asked)
SELECT claim.id, place,
    CASE WHEN stay THEN CASE place WHEN 1 THEN 'inpatient_adult' ELSE 'outpatient' END
         ELSE CASE place WHEN 1 THEN 'outpatient' ELSE 'minor_surgery' END END,
    came_on, 1,
    CASE WHEN stay THEN CASE place WHEN 1 THEN 116000 ELSE 12000 END
         ELSE CASE place WHEN 1 THEN asked - 12000 ELSE 12000 END END
FROM (SELECT *, asked = 128000 AS stay FROM health_equity_claim
      WHERE month = %(month)s::date) claim,
     generate_series(1, 2) place;
"""


def main() -> None:
    """Build what is missing, judge the month in a batch, then judge some of it one by one."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=0.01)
    asked.add_argument("--data", type=Path, default=nation.ROOT / "var" / "bench")
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--figures", action="store_true", help="time the pages of figures instead")
    given = asked.parse_args()
    folder = given.data / f"claims-{given.scale}"
    os.environ["SPEAN_VAR"] = str(folder / "var")
    os.environ["DJANGO_SETTINGS_MODULE"] = "spean.config.settings"
    if not (folder / "var" / "postgres").exists():
        folder.mkdir(parents=True, exist_ok=True)
        nation.run("setup", "--no-demo")
    import django

    django.setup()
    sizes = build(given.scale)
    if given.figures:
        claim_figures.build(sizes, run_all, MONTH)
        measured = claim_figures.measure()
    else:
        measured = chain(batch(given.workers), one_by_one())
    for line in measured:
        print(json.dumps({"scale": given.scale} | line), flush=True)


def build(scale: float) -> dict[str, int]:
    """Invent the registry and two months of claims, unless they are there; let the month wait."""
    from django.db import connection, transaction

    from spean.health_equity.models import Claim

    homes = int(CLAIMS * scale * PEOPLE_A_CLAIM / 4)
    sizes = {"homes": homes, "claims": int(CLAIMS * scale), "facilities": FACILITIES}
    with connection.cursor() as cursor:
        if not Claim.objects.exists():
            with transaction.atomic():
                cursor.execute(BLANKS, {"tables": FILLED})
                for (alter,) in cursor.fetchall():
                    cursor.execute(alter)
                run_all(cursor, REGISTRY, sizes)
                run_all(cursor, MONTH, sizes | {"month": "2026-09-01", "state": "accepted"})
                run_all(cursor, MONTH, sizes | {"month": "2026-10-01", "state": "submitted"})
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE health_equity_adjudication CASCADE")
        cursor.execute("UPDATE health_equity_claim SET state = 'submitted', amount = NULL"
                       " WHERE month = '2026-10-01' AND state <> 'submitted'")  # fmt: skip
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    return sizes


def run_all(cursor: Any, statements: str, values: dict[str, Any]) -> None:
    """Run each of some statements."""
    for statement in statements.split(";\n"):
        if statement.strip():
            cursor.execute(statement, values)


def batch(workers: int) -> Iterator[dict[str, Any]]:
    """Judge the whole month but the last claims, as the long work does."""
    from spean.health_equity.actions import adjudicate_waiting
    from spean.health_equity.models import Claim
    from spean.kernel.access import Actor

    single = list(Claim.objects.filter(state="submitted").order_by("-number")[:SINGLE])
    claims = Claim.objects.filter(state="submitted").count() - len(single)
    below, memory = single[-1].number, Memory()
    with memory:
        began, worked = time.perf_counter(), cpu_seconds()
        done = adjudicate_waiting(by=Actor.system("bench"), on=ON, below=below, workers=workers)
        seconds, worked = time.perf_counter() - began, cpu_seconds() - worked
    assert sum(done.values()) == claims, done
    rate = claims / seconds
    line = nation.figures(claims, seconds, rate / OPENIMIS, "openIMIS, 7.8 claims a second")
    yield line | {"name": "claims.batch", "claims_a_second": round(rate), "outcomes": dict(done),
                  "cpu_seconds": round(worked, 1), "claims_a_cpu_second": round(claims / worked),
                  "postgres_mb": memory.most}  # fmt: skip


def one_by_one() -> Iterator[dict[str, Any]]:
    """Judge the last claims one by one, each in its transaction with its audit line."""
    from spean.health_equity.actions import adjudicate
    from spean.health_equity.models import Claim
    from spean.kernel.access import Actor

    waiting = list(Claim.objects.filter(state="submitted").order_by("number").values_list("pk"))
    asked, execute = 0, psycopg.Cursor.execute

    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(self, *args, **kwargs)

    psycopg.Cursor.execute = counted  # type: ignore[method-assign]
    by, began, worked = Actor.system("bench"), time.perf_counter(), cpu_seconds()
    for (claim,) in waiting:
        adjudicate(claim_ids=[claim], by=by, on=ON)
    seconds, worked = time.perf_counter() - began, cpu_seconds() - worked
    psycopg.Cursor.execute = execute  # type: ignore[method-assign]
    rate = len(waiting) / seconds
    line = nation.figures(len(waiting), seconds, rate / OPENIMIS, "openIMIS, 7.8 claims a second")
    yield line | {"name": "claims.one_by_one", "claims_a_second": round(rate, 1),
                  "cpu_seconds": round(worked, 1),
                  "claims_a_cpu_second": round(len(waiting) / worked, 1),
                  "queries_a_claim": round(asked / len(waiting), 1)}  # fmt: skip


class Memory:
    """The most that the database's processes used at once (MB, shared memory counted in part)."""

    def __enter__(self) -> "Memory":
        """Begin to look."""
        self.most, self._over = 0, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.5):
            self.most = max(self.most, round(sum(map(_private_kb, _backends())) / 1024))


def cpu_seconds() -> float:
    """Give the processor's time of this process and of the database's, ended ones included."""
    spent = sum(os.times()[:2])
    for pid in _backends():
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        spent += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return spent


def _backends() -> list[int]:
    from django.conf import settings

    where = str(Path(settings.VAR) / "postgres") if hasattr(settings, "VAR") else "postgres"
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if str((process / "cwd").readlink()).startswith(where):
                    found.append(int(process.name))
            except OSError:
                continue
    return found


def _private_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(one.split()[1]) for one in lines if one.startswith("Pss:"))


if __name__ == "__main__":
    main()
