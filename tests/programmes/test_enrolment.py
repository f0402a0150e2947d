"""Families found, reviewed, enrolled, suspended, let go; past cycles made good."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.locations.models import Place
from spean.programmes import actions
from spean.programmes.actions.nation import NobodyInSnapshot, determine
from spean.programmes.models import Correction, Cycle, Enrolment, Entitlement
from spean.programmes.queries import terms
from spean.programmes.rules import how_soon
from spean.registry.models import Household, Person
from tests.calls import post
from tests.programmes.conftest import add_child
from tests.snapshots import write_snapshot

PROGRAMME = "covid_cash_transfer"
JANUARY, FEBRUARY, MARCH = (date(2023, month, 15) for month in (1, 2, 3))
MOTHER_AND_CHILD = 80_000 + 2 * 24_000 + 24_000  # sub-decree 88, rural, poor 1
ONE_MORE_CHILD = 24_000 + 24_000

Cyc = Callable[[date], Cycle]


@pytest.fixture
def people(actor: Callable[..., Actor]) -> dict[str, Actor]:
    """Who works on the lists."""
    return {
        "officer": actor("programme_officer", "", Purpose.PAYMENT),
        "district": actor("district_officer", "1601", Purpose.TARGETING),
        "approver": actor("payment_approver", "", Purpose.PAYMENT),
    }


@pytest.fixture
def enrolled(
    family: Household, worked_out: Callable[[date], None], people: dict[str, Actor]
) -> Household:
    """A family that was found in January and enrolled."""
    worked_out(JANUARY)
    by = people["officer"]
    actions.find_candidates(programme=PROGRAMME, by=by, on=JANUARY)
    actions.enrol_candidates(programme=PROGRAMME, area="", by=by, on=JANUARY)
    return family


@pytest.fixture
def open_on(worked_out: Callable[[date], None], people: dict[str, Actor]) -> Cyc:
    """Open a cycle of four weeks, worked out under the rules of its first day."""

    def make(start: date) -> Cycle:
        worked_out(start)
        return actions.open_cycle(
            programme=PROGRAMME,
            start=start,
            end=start + timedelta(days=28),
            by=people["officer"],
            on=start,
        )

    return make


def _find(by: Actor, on: date = JANUARY) -> actions.Found:
    return actions.find_candidates(programme=PROGRAMME, by=by, on=on)


def _owed(home: Household) -> list[int]:
    rows = Entitlement.objects.filter(household=home).order_by("cycle__start")
    return [int(one.amount) for one in rows]


def _correct(home: Household, cycle: Cycle, by: Actor) -> Correction:
    return actions.correct(
        cycle_id=cycle.pk,
        household_id=home.pk,
        reason="Wrongly registered.",
        by=by,
        on=FEBRUARY,
    )


def test_who_is_found_is_a_candidate_and_is_paid_once_reviewed(
    family: Household, worked_out: Callable[[date], None], people: dict[str, Actor], open_on: Cyc
) -> None:
    worked_out(JANUARY)
    assert _find(people["officer"]) == actions.Found(1, 0, 0)
    assert _find(people["officer"]) == actions.Found(0, 0, 0)
    with pytest.raises(actions.NobodyEnrolled):
        open_on(JANUARY)

    in_ta_lav = actions.enrol_candidates(
        programme=PROGRAMME, area="160102", by=people["officer"], on=JANUARY
    )
    in_nhang = actions.enrol_candidates(
        programme=PROGRAMME, area="160101", by=people["district"], on=JANUARY
    )

    assert (in_ta_lav, in_nhang) == (0, 1)
    open_on(JANUARY)
    assert _owed(family) == [MOTHER_AND_CHILD]
    steps = Enrolment.objects.get().steps.order_by("id")
    assert [(one.state, one.reason) for one in steps] == [
        ("candidate", "entitled"), ("enrolled", "reviewed"),
    ]  # fmt: skip


def test_a_reviewer_of_one_district_enrols_nobody_elsewhere(
    enrolled: Household, people: dict[str, Actor]
) -> None:
    for area in ("", "1602", "16"):
        with pytest.raises(NotAllowed):
            actions.enrol_candidates(
                programme=PROGRAMME, area=area, by=people["district"], on=JANUARY
            )


def test_who_loses_the_claim_is_owed_nothing_and_comes_back_when_entitled_again(
    enrolled: Household, people: dict[str, Actor], worked_out: Callable[[date], None]
) -> None:
    by = people["officer"]
    enrolled.poverty_statuses.update(level="at_risk")
    worked_out(FEBRUARY)
    assert _find(by, FEBRUARY) == actions.Found(0, 0, 1)
    assert Enrolment.objects.get().amount is None

    gone = actions.let_go(programme=PROGRAMME, area="", by=by, on=FEBRUARY)
    enrolled.poverty_statuses.update(level="poor_1")
    worked_out(MARCH)

    assert gone == 1
    assert _find(by, MARCH) == actions.Found(1, 0, 0)
    assert Enrolment.objects.get().state == "candidate"


def test_a_candidate_that_loses_the_claim_leaves_the_list(
    family: Household, worked_out: Callable[[date], None], people: dict[str, Actor]
) -> None:
    worked_out(JANUARY)
    _find(people["officer"])
    family.poverty_statuses.update(level="at_risk")
    worked_out(FEBRUARY)

    assert _find(people["officer"], FEBRUARY) == actions.Found(0, 1, 0)
    assert Enrolment.objects.get().state == "exited"


def test_who_is_suspended_is_owed_nothing_until_enrolled_again(
    enrolled: Household, family_in: Callable[[Place], Household], places: dict[str, Place],
    people: dict[str, Actor], open_on: Cyc,
) -> None:  # fmt: skip
    by = people["district"]
    step: dict[str, Any] = {"programme": PROGRAMME, "household_id": enrolled.pk, "by": by}
    family_in(places["16010201"])
    actions.move(to="suspended", reason="Nobody was at home.", on=JANUARY, **step)
    with pytest.raises(actions.NotPossibleNow):
        actions.move(to="suspended", reason="Again.", on=JANUARY, **step)
    with pytest.raises(actions.ReasonMissing):
        actions.move(to="enrolled", reason=" ", on=JANUARY, **step)
    with pytest.raises(actions.NobodyEnrolled):
        open_on(JANUARY)
    assert not Cycle.objects.exists()

    actions.move(to="enrolled", reason="Back from the fields.", on=JANUARY, **step)
    assert open_on(JANUARY).households == 1


def test_too_little_is_made_good_in_the_next_cycle_only(
    enrolled: Household, open_on: Cyc, people: dict[str, Actor]
) -> None:
    january = open_on(JANUARY)
    add_child(enrolled, date(2023, 1, 2))

    found = _correct(enrolled, january, people["district"])
    with pytest.raises(actions.NothingToCorrect):
        _correct(enrolled, january, people["district"])
    february = open_on(FEBRUARY)
    open_on(MARCH)

    now = MOTHER_AND_CHILD + ONE_MORE_CHILD
    assert (found.amount, found.state) == (ONE_MORE_CHILD, "arrears")
    assert _owed(enrolled) == [MOTHER_AND_CHILD, now + ONE_MORE_CHILD, now]
    owed = Entitlement.objects.get(cycle=february)
    assert owed.decision["settled"] == ONE_MORE_CHILD
    with pytest.raises(actions.NothingToCorrect):
        _correct(enrolled, february, people["district"])


def test_arrears_wait_while_a_family_is_suspended_and_are_paid_after_it_left(
    enrolled: Household, family_in: Callable[[Place], Household], places: dict[str, Place],
    open_on: Cyc, people: dict[str, Actor],
) -> None:  # fmt: skip
    family_in(places["16010201"])
    january = open_on(JANUARY)
    _find(people["officer"])
    actions.enrol_candidates(programme=PROGRAMME, area="", by=people["officer"], on=JANUARY)
    add_child(enrolled, date(2023, 1, 2))
    _correct(enrolled, january, people["district"])
    step: dict[str, Any] = {
        "programme": PROGRAMME, "household_id": enrolled.pk, "by": people["district"],
        "reason": "Moved to the city.",
    }  # fmt: skip
    actions.move(to="suspended", on=FEBRUARY, **step)
    open_on(FEBRUARY)
    actions.move(to="exited", on=FEBRUARY, **step)
    open_on(MARCH)

    assert _owed(enrolled) == [MOTHER_AND_CHILD, ONE_MORE_CHILD]


def test_too_much_is_taken_back_only_by_another_and_a_share_at_a_time(
    enrolled: Household, open_on: Cyc, people: dict[str, Actor], actor: Callable[..., Actor]
) -> None:
    extra = add_child(enrolled, date(2023, 1, 2))
    january = open_on(JANUARY)
    extra.delete()
    found = _correct(enrolled, january, people["district"])
    assert (found.amount, found.state) == (-ONE_MORE_CHILD, "waiting")
    open_on(FEBRUARY)

    decision: dict[str, Any] = {"correction_id": found.pk, "take_back": True, "on": FEBRUARY}
    with pytest.raises(NotAllowed):
        actions.decide_correction(grounds="Act 3", by=people["district"], **decision)
    with pytest.raises(actions.ReasonMissing):
        actions.decide_correction(grounds=" ", by=people["approver"], **decision)
    actions.decide_correction(grounds="Act 3", by=people["approver"], **decision)
    with pytest.raises(actions.DecidedAlready):
        actions.decide_correction(grounds="Act 4", by=people["approver"], **decision)
    for start in (MARCH, date(2023, 4, 15), date(2023, 5, 15)):
        open_on(start)

    a_quarter = MOTHER_AND_CHILD // 4
    assert _owed(enrolled) == [
        MOTHER_AND_CHILD + ONE_MORE_CHILD,
        MOTHER_AND_CHILD,
        MOTHER_AND_CHILD - a_quarter,
        MOTHER_AND_CHILD - (ONE_MORE_CHILD - a_quarter),
        MOTHER_AND_CHILD,
    ]


def test_what_is_left_with_the_family_is_never_taken_back(
    enrolled: Household, open_on: Cyc, people: dict[str, Actor]
) -> None:
    extra = add_child(enrolled, date(2023, 1, 2))
    january = open_on(JANUARY)
    extra.delete()
    found = _correct(enrolled, january, people["district"])
    actions.decide_correction(
        correction_id=found.pk, take_back=False, grounds="Not their mistake",
        by=people["approver"], on=FEBRUARY,
    )  # fmt: skip
    open_on(FEBRUARY)

    assert _owed(enrolled)[-1] == MOTHER_AND_CHILD
    with pytest.raises(actions.NothingToCorrect):
        _correct(enrolled, january, people["district"])


def test_who_found_it_does_not_decide_even_with_the_right(
    enrolled: Household, open_on: Cyc, system: Actor
) -> None:
    extra = add_child(enrolled, date(2023, 1, 2))
    january = open_on(JANUARY)
    extra.delete()
    found = _correct(enrolled, january, system)

    with pytest.raises(actions.OwnFinding):
        actions.decide_correction(
            correction_id=found.pk, take_back=True, grounds="Act 3", by=system, on=FEBRUARY
        )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE programmes_enrolmentstep SET reason = 'x'",
        "DELETE FROM programmes_enrolmentstep",
        "UPDATE programmes_correction SET amount = 1",
        "DELETE FROM programmes_correction",
        "UPDATE programmes_settlement SET amount = 1",
    ],
)
def test_the_database_lets_nobody_rewrite_what_happened(
    enrolled: Household, open_on: Cyc, people: dict[str, Actor], change: str
) -> None:
    january = open_on(JANUARY)
    add_child(enrolled, date(2023, 1, 2))
    _correct(enrolled, january, people["district"])
    open_on(FEBRUARY)

    with (
        pytest.raises(DatabaseError, match="stands"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_one_family_asks_at_the_commune_and_is_enrolled(
    family: Household, client_of: Callable[..., Client]
) -> None:
    clerk = client_of("commune_clerk", "160101")
    asked = f"/households/{family.pk}/entitlements/elderly_allowance"
    assert "gives the family nothing" in clerk.post(asked, follow=True).content.decode()
    Person.objects.filter(memberships__relation="head").update(birth_date=date(1950, 1, 1))
    offered = clerk.get(f"/households/{family.pk}/entitlements").content.decode()
    assert "The family asks for it" in offered

    page = f"/programmes/elderly_allowance/households/{family.pk}"
    assert clerk.post(asked).headers["Location"] == page
    assert "list already" in clerk.post(asked, follow=True).content.decode()
    council = client_of("commune_council", "160101")
    unsaid = council.post(f"{page}/move", {"to": "enrolled", "reason": ""})
    assert unsaid.status_code == 422
    council.post(f"{page}/move", {"to": "enrolled", "reason": "The council saw the card."})

    shown = council.get(page).content.decode()
    assert "The council saw the card." in shown
    assert "The family asked" in shown
    assert Enrolment.objects.get().state == "enrolled"
    assert AuditEntry.objects.filter(action="programmes.view_enrolments").exists()


def test_the_district_corrects_and_the_approver_decides_on_their_pages(
    enrolled: Household, open_on: Cyc, client_of: Callable[..., Client]
) -> None:
    extra = add_child(enrolled, date(2023, 1, 2))
    january = open_on(JANUARY)
    extra.delete()
    page = f"/programmes/{PROGRAMME}/households/{enrolled.pk}"
    district = client_of("district_officer", "1601")
    done = district.post(f"{page}/cycles/{january.pk}/correct", {"reason": "Counted twice."})
    assert done.status_code == 302
    again = district.post(f"{page}/cycles/{january.pk}/correct", {"reason": "Counted twice."})
    assert "owed the family what it was given" in again.content.decode()

    approver = client_of("payment_approver")
    found = Correction.objects.get()
    address = f"/corrections/{found.pk}/decide"
    said = approver.post(address, {"decision": "take_back", "grounds": ""}, follow=True)
    assert "Write the reason" in said.content.decode()
    approver.post(address, {"decision": "waive", "grounds": "Not their mistake"})

    shown = approver.get("/corrections").content.decode()
    assert "Left with the family" in shown
    assert "Not their mistake" in shown


def test_the_list_shows_a_state_and_an_area(
    enrolled: Household, client_of: Callable[..., Client]
) -> None:
    client = client_of("auditor")
    page = f"/programmes/{PROGRAMME}"

    assert "Bopha" in client.get(page).content.decode()
    assert "Bopha" in client.get(page, {"state": "enrolled", "area": "1601"}).content.decode()
    for part in ({"state": "candidate"}, {"area": "1602"}):
        assert "Bopha" not in client.get(page, part).content.decode()
    assert client.get("/programmes/no_such_thing").status_code == 404


def test_another_system_does_the_same_over_the_api(
    family: Household, worked_out: Callable[[date], None], open_on: Cyc,
    client_of: Callable[..., Client],
) -> None:  # fmt: skip
    worked_out(JANUARY)
    officer, district = client_of("programme_officer"), client_of("district_officer", "1601")
    lists = f"lists/{PROGRAMME}"
    found = post(officer, f"programmes/{lists}/candidates", None).json()
    assert found == {"candidates": 1, "withdrawn": 0, "not_entitled": 0}
    assert (
        post(officer, f"programmes/{lists}/review", {"what": "enrol", "area": "1x"}).status_code
        == 422
    )
    moved = post(district, f"programmes/{lists}/review", {"what": "enrol", "area": "1601"})
    assert moved.json() == {"households": 1}
    january = open_on(JANUARY)
    add_child(family, date(2023, 1, 2))

    wrong = {"cycle": str(january.pk), "reason": "A child was missing."}
    made = post(district, f"programmes/households/{family.pk}/corrections", wrong)
    step = {"to": "suspended", "reason": "Asked to wait."}
    stands = post(district, f"programmes/{lists}/households/{family.pk}/steps", step).json()
    listed = officer.get(f"/api/v1/programmes/{lists}", {"state": "suspended"}).json()

    assert (made.status_code, made.json()["amount"]) == (201, ONE_MORE_CHILD)
    assert [one["state"] for one in stands["steps"]] == ["suspended", "enrolled", "candidate"]
    assert [one["household"] for one in listed["items"]] == [str(family.pk)]
    assert listed["items"][0]["amount"] == MOTHER_AND_CHILD
    corrections = officer.get("/api/v1/programmes/corrections", {"state": "arrears"}).json()
    assert [one["id"] for one in corrections["items"]] == [made.json()["id"]]


SEE = {"commune_clerk", "commune_council", "district_officer", "programme_officer",
       "payment_approver", "auditor"}  # fmt: skip
REVIEW = {"commune_council", "district_officer", "programme_officer"}
MONEY = {"programme_officer", "payment_approver", "payment_officer", "auditor"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_it_may(
    enrolled: Household, open_on: Cyc, client_of: Callable[..., Client], role: str
) -> None:
    january, home = open_on(JANUARY), enrolled.pk
    client = client_of(role)
    one, page = f"lists/{PROGRAMME}/households/{home}", f"/programmes/{PROGRAMME}"
    seen = ["/programmes", page, f"{page}/households/{home}",
            f"/api/v1/programmes/lists/{PROGRAMME}", f"/api/v1/programmes/{one}"]  # fmt: skip
    money = ["/corrections", "/api/v1/programmes/corrections",
             f"/api/v1/programmes/cycles/{january.pk}/times",
             f"/api/v1/programmes/reached/{PROGRAMME}"]  # fmt: skip
    for may, addresses in ((SEE, seen), (MONEY, money)):
        for address in addresses:
            assert client.get(address).status_code == (200 if role in may else 403), address
    reason = {"to": "exited", "reason": "Moved."}
    corrected = {"cycle": str(january.pk), "reason": "Look again."}
    decision = {"take_back": False, "grounds": "x"}
    review = {"what": "let_go", "area": "160101"}
    asked: list[tuple[set[str], int, str, dict[str, Any] | None]] = [
        ({"programme_officer"}, 200, f"lists/{PROGRAMME}/candidates", None),
        (REVIEW, 200, f"lists/{PROGRAMME}/review", review),
        ({"commune_clerk", "district_officer"}, 409, one, None),
        ({"district_officer"}, 409, f"households/{home}/corrections", corrected),
        ({"payment_approver"}, 404, f"corrections/{uuid4()}/decision", decision),
        (REVIEW, 201, f"{one}/steps", reason),
    ]
    for roles, status, address, body in asked:
        answer = post(client, f"programmes/{address}", body)
        assert answer.status_code == (status if role in roles else 403), address
    buttons: list[tuple[set[str], int, str, dict[str, Any]]] = [
        ({"programme_officer"}, 302, f"{page}/candidates", {}),
        (REVIEW, 302, f"{page}/review", review),
        (REVIEW, 422, f"{page}/households/{home}/move", reason),
        ({"district_officer"}, 422, f"{page}/households/{home}/cycles/{january.pk}/correct",
         {"reason": "x"}),
        ({"payment_approver"}, 404, f"/corrections/{uuid4()}/decide", {}),
        ({"commune_clerk", "district_officer"}, 302,
         f"/households/{home}/entitlements/{PROGRAMME}", {}),
    ]  # fmt: skip
    for roles, status, address, body in buttons:
        answer = client.post(address, body)
        assert answer.status_code == (status if role in roles else 403), address


@pytest.mark.parametrize("role", ["commune_clerk", "commune_council", "district_officer"])
def test_a_role_sees_no_list_but_that_of_its_area(
    enrolled: Household, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role, "1602")

    assert "Bopha" not in client.get(f"/programmes/{PROGRAMME}").content.decode()
    assert client.get("/programmes").context["rows"][0][2][1][1] == 0
    for address in (
        f"/programmes/{PROGRAMME}/households/{enrolled.pk}",
        f"/api/v1/programmes/lists/{PROGRAMME}/households/{enrolled.pk}",
    ):
        assert client.get(address).status_code == 403  # fmt: skip


def test_how_far_a_programme_reaches_and_what_it_costs(
    enrolled: Household, open_on: Cyc, client_of: Callable[..., Client]
) -> None:
    january = open_on(JANUARY)
    open_on(FEBRUARY)
    client = client_of("auditor")

    reached = client.get(f"/api/v1/programmes/reached/{PROGRAMME}").json()
    assert reached == {
        "entitled": 1, "enrolled": 1, "owed": 1, "paid": 0,
        "costs": [{"start": "2023-01-15", "total": MOTHER_AND_CHILD},
                  {"start": "2023-02-15", "total": MOTHER_AND_CHILD}],
    }  # fmt: skip
    times = client.get(f"/api/v1/programmes/cycles/{january.pk}/times").json()
    assert (times["a_day"], times["not_yet"]) == (0, 1)
    assert "Cost of the cycles" in client.get(f"/programmes/{PROGRAMME}").content.decode()
    assert "No money yet" in client.get(f"/cycles/{january.pk}").content.decode()
    district = client_of("district_officer", "1601").get(f"/programmes/{PROGRAMME}")
    assert "Cost of the cycles" not in district.content.decode()


def test_families_are_counted_by_how_long_they_waited() -> None:
    opened = date(2026, 11, 2)
    after = {1: 5, 2: 7, 3: 1, 4: 2, 7: 1, 8: 3, 14: 1, 15: 4}

    found = how_soon(opened, {opened + timedelta(days=n): count for n, count in after.items()}, 30)

    assert {soon.value: count for soon, count in found.items()} == {
        "a_day": 5, "three_days": 8, "a_week": 3, "two_weeks": 4, "later": 4, "not_yet": 6,
    }  # fmt: skip


def test_what_waits_stands_on_the_first_page(
    family: Household, worked_out: Callable[[date], None], people: dict[str, Actor],
    client_of: Callable[..., Client],
) -> None:  # fmt: skip
    worked_out(JANUARY)
    _find(people["officer"])

    def shown(role: str, area: str = "") -> str:
        return client_of(role, area).get("/").content.decode()

    assert "Candidates to review" in shown("programme_officer")
    assert "Candidates to review" in shown("commune_council", "160101")
    assert "Candidates to review" not in shown("commune_council", "160201")
    assert "Candidates to review" not in shown("payment_approver")


def test_an_empty_registry_says_what_to_do(places: dict[str, Place], tmp_path: Path) -> None:
    (tmp_path / "snapshot").mkdir()
    empty = write_snapshot(tmp_path / "snapshot", [], [])

    with pytest.raises(NobodyInSnapshot, match="holds no household"):
        determine(empty, terms(JANUARY), tmp_path / "results")


def test_a_refused_correction_stands_beside_its_cycle_with_what_was_typed(
    enrolled: Household, open_on: Cyc, client_of: Callable[..., Client]
) -> None:
    january = open_on(JANUARY)
    open_on(FEBRUARY)
    address = f"/programmes/{PROGRAMME}/households/{enrolled.pk}/cycles/{january.pk}/correct"

    refused = client_of("district_officer", "1601").post(address, {"reason": "Counted twice."})

    forms = {cycle.pk: form for cycle, _owed, _mended, form in refused.context["cycles"]}
    assert {pk for pk, form in forms.items() if form.errors} == {january.pk}
    assert forms[january.pk]["reason"].value() == "Counted twice."
    assert not refused.context["move_form"].errors


@pytest.mark.parametrize("area", ["x", "161", "160101010"])
def test_what_is_no_place_says_how_codes_are_written(
    client_of: Callable[..., Client], area: str
) -> None:
    officer, page = client_of("programme_officer"), f"/programmes/{PROGRAMME}"

    assert list(officer.get(page, {"area": area}).context["list_form"].errors) == ["area"]
    refused = officer.post(f"{page}/review", {"what": "enrol", "area": area})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["area"])


def test_families_are_ordered_only_by_what_reaches_families(
    enrolled: Household, open_on: Cyc, client_of: Callable[..., Client]
) -> None:
    page = f"/cycles/{open_on(JANUARY).pk}"

    answer = client_of("programme_officer").post(page, {"channel": "bank", "purpose": "January"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["channel"]
    assert 'value="January"' in answer.content.decode()
