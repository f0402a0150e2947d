"""A draft of policy, simulated over a small country by the rules that would pay."""

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
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed, NotFound, SpeanError
from spean.kernel.policy import NotInForce, policy
from spean.locations.models import Place
from spean.programmes.queries import frequency, terms
from spean.simulation import actions, queries
from spean.simulation.models import Scenario
from spean.simulation.queries import adjustable
from spean.simulation.rules import Draft, Group
from tests.snapshots import HOME, MEMBER, record_snapshot

ON = date(2023, 1, 15)
COVID, INFLATION = (
    "programmes.covid_cash_transfer.rates",
    "programmes.inflation_cash_transfer.rates",
)
CARD = "targeting.scorecard"
ELDERLY = "programmes.elderly_allowance"
VIEW = {"analyst", "auditor", "programme_officer", "payment_approver"}
MAY = {"analyst", "programme_officer"}
FAMILIES = 100
CELLS = {"household": 0, "member": 0, "vulnerable": 0, "percent_of_minimum": 50}
HALF = {"rural_poor_1": {column: Decimal(value) for column, value in CELLS.items()}}


@pytest.fixture
def country(places: dict[str, Place], tmp_path: Path) -> None:
    """A hundred rural families of two: forty of level 1, ten at risk; three headed by a child."""
    homes, people = [], []
    for number in range(1, FAMILIES + 1):
        status = "poor_1" if number <= 40 else "at_risk" if number <= 50 else None
        near = number % 2 == 0
        home = HOME | {
            "household": number, "village": "16010101" if near else "16020101", "status": status,
        }  # fmt: skip
        homes.append(home)
        head = {"birth_date": date(2010, 1, 1)} if number <= 3 else {}
        people += [MEMBER | home | head, MEMBER | home | {"sex": "male", "relation": "child"}]
    record_snapshot(tmp_path / "snapshot", homes, people)


def _doubled() -> dict[str, dict[str, Decimal]]:
    rows = policy.table(COVID, on=ON).rows
    return {row: {c: value * 2 for c, value in cells.items()} for row, cells in rows.items()}


def _whole(made: Scenario) -> Group:
    first = queries.groups(made)[0]
    assert first.kind == "whole"
    return first


def test_rules_as_they_are_change_nothing(country: None, analyst: Actor) -> None:
    whole = _whole(actions.simulate(title="As it is", draft=Draft(on=ON), by=analyst))

    assert whole.now == whole.draft
    assert (whole.winners, whole.losers) == (0, 0)


def test_the_cost_is_what_the_programmes_would_pay_in_a_year(country: None, analyst: Actor) -> None:
    changes = {COVID: _doubled(), INFLATION: None}

    made = actions.simulate(title="Double", draft=Draft(on=ON, changes=changes), by=analyst)

    covid, inflation = 80_000 + 2 * 24_000, 81_300 + 20_000
    whole = _whole(made)
    assert whole.now.cost == 40 * covid * 12 + 10 * inflation * 3
    assert whole.draft.cost == 40 * 2 * covid * 12
    assert (whole.winners, whole.losers) == (40, 10)
    assert (whole.now.households, whole.draft.households) == (50, 40)


def test_the_modelled_poverty_is_the_published_one(country: None, analyst: Actor) -> None:
    whole = _whole(actions.simulate(title="As it is", draft=Draft(on=ON), by=analyst))

    published = float(policy.table("simulation.poverty_rate", on=ON).cell("rural", "poor"))
    assert whole.without["poverty_rate"] == pytest.approx(published, abs=1)
    assert whole.now.gap < whole.gap


def test_the_same_draft_twice_gives_the_same(country: None, analyst: Actor) -> None:
    one, two = (
        actions.simulate(title="As it is", draft=Draft(on=ON), by=analyst) for _ in range(2)
    )

    assert one.outcome == two.outcome


def test_a_programme_that_has_ceased_can_be_brought_back(country: None, analyst: Actor) -> None:
    later = date(2026, 11, 1)
    past = {one.table.key: one for one in adjustable(later)}[COVID]
    assert not past.in_force
    with pytest.raises(NotInForce):
        policy.table(COVID, on=later)

    made = actions.simulate(
        title="Back", draft=Draft(on=later, changes={COVID: past.table.rows}), by=analyst
    )

    assert made.outcome["programmes"]["draft_covid_cash_transfer"]["households"] == 40
    assert "covid_cash_transfer" not in made.outcome["programmes"]


def test_it_is_known_how_often_each_programme_pays() -> None:
    listed = {one.programme for one in adjustable(date(2026, 11, 1)) if not one.needed}

    assert listed <= set(frequency(date(2026, 11, 1)))


