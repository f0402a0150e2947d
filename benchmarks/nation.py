"""The country at a scale: intake, snapshot, the nation's entitlements, a payment cycle, look-ups.

Prints one JSON object a line. Everything runs on this machine, in data of its own that are kept
for the next run of the same scale. `python benchmarks/nation.py --scale 0.01 --help`.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SPEAN = Path(sys.executable).parent / "spean"
ON = date(2023, 1, 15)  # a day on which all five programmes were in force
HIT = [f"{code:02d}" for code in range(1, 17)]  # the capital and fifteen provinces
PEOPLE_OF_THE_LOOP = 2_000
CLIENTS, ASKED = 50, 40


def main() -> None:
    """Run each part that is asked for, in the order in which one needs the other."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=0.01)
    asked.add_argument("--seed", type=int, default=3)
    asked.add_argument("--data", type=Path, default=ROOT / "var" / "bench")
    asked.add_argument("--country", type=Path, help="files drawn before, instead of a new draw")
    asked.add_argument("--from-files", action="store_true",
                       help="a snapshot of the files, with nothing taken in")  # fmt: skip
    asked.add_argument("--only", nargs="*", choices=list(PARTS), default=list(PARTS))
    given = asked.parse_args()
    folder = given.data / f"nation-{given.scale}-{given.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["SPEAN_VAR"] = str(folder / "var")
    os.environ["DJANGO_SETTINGS_MODULE"] = "spean.config.settings"
    country = given.country or draw(folder, given.scale, given.seed)
    if not (folder / "var" / "postgres").exists():
        run("setup", "--no-demo")
    import django

    django.setup()
    if given.from_files:
        from snapshot_of_files import snapshot_of_files

        from spean.kernel import snapshots

        opened = snapshot_of_files(country, folder / "of-files", date(2026, 11, 23))
        snapshots.latest = lambda: opened
    for name in given.only:
        for line in PARTS[name](country):
            print(json.dumps({"name": name, "scale": given.scale} | line), flush=True)


def run(*command: object) -> str:
    """Run a command of spean, and give what it says."""
    return subprocess.run(
        [str(SPEAN), *map(str, command)], check=True, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ).stdout  # fmt: skip


def draw(folder: Path, scale: float, seed: int) -> Path:
    """Draw the country, unless it was drawn before."""
    country = folder / "country"
    if not (country / "fit.json").exists():
        run("setup", "--no-demo")
        run("synthesise", country, "--scale", scale, "--seed", seed)
    return country


def figures(rows: int, seconds: float, ratio: float | None, against: str) -> dict[str, Any]:
    """Write a line as all are written."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "rows": rows, "seconds": round(seconds, 3),
        "ratio": None if ratio is None else round(ratio, 2), "against": against,
        "peak_mb": round(peak),
    }  # fmt: skip


def timed(work: Callable[[], Any], times: int = 1) -> float:
    """Give the shortest of some runs, in seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


COPIED = {
    "registry_household": "id, village_id, address, phone, since, registered_on, registered_by",
    "registry_person": "id, family_name_km, given_name_km, family_name_latin, given_name_latin,"
    " sex, birth_date, birth_date_precision, phone, since, search_text, search_keys",
    "registry_membership": "id, household_id, person_id, relation, start",
    "registry_identifier": "id, kind, value, person_id, start, withdrawn",
    "registry_functionassessment": "id, person_id, start, seeing, hearing, walking, remembering,"
    " self_care, communicating",
    "registry_pregnancy": "id, person_id, start",
    "registry_importedhousehold": "run_id, file_hash, household_key, household_id",
}


def intake(country: Path) -> Iterator[dict[str, Any]]:
    """Take every file in as a first load; against COPY of the same rows into bare tables."""
    from django.utils import timezone

    from spean.kernel.access import Actor, Purpose
    from spean.registry import actions

    run("classify_areas", country / "areas.csv", "--act", "ASSUMED: drawn", "--on", "2019-01-01")
    by = Actor.system("intake", purpose=Purpose.REGISTRATION)
    began = time.perf_counter()
    done = actions.take_in_first(
        paths=sorted(country.glob("households-??.csv")), by=by, on=timezone.localdate(),
        step=lambda doing, done, total: print(doing, done, total, file=sys.stderr),
    )  # fmt: skip
    seconds = time.perf_counter() - began
    homes = sum(one.household_count for one in done.values())
    bare = _copy_again(country.parent / "copied")
    yield figures(homes, seconds, seconds / bare, "COPY into bare tables") | {
        "name": "intake.vs_copy", "households_a_second": round(homes / seconds),
        "copy_seconds": round(bare, 1),
    }  # fmt: skip
    run("intake_interviews", *sorted(country.glob("interviews-??.csv")))


