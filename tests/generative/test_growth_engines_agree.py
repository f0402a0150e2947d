"""The z-scores of a nation agree, child by child, with one slow and obvious reference.

The reference is written from WHO's rules with plain numbers, dictionaries and branches.
"""

import csv
from dataclasses import fields, replace
from functools import cache
from math import floor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from spean.maternal_child.rules.growth import Children, Index, Measures, as_children, scores
from spean.maternal_child.rules.growth.standards import TABLES

Lms = tuple[float, float, float]
NAMES = {"laz": "length", "waz": "weight", "baz": "bmi", "hcz": "head", "acz": "arm"}


def _measure(low: float, high: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(low, high).map(lambda x: round(x, 2))


ages = st.one_of(
    st.none(), st.integers(0, 7000), st.sampled_from([90, 91, 273, 274, 730, 731, 1826, 1827, 1856])
)
children = st.builds(
    Measures,
    sex=st.sampled_from(["male", "female", None]),
    age_days=ages,
    weight_kg=_measure(0, 90),
    lenhei_cm=_measure(40, 190) | st.sampled_from([45, 65, 65.7, 86.9, 87, 110, 110.7, 120, 120.7]),
    position=st.sampled_from(["l", "h", None]),
    headc_cm=_measure(25, 60),
    muac_cm=_measure(6, 30),
    oedema=st.booleans() | st.none(),
)


@cache
def _table(name: str) -> dict[tuple[str, str], Lms]:
    with (TABLES / f"{name}.csv").open() as file:
        return {
            ({"1": "male", "2": "female"}[row["sex"]], f"{float(row['x']):.1f}"): (
                float(row["l"]), float(row["m"]), float(row["s"]),
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


def _between(name: str, sex: str, x: float, step: float) -> Lms | None:
    """Give the row of x, or what lies between it and the next."""
    low = floor(x / step + 1e-9) * step
    share = max(0.0, (x - low) / step)
    below = _table(name).get((sex, f"{low:.1f}"))
    above = _table(name).get((sex, f"{low + step:.1f}"), below)
    if below is None or above is None:
        return None
    l, m, s = (b + share * (a - b) for b, a in zip(below, above, strict=True))  # noqa: E741
    return l, m, s


def _z(y: float, lms: Lms, restricted: bool) -> float:
    power, median, spread = lms

    def line(sd: int) -> float:
        return float(median * (1 + power * spread * sd) ** (1 / power))

    z = float((y / median) ** power - 1) / (spread * power)
    if restricted and z > 3:
        z = 3 + (y - line(3)) / (line(3) - line(2))
    elif restricted and z < -3:
        z = -3 + (y - line(-3)) / (line(-2) - line(-3))
    return z


def _reference(child: Measures) -> dict[str, float | None]:
    days = None if child.age_days is None else floor(child.age_days + 0.5)
    months = None if child.age_days is None else child.age_days / 30.4375
    position = child.position
    if months is not None and months < 9 and position == "h":
        position = None
    length = child.lenhei_cm
    if length is not None and days is not None:
        if days < 731 and position == "h":
            length += 0.7
        elif days >= 731 and position == "l":
            length -= 0.7
    weight = None if child.oedema else child.weight_kg
    bmi = weight / (length / 100) ** 2 if weight and length else None
    measured = {
        "laz": length, "waz": weight, "baz": bmi, "hcz": child.headc_cm, "acz": child.muac_cm,
    }  # fmt: skip
    found = {name: _for_age(name, y, child.sex, days, months) for name, y in measured.items()}
    found["wlz"] = _for_length(weight, length, child.sex, days, months, child.position)
    return found


def _for_age(
    index: str, y: float | None, sex: str | None, days: int | None, months: float | None
) -> float | None:
    if not y or not sex or days is None or months is None:
        return None
    name = f"{NAMES[index]}_for_age"
    if months < 60:
        lms = _between(name, sex, days, 1)
    elif index in {"laz", "waz", "baz"} and months < (121 if index == "waz" else 229):
        lms = _between(f"{name}_5_19", sex, months, 1)
    else:
        return None
    return None if lms is None else _z(y, lms, index in {"waz", "baz", "acz"})


def _for_length(
    weight: float | None, length: float | None, sex: str | None, days: int | None,
    months: float | None, position: str | None,
) -> float | None:  # fmt: skip
    if not weight or not length or not sex or (months is not None and months >= 60):
        return None
    lying = position == "l" if position else length < 87
    if days is not None:
        lying = days < 731
    length = round(length, 6)
    low, high, name = (45, 110, "length") if lying else (65, 120, "height")
    if not low <= length <= high:
        return None
    lms = _between(f"weight_for_{name}", sex, length, 0.1)
    assert lms is not None
    return _z(weight, lms, True)


@settings(max_examples=60, deadline=None)
@given(st.lists(children, min_size=1, max_size=40))
def test_a_nation_gets_child_by_child_what_the_rules_say(nation: list[Measures]) -> None:
    found = scores(as_children(nation))

    for place, child in enumerate(nation):
        for name, z in _reference(child).items():
            ours = found.z[Index(name)][place]
            said = f"{name} of {child}: {ours} for {z}"
            # Half of the last digit, and the rounding of very large numbers.
            assert np.isnan(ours) if z is None else abs(ours - z) < 0.005001 + abs(z) * 1e-9, said


@settings(max_examples=25, deadline=None)
@given(st.lists(children, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_neither_order_nor_company_changes_a_child(nation: list[Measures], luck: object) -> None:
    order = list(range(len(nation)))
    luck.shuffle(order)  # type: ignore[attr-defined]
    together = scores(as_children([nation[place] for place in order]))

    for now, place in enumerate(order):
        alone = scores(as_children([nation[place]]))
        for index in Index:
            np.testing.assert_equal(together.z[index][now], alone.z[index][0])
            assert together.flagged[index][now] == alone.flagged[index][0]
            assert together.lacking[index][now] == alone.lacking[index][0]


@settings(max_examples=60, deadline=None)
@given(children, st.floats(0.01, 20))
def test_more_of_a_measure_is_never_a_lower_z_score(child: Measures, more: float) -> None:
    for name, raised in (
        ("weight_kg", (Index.WAZ, Index.WLZ, Index.BAZ)),
        ("headc_cm", (Index.HCZ,)),
        ("muac_cm", (Index.ACZ,)),
        ("lenhei_cm", (Index.LAZ,)),
    ):
        measured = getattr(child, name)
        if measured is None:
            continue
        both = scores(as_children([child, replace(child, **{name: measured + more})]))
        for index in raised:
            before, after = both.z[index]
            assert np.isnan(before) or np.isnan(after) or before <= after


@settings(max_examples=25, deadline=None)
@given(st.lists(children, min_size=1, max_size=20), st.integers(0, 20))
def test_a_part_of_a_nation_is_worked_out_like_the_whole(nation: list[Measures], cut: int) -> None:
    whole = as_children(nation)
    parts = [scores(whole.take(part)) for part in (slice(0, cut), slice(cut, None))]

    assert len(fields(Children)) == 8
    for index in Index:
        joined = np.concatenate([part.z[index] for part in parts])
        np.testing.assert_array_equal(joined, scores(whole).z[index])
