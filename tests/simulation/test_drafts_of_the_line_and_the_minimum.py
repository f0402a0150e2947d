"""A draft may measure otherwise: by another poverty line, another minimum expenditure."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.kernel.policy import Rows, ScaleValue, policy
from spean.locations.models import Place
from spean.simulation import actions, queries
from spean.simulation.models import Scenario
from spean.simulation.pages import figures
from spean.simulation.queries import adjustable
from spean.simulation.rules import Draft, Group
from tests.snapshots import HOME, MEMBER, record_snapshot

ON, BEFORE_THE_BASKET = date(2023, 1, 15), date(2021, 1, 15)
LINES, BASKET = "simulation.poverty_line", "programmes.minimum_basket"
FOOD, OTHER = "programmes.food_needs", "programmes.other_needs"
COVID = "programmes.covid_cash_transfer.rates"
API = "/api/v1/simulation/scenarios"
MAY = {"analyst", "programme_officer"}
FAMILIES = 100
CELLS = {"household": 0, "member": 0, "vulnerable": 0, "percent_of_minimum": 50}
HALF = {"rural_poor_1": {column: Decimal(value) for column, value in CELLS.items()}}


@pytest.fixture
def country(places: dict[str, Place], tmp_path: Path) -> None:
    """A hundred rural families of a woman and a child of seven, forty of them of level 1."""
    homes, people = [], []
    for number in range(1, FAMILIES + 1):
        home = HOME | {"household": number, "status": "poor_1" if number <= 40 else None}
        homes.append(home)
        people += [MEMBER | home, MEMBER | home | {"birth_date": date(2015, 5, 5),
                                                   "relation": "child"}]  # fmt: skip
    record_snapshot(tmp_path / "snapshot", homes, people)


def _lines(**other: int) -> dict[str, dict[str, Decimal]]:
    given = dict.fromkeys(policy.table(LINES, on=ON).rows, 10_951) | other
    return {area: {"line": Decimal(line)} for area, line in given.items()}


def _basket(**rural: int) -> dict[str, dict[str, Decimal]]:
    rows = {area: dict(cells) for area, cells in policy.table(BASKET, on=ON).rows.items()}
    rows["rural"] |= {column: Decimal(value) for column, value in rural.items()}
    return rows


def _needs(key: str, **ages: int) -> dict[str, dict[str, Decimal]]:
    rows = {age: dict(cells) for age, cells in policy.scale(key, on=ON).rows.items()}
    return rows | {age.removeprefix("_"): {"value": Decimal(n)} for age, n in ages.items()}


def _simulated(by: Actor, *, on: date = ON, **changes: Rows | None) -> Scenario:
    keys = {"lines": LINES, "basket": BASKET, "food": FOOD, "other": OTHER, "covid": COVID}
    drafted = {keys[name]: rows for name, rows in changes.items()}
    return actions.simulate(title="Other", draft=Draft(on=on, changes=drafted), by=by)


def _both(made: Scenario) -> tuple[Group, Group]:
    whole = queries.groups(made)[0]
    assert whole.by_draft is not None
    return whole, whole.by_draft


def test_another_line_changes_who_is_poor_by_it_and_nothing_else(
    country: None, analyst: Actor
) -> None:
    as_it_is = queries.groups(actions.simulate(title="Now", draft=Draft(on=ON), by=analyst))[0]

    whole, again = _both(_simulated(analyst, lines=_lines(rural=15_000)))

    assert as_it_is.by_draft is None
    assert (whole.poor, whole.now, whole.draft) == (as_it_is.poor, as_it_is.now, as_it_is.draft)
    assert again.now == again.draft
    assert (again.now.cost, again.winners, again.losers) == (whole.now.cost, 0, 0)
    assert (again.poor, again.now.poor, again.gap) > (whole.poor, whole.now.poor, whole.gap)


def test_a_line_of_another_kind_of_area_changes_nothing_here(country: None, analyst: Actor) -> None:
    whole, again = _both(_simulated(analyst, lines=_lines(phnom_penh_urban=20_000)))

    assert (again.poor, again.now) == (whole.poor, whole.now)


def test_what_the_line_does_and_what_transfers_do_is_told_apart(
    country: None, analyst: Actor
) -> None:
    doubled = {row: {c: value * 3 for c, value in cells.items()}
               for row, cells in policy.table(COVID, on=ON).rows.items()}  # fmt: skip
    made = _simulated(analyst, lines=_lines(rural=13_000), covid=doubled)
    whole, again = _both(made)

    poor, gap = (one for _name, one, _unit in figures.effects(made, whole))

    assert (poor.now, poor.draft) == (whole.now.poor, again.draft.poor)
    assert poor.yardstick == again.now.poor - whole.now.poor > 0
    assert poor.transfers == again.draft.poor - again.now.poor < 0
    assert gap.now is not None
    assert gap.yardstick is not None
    assert gap.now + gap.yardstick + gap.transfers == pytest.approx(gap.draft)


def test_a_transfer_of_the_draft_is_a_part_of_the_drafted_minimum(
    country: None, analyst: Actor
) -> None:
    made = _simulated(analyst, basket=_basket(home=200_000, food=120_000), covid=HALF)

    whole, again = _both(made)
    now = 150_000 + (106_500 * 185 + 60_000 * 230) // 100
    drafted = 200_000 + (120_000 * 185 + 60_000 * 230) // 100
    paid = made.outcome["programmes"]["draft_covid_cash_transfer"]
    assert paid == {"households": 40, "amount": 40 * (drafted // 100 * 50)}
    assert whole.now.minimum == 12 * 40 * (now // 100 * 100)
    assert again.draft.minimum == 12 * 40 * drafted
    assert again.measures("draft")["adequacy"] == pytest.approx(50)
    assert again.below is not None
    assert whole.below is not None
    assert again.below > whole.below
    (below,) = (one for _name, one, _unit in figures.effects(made, whole))
    assert below.draft == again.draft.below


def test_needs_by_age_can_be_drafted(country: None, analyst: Actor) -> None:
    made = _simulated(analyst, food=_needs(FOOD, _6=100), covid=HALF)

    paid = made.outcome["programmes"]["draft_covid_cash_transfer"]["amount"]
    least = 150_000 + (106_500 * 200 + 60_000 * 230) // 100
    assert paid == 40 * (least // 100 * 50)


def test_before_there_was_a_basket_a_draft_brings_a_whole_one(
    country: None, analyst: Actor
) -> None:
    with pytest.raises(actions.HalfInForce):
        _simulated(analyst, on=BEFORE_THE_BASKET, basket=_basket())

    made = _simulated(
        analyst, on=BEFORE_THE_BASKET, basket=_basket(), food=_needs(FOOD), other=_needs(OTHER),
        covid=HALF,
    )  # fmt: skip

    whole, again = _both(made)
    assert whole.measures("draft")["below_minimum"] is None
    assert again.measures("draft")["adequacy"] == pytest.approx(50)
    (below,) = (one for _name, one, _unit in figures.effects(made, whole))
    assert (below.now, below.yardstick) == (None, None)


def test_a_scale_is_the_same_by_its_own_rows() -> None:
    scale = policy.scale(FOOD, on=ON)

    backwards = dict(reversed(scale.rows.items()))
    drafted = policy.amended({FOOD: backwards}).scale(FOOD, on=BEFORE_THE_BASKET)

    assert scale.with_rows(backwards) == scale
    assert isinstance(drafted, ScaleValue)
    assert drafted.brackets == scale.brackets


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({LINES: None}, "table_needed"),
        ({FOOD: None}, "table_needed"),
        ({LINES: {}}, "table_empty"),
        ({LINES: {"rural": {"line": Decimal(9)}}}, "cell_empty"),
        ({BASKET: _basket() | {"rural": {"home": Decimal(1), "food": Decimal(1)}}}, "cell_empty"),
        ({LINES: _lines() | {"moon": {"line": Decimal(1)}}}, "table_unknown"),
        ({BASKET: _basket(rent=5)}, "table_unknown"),
        ({FOOD: _needs(FOOD, _7=90)}, "table_unknown"),
        ({LINES: _lines(rural=0)}, "amount_impossible"),
        ({LINES: _lines(rural=-10_951)}, "amount_impossible"),
        ({BASKET: _basket(food=10_000_001)}, "amount_impossible"),
        ({OTHER: _needs(OTHER, _6=501)}, "amount_impossible"),
        ({BASKET: _basket() | {"rural": dict.fromkeys(["home", "food", "other"],
                                                      Decimal("0.5"))}}, "amount_impossible"),
    ],
)  # fmt: skip
def test_what_can_not_be_meant_is_refused(
    country: None, analyst: Actor, changes: Any, code: str
) -> None:
    with pytest.raises(SpeanError) as refused:
        actions.simulate(title="Wrong", draft=Draft(on=ON, changes=changes), by=analyst)

    assert refused.value.code == f"simulation.{code}"
    assert not Scenario.objects.exists()


def _filled(**other: str) -> dict[str, str]:
    """Fill a draft in as the page does: each table with what it holds."""
    filled = {"title": "Other line", "on": ON.isoformat()}
    for one in adjustable(ON):
        filled[one.table.key] = "as_it_is"
        for row, cells in one.table.rows.items():
            filled |= {f"{one.table.key}|{row}|{c}": f"{v:f}" for c, v in cells.items()}
    return filled | {LINES: "other", BASKET: "other"} | other


def test_it_is_filled_in_shown_changed_shared_compared_and_taken_away(
    country: None, client_of: Callable[..., Client], analyst: Actor
) -> None:
    client = client_of("analyst", name=analyst.name)
    filled = _filled(**{f"{LINES}|rural|line": "១៣០០០", f"{BASKET}|rural|home": "200000"})

    answer = client.post("/simulation/new", filled, follow=True)

    shown, address = answer.content.decode(), answer.redirect_chain[0][0]
    assert "People in poverty, by the line in force" in shown
    assert "People in poverty, by the draft&#x27;s line" in shown
    assert "People below minimum expenditure, by the draft&#x27;s minimum" in shown
    assert "Rural: Each person and day 13,000" in shown
    again = client.get("/simulation/new", {"from": address.rsplit("/", 1)[1]}).content.decode()
    assert 'value="13000"' in again
    assert client.post(f"{address}/share").status_code == 302
    plain = actions.simulate(title="Plain", draft=Draft(on=ON), by=analyst)
    compared = client.get(f"{address}/compare", {"with": str(plain.pk)}).content.decode()
    assert "People in poverty, by the line of “Other line”" in compared
    assert "by the line of “Plain”" not in compared
    lines = b"".join(client.get(f"{address}/csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    whole = [line.rsplit(",", 1)[1] for line in lines.splitlines() if line.startswith("whole")]
    assert whole == ["in_force", "in_force", "draft", "draft"]


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("typed", ["-5", "10,951", "10.951", "ten", "0", "10000001"])
def test_a_cell_that_can_not_be_read_is_named_and_nothing_is_lost(
    country: None, client_of: Callable[..., Client], typed: str, language: str
) -> None:
    said = {"en": "Write a whole number from 1 to 10,000,000",
            "km": "សូមសរសេរចំនួនគត់ពី 1 ដល់ 10,000,000"}  # fmt: skip
    client = client_of("analyst", language=language)

    filled = _filled(**{f"{LINES}|rural|line": typed, f"{BASKET}|rural|home": "212000"})
    page = client.post("/simulation/new", filled).content.decode()

    assert page.count(said[language]) == 2  # beside the cell, and in the summary
    assert f'value="{typed}"' in page
    assert 'value="212000"' in page
    assert not Scenario.objects.exists()


@pytest.mark.parametrize("language", ["en", "km"])
def test_an_empty_line_is_named(
    country: None, client_of: Callable[..., Client], language: str
) -> None:
    said = {"en": "Fill in every line of this table", "km": "សូមបំពេញគ្រប់បន្ទាត់"}
    client = client_of("analyst", language=language)

    page = client.post("/simulation/new", _filled(**{f"{BASKET}|rural|food": " "})).content.decode()

    assert page.count(said[language]) == 2
    assert not Scenario.objects.exists()


def _post(client: Client, changes: dict[str, Any], language: str = "en") -> Any:
    return client.post(
        API, json.dumps({"title": "Line", "on": ON.isoformat(), "changes": changes}),
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid4()), "Accept-Language": language},
    )  # fmt: skip


def _as_json(rows: Rows) -> dict[str, dict[str, int]]:
    return {row: {c: int(value) for c, value in cells.items()} for row, cells in rows.items()}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_drafts_a_line_by_the_api_or_is_refused(
    country: None, client_of: Callable[..., Client], role: str
) -> None:
    answer = _post(client_of(role), {LINES: _as_json(_lines(rural=13_000))})

    assert answer.status_code == (201 if role in MAY else 403)


def test_the_api_gives_both_measures(country: None, client_of: Callable[..., Client]) -> None:
    client = client_of("analyst")
    changes = {LINES: _as_json(_lines(rural=13_000)), FOOD: _as_json(_needs(FOOD, _6=250))}

    made = _post(client, changes).json()

    whole = client.get(f"{API}/{made['id']}").json()["groups"][0]
    assert whole["by_draft"]["poverty_rate_without"] > whole["poverty_rate_without"]
    assert whole["by_draft"]["now"]["below_minimum"] > whole["now"]["below_minimum"]
    assert _post(client, {}).json()["groups"][0]["by_draft"] is None


@pytest.mark.parametrize(
    ("rows", "km"),
    [
        ({"rural": {"line": -5}}, "នៅទំនេរ"),
        (_as_json(_lines(rural=-5)), "សូមសរសេរចំនួនគត់"),
        ({"rural": {"line": "10,951"}}, "សូម"),
        (None, "មិនអាចឈប់អនុវត្ត"),
    ],
)
def test_the_api_refuses_in_both_languages(
    country: None, client_of: Callable[..., Client], rows: Any, km: str
) -> None:
    answers = {one: _post(client_of("analyst", language=one), {LINES: rows}, one)
               for one in ("km", "en")}  # fmt: skip

    assert {one.status_code for one in answers.values()} == {422}
    assert km in answers["km"].json()["detail"]
    assert answers["km"].json()["detail"] != answers["en"].json()["detail"]