def test_a_transfer_can_be_opened_to_another_level(country: None, analyst: Actor) -> None:
    rows = _doubled() | {"rural_at_risk": {"household": Decimal(1), "member": Decimal(0),
                                           "vulnerable": Decimal(0)}}  # fmt: skip

    made = actions.simulate(title="Wider", draft=Draft(on=ON, changes={COVID: rows}), by=analyst)

    assert made.outcome["programmes"]["draft_covid_cash_transfer"]["households"] == 50


def test_only_families_of_the_places_struck_count(country: None, analyst: Actor) -> None:
    draft = Draft(on=ON, hit=("1601",), only_hit=True)

    made = actions.simulate(title="Flood", draft=draft, by=analyst)

    assert _whole(made).households == FAMILIES // 2
    programmes = made.outcome["programmes"]
    assert programmes["flood_cash_transfer"]["households"] == 0
    assert programmes["draft_flood_cash_transfer"]["households"] == 25


def test_of_a_place_with_few_families_nothing_is_shown(
    country: None, client_of: Callable[..., Client], analyst: Actor
) -> None:
    made = actions.simulate(
        title="One village", draft=Draft(on=ON, hit=("16020101",), only_hit=True), by=analyst
    )
    row = {**made.outcome["groups"][0], "households": 3}
    Scenario.objects.filter(pk=made.pk).update(
        outcome={"groups": [row], "programmes": made.outcome["programmes"]}
    )

    client = client_of("analyst", name=analyst.name)
    page = client.get(f"/simulation/{made.pk}").content.decode()
    out = client.get(f"/api/v1/simulation/scenarios/{made.pk}").json()

    assert "too few to be shown" in page
    assert (out["groups"][0]["now"], out["programmes"]) == (None, {})


def test_families_headed_by_a_child_are_a_group_that_is_held_back_when_small(
    country: None, analyst: Actor
) -> None:
    made = actions.simulate(title="As it is", draft=Draft(on=ON), by=analyst)

    found = {(g.kind, g.code): (g.households, shown) for g, shown in queries.shown_groups(made)}
    assert found["child_headed", "true"] == (3, False)
    assert found["child_headed", "false"] == (97, False)
    assert found["place", "16"] == (100, True)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft(on=ON, area="99"), "place_unknown"),
        (Draft(on=ON, area="16' OR"), "place_unknown"),
        (Draft(on=ON, hit=("16019999",)), "struck_unknown"),
        (Draft(on=ON, area="1601", hit=("1602",)), "struck_unknown"),
        (Draft(on=ON, only_hit=True), "nobody_struck"),
        (Draft(on=ON, changes={"targeting.card_entitlement": {}}), "table_unknown"),
        (Draft(on=ON, changes={CARD: None}), "table_needed"),
        (Draft(on=ON, changes={CARD: {"roof.gold": {"points": Decimal(1)}}}), "table_unknown"),
        (Draft(on=ON, changes={CARD: {"cut_offs.poor_2": {"points": Decimal(59)}}}),
         "cut_offs_wrong"),
        (Draft(on=ON, changes={CARD: {"cut_offs.poor_1": {"points": Decimal(69)}}}),
         "cut_offs_wrong"),
        (Draft(on=ON, changes={COVID: {}}), "table_empty"),
        (Draft(on=ON, changes={
            "programmes.elderly_allowance.rates": {"elder": {"month": Decimal(5)}},
        }), "half_in_force"),
        (Draft(on=ON, changes={COVID: {"moon_poor_1": {"household": Decimal(1)}}}),
         "table_unknown"),
        (Draft(on=ON, changes={COVID: {"rural_poor_1": {"household": Decimal(1)}}}),
         "table_unknown"),
    ],
)  # fmt: skip
def test_a_draft_that_says_nothing_sensible_is_refused(
    country: None, analyst: Actor, draft: Draft, code: str
) -> None:
    with pytest.raises(SpeanError) as refused:
        actions.simulate(title="Wrong", draft=draft, by=analyst)

    assert refused.value.code == f"simulation.{code}"
    assert not Scenario.objects.exists()


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("0.5"), Decimal(10_000_001)])
def test_an_impossible_amount_is_refused(country: None, analyst: Actor, amount: Decimal) -> None:
    rows = _doubled()
    rows["rural_poor_1"]["household"] = amount

    with pytest.raises(actions.AmountImpossible):
        actions.simulate(title="Wrong", draft=Draft(on=ON, changes={COVID: rows}), by=analyst)


def test_ones_own_is_shown_to_nobody_until_it_is_shared(
    country: None, analyst: Actor, actor: Callable[..., Actor]
) -> None:
    other = actor("programme_officer", "", Purpose.STATISTICS)
    made = actions.simulate(title="Mine", draft=Draft(on=ON), by=analyst)
    with pytest.raises(NotFound):
        queries.scenario(made.pk, by=other)

    actions.share(scenario_id=made.pk, by=analyst)

    assert queries.scenario(made.pk, by=other) == made


