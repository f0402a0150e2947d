"""A flood, from the first report to a family's entitlement; and what is refused on the way."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.kernel import runs
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry, LongRun, User
from spean.locations import actions as locations
from spean.locations.models import Place
from spean.programmes.queries import Strike, struck
from spean.registry.models import Household
from spean.shocks import actions, queries
from spean.shocks.models import Event, Missed, NamedFamily, Plan
from spean.shocks.rules import NotGeoJSON, VillagePoint, villages_within
from tests.shocks.conftest import GRAVE, START

SEE = {"programme_officer", "payment_approver", "auditor"}
SQUARE = {
    "type": "Feature", "properties": {},
    "geometry": {"type": "Polygon",
                 "coordinates": [[[107, 13], [107.5, 13], [107.5, 14], [107, 14], [107, 13]]]},
}  # fmt: skip


def _propose(event: Event, by: Actor) -> Plan:
    return actions.propose_plan(event_id=event.pk, start=START, by=by, on=timezone.localdate())


def test_a_plan_says_what_it_would_cost(flood: Event, officer: Actor) -> None:
    plan = _propose(flood, officer)

    assert (plan.households, plan.a_month) == (30, 30 * (80_000 + 2 * 16_000))
    assert (plan.places, plan.end) == (["160101"], date(2027, 3, 1))
    assert plan.scenario.shared
    assert [one["held"] for one in plan.triggers] == [True, False]


def test_families_are_owed_once_two_others_have_approved(
    flood: Event, officer: Actor, approvers: list[Actor]
) -> None:
    plan = _propose(flood, officer)
    assert struck(START) == ()

    actions.approve_plan(plan_id=plan.pk, by=approvers[0])
    assert struck(START) == ()
    actions.approve_plan(plan_id=plan.pk, by=approvers[1])

    assert struck(START) == (Strike(("160101",), programmes=("shock_top_up", "shock_expansion")),)
    assert struck(START - timedelta(days=1)) == ()
    assert struck(plan.end or START) == ()
    waiting = LongRun.objects.get(kind="entitlements")
    assert (waiting.state, waiting.parameters) == ("waiting", {"on": "2026-12-01"})


def test_nobody_approves_twice_nor_what_they_proposed(
    flood: Event, officer: Actor, approvers: list[Actor]
) -> None:
    plan = _propose(flood, officer)
    both = replace(approvers[0], user=officer.user, name=officer.name)

    actions.approve_plan(plan_id=plan.pk, by=approvers[0])

    with pytest.raises(actions.OwnPlan):
        actions.approve_plan(plan_id=plan.pk, by=approvers[0])
    with pytest.raises((actions.OwnPlan, NotAllowed)):
        actions.approve_plan(plan_id=plan.pk, by=both)


def test_a_refused_plan_pays_nobody_and_stays_refused(
    flood: Event, officer: Actor, approvers: list[Actor]
) -> None:
    plan = _propose(flood, officer)
    with pytest.raises(actions.ReasonMissing):
        actions.refuse_plan(plan_id=plan.pk, reason=" ", by=approvers[0])

    actions.refuse_plan(plan_id=plan.pk, reason="The water fell", by=approvers[0])

    with pytest.raises(actions.NotWaiting):
        actions.approve_plan(plan_id=plan.pk, by=approvers[1])
    assert queries.struck_on(START) == []


def test_without_a_trigger_or_a_place_no_plan_is_proposed(flood: Event, officer: Actor) -> None:
    actions.measure(event_id=flood.pk, measures={"water_above_alarm": Decimal("49.9")}, by=officer)
    with pytest.raises(actions.NotGraveEnough):
        _propose(flood, officer)

    actions.measure(event_id=flood.pk, measures=GRAVE, by=officer)
    actions.end_strike(event_id=flood.pk, on=timezone.localdate(), by=officer)

    with pytest.raises(actions.NoPlaces):
        _propose(flood, officer)
    kept = AuditEntry.objects.filter(action="shocks.measure").latest("id")
    assert "49.9" in str(kept.detail)


def test_a_place_that_is_none_keeps_the_whole_list_out(flood: Event, officer: Actor) -> None:
    with pytest.raises(actions.PlaceUnknown):
        actions.strike(
            event_id=flood.pk, places=["160201", "9999"], since=START, source="x", by=officer
        )

    assert queries.places_of(flood, on=START) == ["160101"]


def test_a_place_within_a_place_on_record_adds_nothing(flood: Event, officer: Actor) -> None:
    actions.strike(
        event_id=flood.pk, places=["16010101", "1602", "1602"], since=START, source="x", by=officer
    )

    assert queries.places_of(flood, on=START) == ["160101", "1602"]


def test_a_drawn_area_strikes_the_villages_in_it(
    flood: Event, officer: Actor, system: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "points.csv"
    file.write_text("village_code,latitude,longitude\n16020101,13.5,107.2\n16010201,14.5,107.2\n")
    with file.open("rb") as rows:
        locations.place_villages(file=rows, name="points.csv", source="Survey", by=system)

    actions.strike_drawn(
        event_id=flood.pk, drawn=json.dumps(SQUARE), since=START, source="Satellite", by=officer
    )

    assert queries.places_of(flood, on=START) == ["160101", "16020101"]


def test_an_area_without_a_known_village_is_refused(flood: Event, officer: Actor) -> None:
    with pytest.raises(actions.NobodyThere):
        actions.strike_drawn(
            event_id=flood.pk, drawn=json.dumps(SQUARE), since=START, source="x", by=officer
        )


@pytest.mark.parametrize(
    "row", ["16010101,50,107", "16010101,13.5,x", "99999999,13.5,107", "16010101,13.5,"]
)
def test_points_are_taken_in_whole_or_not_at_all(
    places: dict[str, Place], system: Actor, tmp_path: Path, row: str
) -> None:
    file = tmp_path / "points.csv"
    file.write_text(f"village_code,latitude,longitude\n16020101,13.5,107.2\n{row}\n")

    with file.open("rb") as rows, pytest.raises(locations.PointWrong, match="Row 3"):
        locations.place_villages(file=rows, name="points.csv", source="Survey", by=system)


@pytest.mark.parametrize(
    "drawn",
    [
        "", "{", "[]", "7", '{"type": "FeatureCollection"}', '{"type": "Point"}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}',
        '{"type": "Polygon", "coordinates": [[[1446000, 300], [9, 0], [1, 1], [0, 0]]]}',
        '{"type": "Polygon", "coordinates": "x"}', '{"type": "Point", "coordinates": [107, 13]}',
    ],
)  # fmt: skip
def test_what_draws_no_area_of_the_country_is_refused(drawn: str) -> None:
    with pytest.raises(NotGeoJSON):
        villages_within(drawn, [VillagePoint("16010101", 13.5, 107.2)])


def test_an_area_that_crosses_itself_is_read(places: dict[str, Place]) -> None:
    bow = [[107, 13], [108, 14], [108, 13], [107, 14], [107, 13]]
    drawn = json.dumps({"type": "Polygon", "coordinates": [bow]})

    assert villages_within(drawn, [VillagePoint("16010101", 13.5, 107.9)]) == ["16010101"]


@pytest.fixture
def family(places: dict[str, Place]) -> Household:
    return Household.objects.create(
        village=places["16020101"], since=date(2024, 1, 1), registered_on=date(2024, 1, 1),
        registered_by="test",
    )  # fmt: skip


def test_who_was_missed_asks_once_and_is_answered(
    flood: Event, officer: Actor, family: Household, actor: Callable[..., Actor]
) -> None:
    clerk, today = actor("commune_clerk", "160201", Purpose.TARGETING), timezone.localdate()
    asked = {"event_id": flood.pk, "household_id": family.pk, "on": today}
    with pytest.raises(NotAllowed):
        there = actor("commune_clerk", "160101", Purpose.TARGETING)
        actions.ask(says="The house stood in water", by=there, **asked)
    made = actions.ask(says="The house stood in water", by=clerk, **asked)
    with pytest.raises(actions.AskedAlready):
        actions.ask(says="Again", by=clerk, **asked)

    actions.answer(missed_id=made.pk, taken_in=True, reason="Seen by boat", by=officer, on=today)

    assert queries.places_of(flood, on=today) == ["160101", "16020101"]
    (told,) = queries.asked_by(family.pk, by=clerk, on=today)
    assert (told.state, told.reason) == ("taken_in", "Seen by boat")
    with pytest.raises(actions.NotWaiting):
        actions.answer(missed_id=made.pk, taken_in=False, reason="No", by=officer, on=today)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_it_may(
    flood: Event, officer: Actor, family: Household, client_of: Callable[..., Client], role: str
) -> None:
    plan = _propose(flood, officer)
    client = client_of(role)
    sees = 200 if role in SEE else 403
    manages = 200 if role == "programme_officer" else 403
    asks = 200 if role in {"commune_clerk", "village_representative"} else 403
    api = "/api/v1/shocks"
    expected = {
        "/shocks": sees, f"/shocks/{flood.pk}": sees, f"/shocks/plans/{plan.pk}": sees,
        f"{api}/events": sees, f"{api}/events/{flood.pk}": sees, f"{api}/plans/{plan.pk}": sees,
        f"{api}/events/{flood.pk}/missed": sees, "/shocks/new": manages,
        f"{api}/events/{flood.pk}/places": sees, f"{api}/events/{flood.pk}/families": sees,
        f"/shocks/{flood.pk}/draw": manages,
        f"/households/{family.pk}/missed-by-a-shock": asks,
        f"{api}/households/{family.pk}/missed": asks,
        f"/shocks/{uuid4()}": 404 if role in SEE else 403,
    }  # fmt: skip

    assert {address: client.get(address).status_code for address in expected} == expected


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_it_may(
    flood: Event, officer: Actor, family: Household, client_of: Callable[..., Client], role: str
) -> None:
    plan = _propose(flood, officer)
    asked = Missed.objects.create(
        event=flood, household=family, village="16020101", says="x", received_by="t",
        received_on=START,
    )  # fmt: skip
    named = NamedFamily.objects.create(
        event=flood, household=family, village="16020101", left_out=True, start=START,
        reason="x", noted_by="t",
    )  # fmt: skip
    client = client_of(role)
    event = f"events/{flood.pk}"
    card = {"card": "16010100123", "left_out": True, "since": "2026-11-02", "reason": "Moved"}
    noted = {"kind": "price", "title": "Rice", "since": "2026-11-01", "source": "NIS"}
    struck = {"places": ["1602"], "since": "2026-11-02", "source": "Radio"}
    steps: list[tuple[set[str], int, str, Any]] = [
        ({"programme_officer"}, 201, "events", noted),
        ({"programme_officer"}, 200, f"{event}/places", struck),
        ({"programme_officer"}, 200, f"{event}/count", {"drawn": json.dumps(SQUARE)}),
        ({"programme_officer"}, 404, f"{event}/families", card),
        ({"programme_officer"}, 204, f"families/{named.pk}/forget", None),
        ({"programme_officer"}, 201, f"{event}/plans", {"start": "2026-12-01"}),
        ({"programme_officer"}, 409, f"plans/{plan.pk}/additions", None),
        ({"payment_approver"}, 200, f"plans/{plan.pk}/approve", None),
        ({"payment_approver"}, 200, f"plans/{plan.pk}/refuse", {"reason": "No"}),
        ({"programme_officer"}, 200, f"missed/{asked.pk}/answer",
         {"taken_in": False, "reason": "Dry"}),
        ({"commune_clerk", "village_representative"}, 409 if role == "none" else 201,
         f"households/{family.pk}/missed", {"event": str(flood.pk), "says": "Water"}),
        ({"programme_officer"}, 200, f"{event}/end", None),
    ]  # fmt: skip
    if role in {"commune_clerk", "village_representative"}:
        Missed.objects.filter(pk=asked.pk).update(state="refused", decided_by="x", reason="x")
    for may, status, address, body in steps:
        answer = client.post(
            f"/api/v1/shocks/{address}", json.dumps(body) if body else "",
            content_type="application/json", headers={"Idempotency-Key": str(uuid4())},
        )  # fmt: skip
        assert answer.status_code == (status if role in may else 403), (address, answer.content)


def test_the_pages_lead_from_the_report_to_the_approved_plan(
    country: None, client_of: Callable[..., Client]
) -> None:
    officer = client_of("programme_officer")
    noted = {"kind": "flood", "title": "Sesan <rises>", "since": "2026-11-01",
             "source": "Gauge", "water_above_alarm": "៨០"}  # fmt: skip
    address = officer.post("/shocks/new", noted)["Location"]
    nothing = officer.post(f"{address}/places", {"since": "2026-11-01", "source": "Chief"})
    assert "Write codes, or choose a file: one of the two." in nothing.content.decode()
    struck = {"places": "160101", "since": "2026-11-01", "source": "Chief"}
    officer.post(f"{address}/places", struck)
    proposed = {"start": "2026-12-01", "programmes": "shock_top_up"}
    shown = officer.post(f"{address}/plans", proposed, follow=True).content.decode()
    assert "Sesan &lt;rises&gt;" in shown
    plan = Plan.objects.get()
    for name in ("one", "two"):
        client = client_of("payment_approver", name=name)
        client.post(f"/shocks/plans/{plan.pk}/decide", {"decision": "approve"})

    page = officer.get(f"/shocks/plans/{plan.pk}").content.decode()

    assert "Approved" in page
    assert "is not worked out for 1 December 2026 yet" in page


def test_the_pages_name_places_families_and_people_and_not_their_codes(
    flood: Event, family_in: Callable[[Place], Household], places: dict[str, Place],
    client_of: Callable[..., Client],
) -> None:  # fmt: skip
    family = family_in(places["16010101"])
    officer = client_of("programme_officer", name="chea")
    User.objects.filter(username="chea").update(full_name="Chea Sokhom")
    Missed.objects.create(
        event=flood, household=family, village="16010101", says="Water to the bed",
        received_by="t", received_on=START,
    )  # fmt: skip
    officer.post(f"/shocks/{flood.pk}/measures", {"families": "12000"})
    officer.post(f"/shocks/{flood.pk}/plans", {"start": "2026-12-01", "programmes": "shock_top_up"})

    page = officer.get(f"/shocks/{flood.pk}")
    plan = officer.get(f"/shocks/plans/{Plan.objects.get().pk}").content.decode()

    assert "Sok Bopha</strong>, Nhang" in page.content.decode()
    assert "12,000 (at least 500)" in page.content.decode()
    assert "Chea Sokhom" in plan
    assert "Chea Sokhom, " in officer.get("/simulation").content.decode()


def test_a_plan_is_worked_out_only_by_results_that_know_of_it(
    flood: Event, officer: Actor, approvers: list[Actor], worked_out: Callable[[date], None],
    family_in: Callable[[Place], Household], places: dict[str, Place],
    client_of: Callable[..., Client],
) -> None:  # fmt: skip
    family_in(places["16010101"])
    client = client_of("programme_officer")
    plan = _propose(flood, officer)
    worked_out(START)
    for approver in approvers:
        actions.approve_plan(plan_id=plan.pk, by=approver)
    assert (
        "is not worked out for 1 December"
        in client.get(f"/shocks/plans/{plan.pk}").content.decode()
    )

    waiting = LongRun.objects.get(kind="entitlements", state="waiting")
    assert runs.carry_out(waiting.pk).state == "done"

    assert (
        "has been worked out for the first day"
        in client.get(f"/shocks/plans/{plan.pk}").content.decode()
    )


def test_a_refused_answer_keeps_what_was_typed(
    flood: Event, family: Household, client_of: Callable[..., Client]
) -> None:
    officer = client_of("programme_officer")
    asked = Missed.objects.create(
        event=flood, household=family, village="16010101", says="x", received_by="t",
        received_on=START,
    )  # fmt: skip
    answer = f"/shocks/missed/{asked.pk}/answer"
    NamedFamily.objects.create(
        event=flood, household=family, village="16010101", left_out=False, start=START,
        reason="x", noted_by="t",
    )  # fmt: skip

    unsaid = officer.post(answer, {"answer": "refuse", "reason": ""})
    refused = officer.post(answer, {"answer": "alone", "reason": "Seen by boat"})

    assert f'href="#missed{asked.pk}_reason"' in unsaid.content.decode()
    assert (unsaid.status_code, refused.status_code) == (422, 422)
    assert 'value="Seen by boat"' in refused.content.decode()


def test_a_wrong_file_is_refused_beside_its_field(
    flood: Event, client_of: Callable[..., Client], tmp_path: Path
) -> None:
    file = tmp_path / "area.geojson"
    file.write_text("{}")
    with file.open("rb") as drawn:
        answer = client_of("programme_officer").post(
            f"/shocks/{flood.pk}/places",
            {"file": drawn, "since": "2026-11-01", "source": "Satellite"},
        )

    assert answer.status_code == 422
    assert "This is no area in GeoJSON" in answer.content.decode()


def test_what_is_refused_stands_beside_its_field(
    flood: Event, family: Household, client_of: Callable[..., Client]
) -> None:
    officer, clerk = client_of("programme_officer"), client_of("commune_clerk")
    named = {
        "card": "0000000001",
        "left_out": "no",
        "since": "2026-11-01",
        "reason": "Seen by boat",
    }
    drawn = {"drawn": "{}", "since": "2026-11-01", "source": "Satellite"}
    asked = {"event": str(flood.pk), "says": "Water in the house"}
    clerk.post(f"/households/{family.pk}/missed-by-a-shock", asked)

    no_card = officer.post(f"/shocks/{flood.pk}/families", named)
    no_area = officer.post(f"/shocks/{flood.pk}/draw", drawn)
    again = clerk.post(f"/households/{family.pk}/missed-by-a-shock", asked)

    assert (no_card.status_code, no_area.status_code, again.status_code) == (422, 422, 422)
    assert list(no_card.context["family_form"].errors) == ["card"]
    assert 'value="Seen by boat"' in no_card.content.decode()
    assert list(no_area.context["form"].errors) == ["drawn"]
    assert 'id="id_drawn_error">This is no area in GeoJSON' in no_area.content.decode()
    assert list(again.context["form"].errors) == ["event"]
    assert "Water in the house</textarea>" in again.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_by_the_pages_what_it_may(
    flood: Event, officer: Actor, family: Household, client_of: Callable[..., Client], role: str
) -> None:
    plan = _propose(flood, officer)
    named = NamedFamily.objects.create(
        event=flood, household=family, village="16020101", left_out=True, start=START,
        reason="x", noted_by="t",
    )  # fmt: skip
    client = client_of(role)
    manages = role == "programme_officer"
    expected = {
        f"/shocks/{flood.pk}/draw/count": 200 if manages else 403,
        f"/shocks/{flood.pk}/draw": 422 if manages else 403,
        f"/shocks/{flood.pk}/families": 422 if manages else 403,
        f"/shocks/families/{named.pk}/forget": 302 if manages else 403,
        f"/shocks/{flood.pk}/plans": 422 if manages else 403,
        f"/shocks/plans/{plan.pk}/add": 422 if manages else 403,
        f"/shocks/plans/{plan.pk}/decide": 302 if role == "payment_approver" else 403,
        f"/shocks/{flood.pk}/end": 302 if manages else 403,
    }

    given = {"decision": "approve"}
    assert {page: client.post(page, given).status_code for page in expected} == expected


def test_what_is_drawn_is_counted_and_kept_as_an_upload_is(
    flood: Event, system: Actor, client_of: Callable[..., Client], tmp_path: Path
) -> None:
    client = client_of("programme_officer")
    empty = client.get(f"/shocks/{flood.pk}/draw").content.decode()
    assert "The point of no village is known yet" in empty
    file = tmp_path / "points.csv"
    file.write_text("village_code,latitude,longitude\n16020101,13.5,107.2\n16010201,14.5,107.2\n")
    with file.open("rb") as rows:
        locations.place_villages(file=rows, name="points.csv", source="Survey", by=system)
    drawn = json.dumps(SQUARE["geometry"])

    page = client.get(f"/shocks/{flood.pk}/draw").content.decode()
    counted = client.post(f"/shocks/{flood.pk}/draw/count", {"drawn": drawn}).content.decode()
    nowhere = client.post(f"/shocks/{flood.pk}/draw/count", {"drawn": ""}).content.decode()
    kept = {"drawn": drawn, "since": "2026-11-01", "source": "Seen"}
    answer = client.post(f"/shocks/{flood.pk}/draw", kept)

    assert "m5200 500h0m0 1000h0" in page
    assert "1 village" in counted
    assert "Poor level 1 30" in counted
    assert "This is no area in GeoJSON" in nowhere
    assert answer.status_code == 302
    assert queries.places_of(flood, on=START) == ["160101", "16020101"]
