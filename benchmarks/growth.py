"""How children have grown: the nation's under-fives at once, a survey as a file, one child.

`python benchmarks/growth.py --scale 1` prints one JSON object a line. It needs no database.
`ratio` is of processor time, which other work on the machine disturbs least.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from spean.maternal_child.rules.growth import Children, Measures, assess, cuts, grades, scores
from spean.maternal_child.rules.growth.survey import COLUMNS

UNDER_FIVE, SURVEYED, ALONE = 1_800_000, 1_000_000, 500
AT_ONCE = 100_000
SPEAN = Path(sys.executable).parent / "spean"
ON = date(2026, 11, 27)
# What a survey costs where nothing is worked out.
COPY = "import csv,sys; csv.writer(sys.stdout).writerows(csv.reader(open(sys.argv[1])))"
# A small process of its own, so that the peak is that of the command and not of this one.
OBSERVE = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
took, used_up = time.perf_counter() - start, used.ru_utime + used.ru_stime
print(json.dumps([took, used_up, used.ru_maxrss / 1024]))
"""
Line = dict[str, Any]


def main() -> None:
    """Run each part."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=0.01, help="1 is the whole country")
    asked.add_argument("--seed", type=int, default=3)
    given = asked.parse_args()
    for part in (nation, survey, one_child):
        for line in part(given.scale, np.random.default_rng(given.seed)):
            print(json.dumps({"scale": given.scale} | line), flush=True)


def drawn(number: int, chance: np.random.Generator) -> Children:
    """Draw children who grow somewhat like children."""
    age = chance.integers(0, 1826, number).astype(float)
    length = 50 + 52 * (age / 1826) ** 0.62
    return Children(
        sex=chance.integers(1, 3, number).astype(np.int8),
        age_days=age,
        weight_kg=np.round((3.3 + 0.0074 * age) * chance.normal(1, 0.12, number), 1),
        lenhei_cm=np.round(length * chance.normal(0.98, 0.04, number), 1),
        lying=np.where(age < 731, 1, 2).astype(np.int8),
        headc_cm=np.round(34 + 15 * (age / 1826) ** 0.35 + chance.normal(0, 1.3, number), 1),
        muac_cm=np.round(chance.normal(14.2, 1.1, number), 1),
        oedema=chance.random(number) < 0.002,
    )


def nation(scale: float, chance: np.random.Generator) -> Iterator[Line]:
    """Work out every index and grade, in parts; against numpy's powers for six indices alone."""
    number = max(1, round(UNDER_FIVE * scale))
    children, by = drawn(number, chance), cuts(on=ON)
    scores(children.take(slice(0, 10)))  # reads the tables
    seconds, used = _clocks()
    for place in range(0, number, AT_ONCE):
        part = children.take(slice(place, place + AT_ONCE))
        grades(part, scores(part), by)
    seconds, used = (now - then for now, then in zip(_clocks(), (seconds, used), strict=True))
    ratios = chance.uniform(0.7, 1.4, number)
    start = time.process_time()
    for power in (-0.35, 0.1, -0.3, -0.8, 1.0, -0.2):
        (ratios**power - 1) / (power * 0.1)
    floor = time.process_time() - start
    yield _line("growth.nation", number, seconds, used, floor, "six Box-Cox formulas by numpy")


def survey(scale: float, chance: np.random.Generator) -> Iterator[Line]:
    """Answer a file of children; against Python's csv copying the same file."""
    number = max(1, round(SURVEYED * scale))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "survey.csv"
        _write(file, drawn(number, chance))
        _, floor, _ = _observed([sys.executable, "-c", COPY, file])
        seconds, used, peak = _observed([SPEAN, "growth", file])
    line = _line("growth.survey", number, seconds, used, floor, "csv of Python, copying")
    yield line | {"peak_mb": round(peak)}


def one_child(scale: float, chance: np.random.Generator) -> Iterator[Line]:
    """Assess children one by one, as a page does; against as many at once."""
    children = drawn(ALONE, chance)
    rows = [
        Measures(
            sex="male" if sex == 1 else "female", age_days=age, weight_kg=weight, lenhei_cm=lenhei
        )
        for sex, age, weight, lenhei in zip(
            children.sex, children.age_days, children.weight_kg, children.lenhei_cm, strict=True
        )
    ]
    seconds, used = _clocks()
    for row in rows:
        assess(row, on=ON)
    seconds, used = (now - then for now, then in zip(_clocks(), (seconds, used), strict=True))
    start = time.process_time()
    grades(children, scores(children), cuts(on=ON))
    floor = time.process_time() - start
    yield _line("growth.one_child", ALONE, seconds, used, floor, "all at once")


def _write(file: Path, children: Children) -> None:
    sexes, positions = np.array(["", "m", "f"]), np.array(["", "l", "h"])
    columns = {
        "id": range(len(children.sex)), "sex": sexes[children.sex],
        "age_days": children.age_days.astype(int), "weight_kg": children.weight_kg,
        "lenhei_cm": children.lenhei_cm, "measure": positions[children.lying],
        "headc_cm": children.headc_cm, "muac_cm": children.muac_cm,
        "oedema": np.where(children.oedema, "y", "n"),
    }  # fmt: skip
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows(zip(*(columns[name] for name in COLUMNS), strict=True))


def _observed(command: list[Any]) -> tuple[float, float, float]:
    """Run a command and give its seconds, its seconds of the processor, and its peak in MB."""
    watched = [sys.executable, "-c", OBSERVE, *map(str, command)]
    done = subprocess.run(watched, check=True, capture_output=True, text=True)
    seconds, used, peak = json.loads(done.stdout)
    return seconds, used, peak


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _line(name: str, rows: int, seconds: float, used: float, floor: float, against: str) -> Line:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "name": name, "rows": rows, "seconds": round(seconds, 2), "cpu_seconds": round(used, 2),
        "ratio": round(used / floor, 1), "against": against, "peak_mb": round(peak),
    }  # fmt: skip


if __name__ == "__main__":
    main()