def test_who_works_in_a_province_simulates_that_province(
    country: None, actor: Callable[..., Actor]
) -> None:
    there = actor("analyst", "16", Purpose.STATISTICS)

    with pytest.raises(NotAllowed):
        actions.simulate(title="Nation", draft=Draft(on=ON), by=there)
    made = actions.simulate(title="Ours", draft=Draft(on=ON, area="16"), by=there)
    assert _whole(made).households == FAMILIES


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_answer(
    country: None, analyst: Actor, client_of: Callable[..., Client], role: str
) -> None:
    made = actions.simulate(title="Shared", draft=Draft(on=ON), by=analyst)
    actions.share(scenario_id=made.pk, by=analyst)
    client = client_of(role)
    sees, does = (200 if role in who else 403 for who in (VIEW, MAY))
    expected = {
        "/simulation": sees, "/simulation/new": does, f"/simulation/{made.pk}": sees,
        f"/simulation/{made.pk}/compare?with={made.pk}": sees, f"/simulation/{made.pk}/csv": sees,
        "/api/v1/simulation/scenarios": sees, f"/api/v1/simulation/scenarios/{made.pk}": sees,
        f"/simulation/{uuid4()}": 404 if role in VIEW else 403,
    }  # fmt: skip

    assert {address: client.get(address).status_code for address in expected} == expected
    api, share = "/api/v1/simulation/scenarios", f"/api/v1/simulation/scenarios/{made.pk}/share"
    for address, body, done in ((api, {"title": "By the API"}, 201), (share, None, 200)):
        answer = client.post(
            address, json.dumps(body) if body else "", content_type="application/json",
            headers={"Idempotency-Key": str(uuid4())},
        )  # fmt: skip
        assert answer.status_code == (done if role in MAY else 403), address