def _copy_again(folder: Path) -> float:
    """Copy what was taken in out, and time COPY into tables without index or check."""
    from django.db import connection

    folder.mkdir(exist_ok=True)
    seconds = 0.0
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS bench CASCADE")
        cursor.execute("CREATE SCHEMA bench")
        for table, columns in COPIED.items():
            path = folder / f"{table}.csv"
            with (
                path.open("wb") as file,
                cursor.copy(f"COPY (SELECT {columns} FROM {table}) TO STDOUT (FORMAT csv)") as copy,
            ):
                file.writelines(copy)
            cursor.execute(f"CREATE TABLE bench.{table} AS SELECT {columns} FROM {table} LIMIT 0")
            seconds += timed(lambda p=path, t=table, c=columns: _copy_in(cursor, p, t, c))
            path.unlink()
        cursor.execute("DROP SCHEMA bench CASCADE")
    return seconds


def _copy_in(cursor: Any, path: Path, table: str, columns: str) -> None:
    with (
        path.open("rb") as file,
        cursor.copy(f"COPY bench.{table} ({columns}) FROM STDIN (FORMAT csv)") as copy,
    ):
        while chunk := file.read(1 << 20):
            copy.write(chunk)


def snapshot(country: Path) -> Iterator[dict[str, Any]]:
    """Take a snapshot of the registry."""
    from spean.kernel import runs
    from spean.kernel.access import Actor

    began = time.perf_counter()
    done = runs.carry_out(runs.start(kind="snapshot", parameters={}, by=Actor.system("bench")).pk)
    seconds = time.perf_counter() - began
    size = sum(path.stat().st_size for path in Path(done.result["folder"]).rglob("*.parquet"))
    rows = done.result["rows"]
    yield figures(rows["people"], seconds, None, "") | {
        "households": rows["households"],
        "megabytes": round(size / 1e6),
    }


def batch(country: Path) -> Iterator[dict[str, Any]]:
    """Work out five programmes; against reading the same columns, SQL in PostgreSQL, a loop."""
    import duckdb

    from spean.kernel import snapshots
    from spean.programmes.actions import determine
    from spean.programmes.queries import ENGINE, compiled, terms

    opened = snapshots.latest()
    held = terms(ON, hit=HIT)
    homes = opened.manifest.rows("households")
    statement = compiled(held)
    target = country.parent / "result"

    def write() -> None:
        shutil.rmtree(target, ignore_errors=True)
        determine(opened, held, target)

    with duckdb.connect(config={**ENGINE}) as engine:
        for table in held.reads:
            opened.view(engine, table)
        sums = ", ".join(f"sum({p.code}_amount)" for p in held.programmes)
        criteria = ", ".join(f"count_if({c})" for p in held.programmes
                             for c in _criteria(engine, statement, p.code))  # fmt: skip
        totals = (
            f"SELECT count(*), sum(points), count(level), {sums}, {criteria} FROM ({statement})"
        )
        scan = timed(lambda: _scan(engine, held.reads), 5)
        worked = timed(lambda: engine.execute(totals).fetchall(), 5)
        answer = engine.execute(totals).fetchall()[0]
    stored = timed(write, 3)
    limit = "reading the same columns and summing each"
    yield figures(homes, worked, worked / scan, limit) | {
        "name": "batch.vs_scan",
        "scan_seconds": round(scan, 3),
    }
    yield figures(homes, stored, stored / scan, limit + "; ours with the rows written") | {
        "name": "batch.stored_vs_scan"
    }
    yield from _against_sql(opened, held, worked, answer)
    if opened.folder.name != "of-files":  # the loop needs the registry itself
        yield from _against_loop(opened, held, stored / homes)


def _criteria(engine: Any, statement: str, code: str) -> list[str]:
    names = [row[0] for row in engine.execute(f"DESCRIBE {statement}").fetchall()]
    return [n for n in names if n.startswith(f"{code}_") and not n.endswith("_amount")]


def _scan(engine: Any, reads: Any) -> None:
    summed = {"string": "sum(length({}))", "date": "sum(epoch({}))"}
    for table, columns in reads.items():
        sums = ", ".join(
            summed.get(kind, "sum({}::INTEGER)").format(column) for column, kind in columns.items()
        )
        engine.execute(f"SELECT {sums} FROM {table}").fetchall()


def _against_sql(
    opened: Any, held: Any, worked: float, answer: tuple[Any, ...]
) -> Iterator[dict[str, Any]]:
    """Run SQL by hand in PostgreSQL, over the same rows and for the same sums and counts."""
    from django.db import connection
    from hand_written import SQL, load

    with connection.cursor() as cursor:
        load(cursor, opened, held)
        found: list[Any] = []
        seconds = timed(lambda: (cursor.execute(SQL), found.extend(cursor.fetchall())), 3)
        cursor.execute("DROP SCHEMA bench CASCADE")
    theirs, ours = ([int(one) for one in row] for row in (found[0], answer))
    if theirs != ours:
        raise AssertionError(f"the engines don't agree: {theirs}, {ours}")
    yield figures(int(found[0][0]), worked, seconds / worked, "hand-written SQL in PostgreSQL") | {
        "name": "batch.vs_sql",
        "sql_seconds": round(seconds, 2),
    }


