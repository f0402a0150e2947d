"""A draft may change the points and cut-offs of the very scorecard that scores."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from spean.kernel.access import Actor
from spean.kernel.policy import policy
from spean.locations.models import Place
from spean.simulation import actions, queries
from spean.simulation.models import Scenario
from spean.simulation.queries import adjustable
from spean.simulation.rules import Draft, errors
from tests.snapshots import HOME, MEMBER, record_snapshot

ON = date(2023, 1, 15)
CARD, COVID = "targeting.scorecard", "programmes.covid_cash_transfer.rates"
POOREST = 62  # the most points that answers alone give
A_ROW = {"points": Decimal(0)}


def _answers(*, poorest: bool) -> dict[str, str]:
    pick = max if poorest else min
    asked = [one for one in policy.scorecard(CARD, on=ON).questions if not one.derived]
    return {one.code: pick(one.answers, key=lambda a: a.points).code for one in asked}


@pytest.fixture
def country(places: dict[str, Place], tmp_path: Path) -> None:
    """Two hundred families of two: by score 80 of level 1, and 40 whom a council found not poor."""
    homes, people = [], []
    for number in range(1, 201):
        home: dict[str, Any] = HOME | {
            "household": number, "status": "poor_1" if number <= 80 else None,
            **_answers(poorest=number <= 120),
        }  # fmt: skip
        homes.append(home)
        people += [MEMBER | {"household": number}, MEMBER | {"household": number, "sex": "male"}]
    record_snapshot(tmp_path / "snapshot", homes, people)


def _simulated(by: Actor, **rows: int) -> Scenario:
    changes = {CARD: {row.replace("__", "."): {"points": Decimal(n)} for row, n in rows.items()}}
    return actions.simulate(title="Card", draft=Draft(on=ON, changes=changes), by=by)


def test_a_higher_cut_off_moves_families_down_and_pays_them_by_their_new_level(
    country: None, analyst: Actor
) -> None:
    made = _simulated(analyst, cut_offs__poor_1=POOREST + 1)

    found = {one.level: (one.now, one.draft, one.come, one.leave) for one in queries.levels(made)}
    assert found["poor_1"] == (80, 0, 0, 80)
    assert found["poor_2"] == (0, 80, 80, 0)
    paid = made.outcome["programmes"]
    assert paid["covid_cash_transfer"] == {"households": 80, "amount": 80 * (80_000 + 2 * 24_000)}
    assert paid["draft_covid_cash_transfer"]["amount"] == 80 * (80_000 + 2 * 16_000)


def test_what_a_council_decided_otherwise_stays(country: None, analyst: Actor) -> None:
    made = _simulated(analyst, cut_offs__poor_1=POOREST + 1)

    (not_poor,) = (one for one in queries.levels(made) if one.level == "not_poor")
    assert (not_poor.now, not_poor.draft) == (120, 120)


def test_other_points_bring_families_onto_a_level_and_change_the_errors(
    country: None, analyst: Actor
) -> None:
    made = _simulated(analyst, roof__tiles=50)

    moved = queries.moves(made)
    (came,) = (one for one in moved if one.level == "not_poor" and one.draft_level != "not_poor")
    assert (came.draft_level, came.households) == ("poor_2", 80)
    assert errors(moved, "draft") != errors(moved, "now")
    assert made.outcome["groups"][0]["draft_cost"] > made.outcome["groups"][0]["now_cost"]


def test_the_same_points_move_nobody(country: None, analyst: Actor) -> None:
    card = policy.scorecard(CARD, on=ON)

    made = actions.simulate(title="Same", draft=Draft(on=ON, changes={CARD: card.rows}), by=analyst)

    whole = queries.groups(made)[0]
    assert whole.now == whole.draft
    assert all(one.level == one.draft_level for one in queries.moves(made))


def test_a_scorecard_is_the_same_by_its_own_rows() -> None:
    card = policy.scorecard(CARD, on=ON)

    drafted = policy.amended({CARD: {"roof.tiles": A_ROW}}).scorecard(CARD, on=ON)

    assert card.with_rows(card.rows) == card
    assert replace(drafted, since=card.since, reference=card.reference) == card


def test_it_is_filled_in_beside_the_programmes_shown_and_compared(
    country: None, client_of: Callable[..., Client], analyst: Actor
) -> None:
    client = client_of("analyst", name=analyst.name)
    page = client.get("/simulation/new", {"on": "2023-01-15"}).content.decode()
    assert "What is the roof made of? Leaves, thatch or plastic sheet" in page
    filled: dict[str, Any] = {"title": "Card", "on": "2023-01-15"}
    filled |= {one.table.key: "as_it_is" for one in adjustable(ON)}
    filled |= {CARD: "other", f"{CARD}|cut_offs.poor_1|points": "៦៣"}
    for row, cells in policy.scorecard(CARD, on=ON).rows.items():
        filled.setdefault(f"{CARD}|{row}|points", str(cells["points"]))

    answer = client.post("/simulation/new", filled, follow=True)

    shown, address = answer.content.decode(), answer.redirect_chain[0][0]
    assert "From how many points: Poor level 1: Points 63" in shown
    assert "What the scorecard of the draft does to levels" in shown
    assert "Of the poor, on no level" in shown
    other = actions.simulate(title="Other", draft=Draft(on=ON, changes={COVID: None}), by=analyst)
    side_by_side = client.get(f"{address}/compare", {"with": str(other.pk)}).content.decode()
    assert "Of the poor, on no level" in side_by_side
    out = client.get(f"/api/v1/simulation/scenarios/{address.rsplit('/', 1)[1]}").json()
    assert {one["level"]: one["come"] for one in out["levels"]}["poor_2"] == 80