def test_a_draft_is_filled_in_simulated_changed_compared_and_taken_away(
    country: None, client_of: Callable[..., Client]
) -> None:
    client = client_of("analyst")
    page = client.get("/simulation/new", {"on": "2023-01-15"}).content.decode()
    assert "COVID-19 cash transfer: Amounts" in page
    filled: dict[str, Any] = {"title": "Twice <b>as much</b>", "on": "2023-01-15"}
    for one in adjustable(ON):
        filled[one.table.key] = "other" if one.table.key == COVID else "as_it_is"
    filled |= {f"{COVID}|rural_poor_1|{c}": "១៦០០០០" for c in ("household", "member", "vulnerable")}

    answer = client.post("/simulation/new", filled, follow=True)

    shown = answer.content.decode()
    address = answer.redirect_chain[0][0]
    assert "Twice &lt;b&gt;as much&lt;/b&gt;" in shown
    assert "Rural, Poor level 1: Family 160,000, Each member 160,000, More for each" in shown
    again = client.get("/simulation/new", {"from": address.rsplit("/", 1)[1]}).content.decode()
    assert 'value="160000"' in again
    other = client.post("/simulation/new", filled | {"title": "Other"}, follow=True)
    with_ = other.redirect_chain[0][0].rsplit("/", 1)[1]
    side_by_side = client.get(f"{address}/compare", {"with": with_}).content.decode()
    assert "Twice &lt;b&gt;as much&lt;/b&gt;" in side_by_side
    assert "Other" in side_by_side
    lines = b"".join(client.get(f"{address}/csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert lines.splitlines()[1].split(",")[:5] == ["whole", "", "100", "200", "now"]


def test_what_is_wrong_with_a_table_stands_at_the_table_by_its_name(
    country: None, client_of: Callable[..., Client]
) -> None:
    client = client_of("analyst")
    filled = {"title": "Halves", "on": "2023-01-15"}
    filled |= {one.table.key: "as_it_is" for one in adjustable(ON)}
    brought = {f"{ELDERLY}.rates": "other", f"{ELDERLY}.rates|elder|month": "5"}

    empty = client.post("/simulation/new", filled | {COVID: "other"})
    half = client.post("/simulation/new", filled | brought)
    falls = client.post("/simulation/new", filled | cut_offs(poor_2=60))

    assert list(empty.context["draft"].errors) == [COVID]
    assert "“COVID-19 cash transfer" in str(empty.context["draft"].errors[COVID])
    assert list(half.context["draft"].errors) == [f"{ELDERLY}.levels"]
    assert list(falls.context["draft"].errors) == [CARD]
    assert 'value="Halves"' in falls.content.decode()


def cut_offs(**points: int) -> dict[str, str]:
    (card,) = (one for one in adjustable(ON) if one.table.key == CARD)
    cells = {
        f"{CARD}|{row}|{column}": str(card.table.rows[row][column])
        for row in card.rows for column in card.columns
    }  # fmt: skip
    given = {f"{CARD}|cut_offs.{level}|points": str(number) for level, number in points.items()}
    return {CARD: "other"} | cells | given


def test_an_amount_that_is_changed_where_all_stays_as_it_is_is_not_passed_over(
    country: None, client_of: Callable[..., Client]
) -> None:
    client, cell = client_of("analyst"), f"{COVID}|rural_poor_1|household"
    filled = {"title": "Slip", "on": "2023-01-15", cell: "160000"}
    filled |= {one.table.key: "as_it_is" for one in adjustable(ON)}

    page = client.post("/simulation/new", filled)

    assert list(page.context["draft"].errors) == [COVID]
    assert "choose “As below”" in page.content.decode()
    assert client.post("/simulation/new", filled | {cell: "80000"}).status_code == 302


def test_a_day_that_is_none_says_so(country: None, client_of: Callable[..., Client]) -> None:
    asked = {"on_day": "45", "on_month": "1", "on_year": "2023"}

    page = client_of("analyst").get("/simulation/new", asked)

    assert "Enter a real date" in page.content.decode()


def test_a_form_with_faults_says_so_beside_the_fields(
    country: None, client_of: Callable[..., Client]
) -> None:
    filled: dict[str, Any] = {"title": "", "on": "2023-01-15", "area": "99"}
    filled |= {one.table.key: "as_it_is" for one in adjustable(ON)}

    client = client_of("analyst")
    without_title = client.post("/simulation/new", filled).content.decode()
    no_place = client.post("/simulation/new", filled | {"title": "X"}).content.decode()

    assert "This field is required." in without_title
    assert "“99” is no province, district or commune." in no_place


def test_without_a_snapshot_the_page_says_what_to_do(
    places: dict[str, Place], client_of: Callable[..., Client]
) -> None:
    filled: dict[str, Any] = {"title": "X", "on": "2023-01-15"}
    filled |= {one.table.key: "as_it_is" for one in adjustable(ON)}

    answer = client_of("analyst").post("/simulation/new", filled)

    assert "There is no snapshot of the registry yet." in answer.content.decode()


def test_a_transfer_is_sized_by_what_a_family_must_spend(country: None, analyst: Actor) -> None:
    changes = {COVID: HALF, INFLATION: None}
    made = actions.simulate(title="Half", draft=Draft(on=ON, changes=changes), by=analyst)

    whole = queries.groups(made)[0]
    two_grown = 150_000 + 2 * 106_500 + 2 * 60_000
    with_a_child = 150_000 + 2 * 106_500 + 60_000 + 78_000
    least = 37 * two_grown + 3 * with_a_child
    paid = made.outcome["programmes"]["draft_covid_cash_transfer"]
    assert paid == {"households": 40, "amount": least // 2}
    assert whole.draft.minimum == 12 * least
    assert whole.measures("draft")["adequacy"] == pytest.approx(50)
    assert whole.measures("draft")["below_minimum"] < whole.without["below_minimum"]


def test_of_a_day_before_the_basket_nobody_is_known_to_be_below_it(
    country: None, analyst: Actor
) -> None:
    made = actions.simulate(title="2021", draft=Draft(on=date(2021, 1, 15)), by=analyst)

    assert queries.groups(made)[0].measures("draft")["below_minimum"] is None
    with pytest.raises(NotInForce):
        actions.simulate(
            title="2021", draft=Draft(on=date(2021, 1, 15), changes={COVID: HALF}), by=analyst
        )


def test_a_draft_that_leaves_a_column_out_changes_no_other_row(
    country: None, analyst: Actor, client_of: Callable[..., Client]
) -> None:
    rows = {row: dict(cells) for row, cells in policy.table(COVID, on=ON).rows.items()}
    rows["rural_poor_1"]["household"] += 1000
    made = actions.simulate(title="More", draft=Draft(on=ON, changes={COVID: rows}), by=analyst)

    (changed,) = client_of("analyst").get(f"/simulation/{made.pk}").context["changes"]

    assert len(changed[1]) == 1


def test_a_transfer_that_is_no_part_of_the_minimum_pays_nothing(country: None) -> None:
    nothing = {COVID: {"rural_poor_1": {"percent_of_minimum": Decimal(0)}}}
    held = terms(ON, rules=policy.amended(nothing))

    _day, found = queries.outcome(Draft(on=ON), held, held)

    assert found["programmes"]["covid_cash_transfer"]["amount"] == 0