def _against_loop(opened: Any, held: Any, a_row: float) -> Iterator[dict[str, Any]]:
    """Work out a sample one household after the other through the ORM, as is usual."""
    from hand_written import loop

    homes, seconds = loop(PEOPLE_OF_THE_LOOP, ON, HIT, opened.manifest.as_of)
    yield figures(homes, seconds, seconds / homes / a_row, "a loop over the ORM, per household") | {
        "name": "batch.vs_orm",
        "loop_ms_a_household": round(seconds / homes * 1000, 2),
    }


def answers(country: Path) -> Iterator[dict[str, Any]]:
    """Ask an analyst's questions of the nation."""
    from spean.kernel import snapshots
    from spean.kernel.access import Actor
    from spean.results.queries import Question, answer

    by = Actor.system("bench")
    questions = [Question(), Question("people", "age", "", {"level": "poor_1", "sex": "female"}),
                 Question("households", "level"), Question("people", "place", "16")]  # fmt: skip
    opened = snapshots.latest()
    seconds = max(timed(lambda q=q: answer(q, by=by), 5) for q in questions)
    yield figures(opened.manifest.rows("people"), seconds, None, "the slowest of four questions")


def simulate(country: Path) -> Iterator[dict[str, Any]]:
    """Simulate a draft that doubles a programme, gives one up and moves a cut-off of the scorecard.

    Against reading the same columns alone; then with another poverty line and minimum as well.
    """
    import duckdb

    from spean.kernel import snapshots
    from spean.kernel.policy import policy
    from spean.programmes.queries import terms
    from spean.simulation.queries import outcome
    from spean.simulation.rules import Draft

    rates = "programmes.covid_cash_transfer.rates"
    doubled = {row: {column: value * 2 for column, value in cells.items()}
               for row, cells in policy.table(rates, on=ON).rows.items()}  # fmt: skip
    card = {"cut_offs.poor_1": {"points": Decimal(50)}}
    changes = {
        "targeting.scorecard": card,
        rates: doubled,
        "programmes.inflation_cash_transfer.rates": None,
    }
    lines, needs = "simulation.poverty_line", "programmes.food_needs"
    more = {
        lines: {**policy.table(lines, on=ON).rows, "rural": {"line": Decimal(13_000)}},
        needs: {**policy.scale(needs, on=ON).rows, "0": {"value": Decimal(70)}},
    }
    now, opened = terms(ON, hit=HIT), snapshots.latest()
    with duckdb.connect() as engine:
        for table in now.reads:
            opened.view(engine, table)
        scan = timed(lambda: _scan(engine, now.reads), 3)
    for name, drafted in (("simulate", changes), ("simulate.yardsticks", changes | more)):
        draft = Draft(on=ON, hit=tuple(HIT), changes=drafted)
        then = terms(ON, hit=HIT, rules=policy.amended(drafted))
        seconds = timed(lambda draft=draft, then=then: outcome(draft, now, then), 2)
        against = "reading the same columns and summing each"
        rows = opened.manifest.rows("households")
        yield figures(rows, seconds, seconds / scan, against) | {"name": name}


def cycle(country: Path) -> Iterator[dict[str, Any]]:
    """Pay one month of one programme, from the decision to the answers."""
    from cycle import cycle as paid

    for step, rows, seconds in paid(country.parent, HIT):
        yield figures(rows, seconds, None, "") | {"name": f"cycle.{step}"}


def lookup(country: Path) -> Iterator[dict[str, Any]]:
    """Let 50 clients look up cards and names at once, through the server."""
    from lookups import cards_and_names, serving

    cards, names = cards_and_names(CLIENTS * ASKED)
    with serving(os.environ["SPEAN_VAR"]) as ask:
        for name, addresses in (("lookup.card", cards), ("lookup.name", names)):
            times = _at_once(ask, addresses)
            cuts = quantiles(times, n=100)
            yield figures(len(times), sum(times) / len(times), None, "") | {
                "name": name,
                "clients": CLIENTS,
                "p50_ms": round(cuts[49] * 1000),
                "p99_ms": round(cuts[98] * 1000),
            }


def _at_once(ask: Callable[[Any], float], addresses: list[Any]) -> list[float]:
    times: list[float] = []

    def client(share: list[Any]) -> None:
        times.extend([ask(address) for address in share])

    shares = [addresses[n::CLIENTS] for n in range(CLIENTS)]
    threads = [threading.Thread(target=client, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


PARTS: dict[str, Callable[[Path], Iterator[dict[str, Any]]]] = {
    "intake": intake, "snapshot": snapshot, "batch": batch, "answers": answers,
    "simulate": simulate, "cycle": cycle, "lookup": lookup,
}  # fmt: skip

if __name__ == "__main__":
    main()
