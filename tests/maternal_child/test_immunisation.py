"""Which doses count and which come next, in this country's schedule and in another's."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from spean.kernel.policy import Policy
from spean.maternal_child.rules import Given, History, Line, Programme, Verdict, history

BORN = date(2024, 1, 1)
OTHER = Policy(Path(__file__).parent / "second_country")
HERE, THERE = Programme.of(date(2026, 1, 1)), Programme.of(date(2026, 1, 1), OTHER)


def follow(
    doses: str, *, on: int = 1500, programme: Programme = HERE, sex: str = "male"
) -> History:
    """Follow doses written as "penta@42": the vaccine and the age in days."""
    given = [
        Given(BORN + timedelta(days=int(age)), vaccine)
        for vaccine, _, age in (one.partition("@") for one in doses.split())
    ]
    day = BORN + timedelta(days=on)
    return history(given, born=BORN, sex=sex, on=day, programme=programme)


def verdicts(doses: str, series: str, programme: Programme = HERE) -> list[str]:
    """Give each dose's line, or the reason why it doesn't count."""
    found = follow(doses, programme=programme).evaluated
    return [str(one.reason or one.line) for one in found if one.series == series]


def following(doses: str, series: str, *, on: int, programme: Programme = HERE) -> Line | None:
    codes = {one.code for one in programme.series("male")[series]}
    rows = follow(doses, on=on, programme=programme).forecast
    return next((one for one in rows if one.code in codes), None)


@pytest.mark.parametrize(
    ("doses", "series", "gives"),
    [
        ("penta@42 penta@70 penta@98", "penta", ["penta_1", "penta_2", "penta_3"]),
        ("penta@38", "penta", ["penta_1"]),
        ("penta@37", "penta", ["too_young"]),
        ("penta@42 penta@66", "penta", ["penta_1", "penta_2"]),
        ("penta@50 penta@73", "penta", ["penta_1", "too_soon"]),
        ("penta@50 penta@74", "penta", ["penta_1", "penta_2"]),
        ("penta@37 penta@60", "penta", ["too_young", "penta_1"]),
        ("penta@50 penta@73 penta@96", "penta", ["penta_1", "too_soon", "too_soon"]),
        ("penta@50 penta@73 penta@97", "penta", ["penta_1", "too_soon", "penta_2"]),
        ("penta@-1", "penta", ["before_birth"]),
        ("penta@42 penta@42", "penta", ["penta_1", "same_day"]),
        ("bcg@0 bcg@30", "bcg", ["bcg", "series_complete"]),
        ("bcg@365", "bcg", ["bcg"]),
        ("bcg@366", "bcg", ["too_old"]),
        ("hepb@7", "hepb_birth", ["hepb_0"]),
        ("hepb@8", "hepb_birth", ["too_old"]),
        ("mr@270 mr@453", "mr", ["mr_1", "mr_2"]),
        ("mr@269", "mr", ["too_young"]),
        ("mr@274 mmr@548", "mr", ["mr_1", "mr_2"]),
        ("je@274 mr@274", "mr", ["mr_1"]),
        ("je@274 mr@301", "mr", ["live_too_close"]),
        ("je@274 mr@302", "mr", ["mr_1"]),
        ("bcg@260 mr@274", "mr", ["mr_1"]),
        ("pcv@400 pcv@430", "pcv", ["pcv_1", "pcv_2"]),
        ("pcv@400 pcv@430 pcv@460", "pcv", ["pcv_1", "pcv_2", "series_complete"]),
        ("pcv@730 pcv@760", "pcv", ["pcv_1", "pcv_2"]),
        ("pcv@731 pcv@760", "pcv", ["pcv_1", "series_complete"]),
    ],
)  # fmt: skip
def test_a_dose_counts_or_says_why_not(doses: str, series: str, gives: list[str]) -> None:
    assert verdicts(doses, series) == gives


def test_a_vaccine_of_no_series_is_kept_apart() -> None:
    (one,) = follow("yellow_fever@300").evaluated

    assert (one.verdict, str(one.reason)) == (Verdict.EXTRANEOUS, "not_in_schedule")


@pytest.mark.parametrize(
    ("doses", "series", "on", "line", "opens", "due", "overdue"),
    [
        ("", "penta", 42, "penta_1", 42, 42, 70),
        ("penta@100", "penta", 101, "penta_2", 128, 128, 156),
        ("penta@42 penta@60", "penta", 61, "penta_2", 88, 88, 116),
        ("mr@274", "mr", 300, "mr_2", 457, 548, 609),
        ("mr@600", "mr", 601, "mr_2", 628, 628, 689),
        ("je@270", "mr", 271, "mr_1", 298, 298, 328),
        ("je@274", "mr", 274, "mr_1", 274, 274, 304),
    ],
)
def test_what_comes_next_keeps_its_intervals(
    doses: str, series: str, on: int, line: str, opens: int, due: int, overdue: int
) -> None:
    found = following(doses, series, on=on)

    assert found is not None
    days = tuple((day - BORN).days for day in (found.opens, found.due, found.overdue))
    assert (found.code, *days) == (line, opens, due, overdue)


def test_a_series_that_is_complete_asks_for_nothing_more() -> None:
    assert following("penta@42 penta@70 penta@98", "penta", on=200) is None
    assert following("pcv@800", "pcv", on=801) is None


def test_a_child_with_every_dose_has_a_complete_history() -> None:
    doses = (
        "bcg@0 hepb@0 penta@42 opv@42 pcv@42 penta@70 opv@70 pcv@70 penta@98 opv@98 pcv@98 ipv@98"
        " mr@274 je@274 mr@548"
    )

    assert follow(doses).complete
    assert not follow(doses.removesuffix(" mr@548")).complete


def test_hpv_is_meant_for_girls() -> None:
    assert "hpv" not in HERE.series("male")
    assert "hpv" in HERE.series("female")


@pytest.mark.parametrize(
    ("doses", "series", "gives"),
    [
        ("hepb@0 hepb@28 hepb@168", "hepb", ["hepb_1", "hepb_2", "hepb_3"]),
        ("hepb@0 hepb@28 hepb@163", "hepb", ["hepb_1", "hepb_2", "too_young"]),
        ("hepb@60 hepb@100 hepb@167", "hepb", ["hepb_1", "hepb_2", "too_soon"]),
        ("hepb@60 hepb@100 hepb@168", "hepb", ["hepb_1", "hepb_2", "hepb_3"]),
        ("hepb@0 dtap_hepb_ipv@61", "hepb", ["hepb_1", "hepb_2"]),
        ("hepb@0 dtap_hepb_ipv@61", "dtap", ["dtap_1"]),
        ("rota@61 rota@244", "rota", ["rota_1", "rota_2"]),
        ("rota@61 rota@245", "rota", ["rota_1", "too_old"]),
        ("rota@105", "rota", ["rota_2"]),
        ("mmr@366 varicella@380", "varicella", ["live_too_close"]),
        ("mmrv@366", "mmr", ["mmr_1"]),
        ("mmrv@366", "varicella", ["varicella_1"]),
    ],
)
def test_another_countrys_schedule_is_followed_by_the_same_engine(
    doses: str, series: str, gives: list[str]
) -> None:
    assert verdicts(doses, series, THERE) == gives


@pytest.mark.parametrize(
    ("doses", "on", "gives"),
    [
        ("", 70, "rota_1"),
        ("rota@61", 90, "rota_2"),
        ("rota@61 rota@122", 130, None),
        ("rota5@61", 90, "rota5_2"),
        ("rota5@61 rota5@122", 150, "rota5_3"),
        ("rota@61 rota5@122", 150, "rota5_3"),
        ("rota5@61 rota5@122 rota5@183", 200, None),
    ],
)
def test_of_two_series_that_stand_in_for_each_other_one_is_enough(
    doses: str, on: int, gives: str | None
) -> None:
    found = follow(doses, on=on, programme=THERE).forecast

    assert [line.code for line in found if line.code.startswith("rota")] == (
        [gives] if gives else []
    )


def test_a_dose_of_the_other_product_counts_in_the_series_that_takes_it() -> None:
    found = follow("rota5@61", programme=THERE).evaluated

    assert [(one.series, one.line) for one in found] == [("rota_three", "rota5_1")]


def test_an_interval_from_an_earlier_dose_moves_the_next_one() -> None:
    found = following("hepb@100 hepb@150", "hepb", on=151, programme=THERE)

    assert found is not None
    assert (found.opens - BORN).days == 212
