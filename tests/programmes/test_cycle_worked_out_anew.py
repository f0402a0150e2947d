"""A whole cycle is worked out anew, as one family's is, and decided about at once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.locations.models import Place
from spean.programmes import actions
from spean.programmes.actions import Report
from spean.programmes.models import Correction, Cycle, Entitlement
from spean.programmes.rules import Happened
from spean.registry.models import Household, Membership
from tests.calls import post
from tests.programmes.conftest import add_child

PROGRAMME, GRANT = "covid_cash_transfer", "maternal_grant"
SINCE = date(2023, 1, 2)
JANUARY, FEBRUARY, TODAY = date(2023, 1, 15), date(2023, 2, 15), date(2026, 11, 10)
MOTHER_AND_CHILD, ONE_MORE_CHILD = 80_000 + 2 * 24_000 + 24_000, 24_000 + 24_000


@pytest.fixture
def people(actor: Callable[..., Actor]) -> dict[str, Actor]:
    """Who works on cycles."""
    return {
        "officer": actor("programme_officer", "", Purpose.PAYMENT),
        "district": actor("district_officer", "1601", Purpose.TARGETING),
        "approver": actor("payment_approver", "", Purpose.PAYMENT),
        "midwife": actor("health_worker", "1601", Purpose.PAYMENT),
    }


@pytest.fixture
def families(
    family: Household, family_in: Callable[[Place], Household], places: dict[str, Place]
) -> list[Household]:
    """Three families of a mother and a child."""
    return [family, family_in(places["16010201"]), family_in(places["16020101"])]


@pytest.fixture
def open_on(
    worked_out: Callable[[date], None], people: dict[str, Actor]
) -> Callable[[date], Cycle]:
    """Enrol whom the rules of a day find, and open a cycle of four weeks."""

    def make(start: date) -> Cycle:
        by = people["officer"]
        worked_out(start)
        actions.find_candidates(programme=PROGRAMME, by=by, on=start)
        actions.enrol_candidates(programme=PROGRAMME, area="", by=by, on=start)
        return actions.open_cycle(
            programme=PROGRAMME, start=start, end=start + timedelta(days=28), by=by, on=start
        )

    return make


def _anew(cycle: Cycle, by: Actor) -> actions.Mended:
    return actions.correct_cycle(cycle_id=cycle.pk, reason="Birth notices", by=by, on=FEBRUARY)


def _decide(cycle: Cycle, by: Actor, *, take_back: bool = True, grounds: str = "Act 3") -> int:
    return actions.decide_corrections(
        cycle_id=cycle.pk, take_back=take_back, grounds=grounds, by=by, on=FEBRUARY
    )


def test_each_family_is_found_as_it_would_be_alone(
    families: list[Household], open_on: Callable[[date], Cycle],
    worked_out: Callable[[date], None], people: dict[str, Actor],
) -> None:  # fmt: skip
    more, less, _same = families
    extra = add_child(less, SINCE)
    january = open_on(JANUARY)
    add_child(more, SINCE)
    extra.delete()
    with pytest.raises(actions.ResultsOlder):
        _anew(january, people["officer"])
    worked_out(JANUARY)

    found = _anew(january, people["officer"])

    assert found == actions.Mended(1, ONE_MORE_CHILD, 1, ONE_MORE_CHILD)
    mended = {one.enrolment.household_id: one for one in Correction.objects.all()}
    assert {home: (one.amount, one.state) for home, one in mended.items()} == {
        more.pk: (ONE_MORE_CHILD, "arrears"), less.pk: (-ONE_MORE_CHILD, "waiting"),
    }  # fmt: skip
    assert all(one.pk.version == 7 for one in mended.values())
    assert mended[more.pk].decision["members"] == 3
    with pytest.raises(actions.NothingToCorrect):
        _anew(january, people["officer"])
    for home in families:
        with pytest.raises(actions.NothingToCorrect):
            actions.correct(
                cycle_id=january.pk, household_id=home.pk, reason="Look", on=FEBRUARY,
                by=Actor.system("test"),
            )  # fmt: skip
    assert AuditEntry.objects.filter(action="programmes.correct_cycle", kind="write").count() == 1


def test_what_one_cycle_settled_for_another_is_no_mistake_of_its_own(
    families: list[Household], open_on: Callable[[date], Cycle],
    worked_out: Callable[[date], None], people: dict[str, Actor],
) -> None:  # fmt: skip
    january = open_on(JANUARY)
    add_child(families[0], SINCE)
    worked_out(JANUARY)
    _anew(january, people["officer"])
    february = open_on(FEBRUARY)
    owed = Entitlement.objects.get(cycle=february, household=families[0])
    assert owed.amount == MOTHER_AND_CHILD + 2 * ONE_MORE_CHILD
    worked_out(FEBRUARY)

    with pytest.raises(actions.NothingToCorrect):
        _anew(february, people["officer"])


def test_who_was_enrolled_after_the_cycle_was_opened_was_owed_nothing_by_it(
    family: Household, family_in: Callable[[Place], Household], places: dict[str, Place],
    open_on: Callable[[date], Cycle], worked_out: Callable[[date], None],
    people: dict[str, Actor],
) -> None:  # fmt: skip
    january = open_on(JANUARY)
    family_in(places["16020101"])
    worked_out(JANUARY)
    by = people["officer"]
    actions.find_candidates(programme=PROGRAMME, by=by, on=JANUARY)
    assert actions.enrol_candidates(programme=PROGRAMME, area="", by=by, on=JANUARY) == 1

    with pytest.raises(actions.NothingToCorrect):
        _anew(january, by)


def test_an_approver_decides_about_all_that_another_found(
    families: list[Household], open_on: Callable[[date], Cycle],
    worked_out: Callable[[date], None], people: dict[str, Actor], system: Actor,
) -> None:  # fmt: skip
    extras = [add_child(home, SINCE) for home in families]
    january = open_on(JANUARY)
    for one in extras:
        one.delete()
    worked_out(JANUARY)
    assert _anew(january, system).too_much == 3
    for refused, by, grounds in (
        (NotAllowed, people["officer"], "x"), (actions.ReasonMissing, people["approver"], " "),
        (actions.NothingToDecide, system, "x"),
    ):  # fmt: skip
        with pytest.raises(refused):
            _decide(january, by, grounds=grounds)

    assert _decide(january, people["approver"]) == 3
    with pytest.raises(actions.NothingToDecide):
        _decide(january, people["approver"])
    february = open_on(FEBRUARY)

    amounts = Entitlement.objects.filter(cycle=february).values_list("amount", flat=True)
    assert list(amounts) == [MOTHER_AND_CHILD * 3 // 4] * 3


def test_a_cycle_of_what_is_confirmed_needs_no_results(
    families: list[Household], people: dict[str, Actor]
) -> None:
    made = [
        actions.confirm(
            programme=GRANT, by=people["midwife"], on=TODAY,
            report=Report(Happened("antenatal_visit", date(2026, 10, 5)),
                          Membership.objects.get(household=home, relation="head").person_id),
        )
        for home in families[:2]
    ]  # fmt: skip
    by = people["officer"]
    actions.enrol_candidates(programme=GRANT, area="", by=by, on=TODAY)
    october = actions.open_cycle(
        programme=GRANT, start=date(2026, 10, 1), end=date(2026, 11, 1), by=by, on=TODAY
    )
    with pytest.raises(actions.NothingToCorrect):
        _anew(october, by)
    for one in made:
        actions.withdraw(confirmation_id=one.pk, reason="A false midwife", by=people["midwife"],
                         on=TODAY)  # fmt: skip

    assert _anew(october, by) == actions.Mended(0, 0, 2, 160_000)


def test_in_the_browser_and_over_the_api_by_whom_it_may(
    families: list[Household], open_on: Callable[[date], Cycle],
    worked_out: Callable[[date], None], client_of: Callable[..., Client],
) -> None:  # fmt: skip
    extra = add_child(families[0], SINCE)
    january = open_on(JANUARY)
    extra.delete()
    add_child(families[1], SINCE)
    officer, approver = client_of("programme_officer"), client_of("payment_approver")
    page, api = f"/cycles/{january.pk}", f"programmes/cycles/{january.pk}/corrections"
    said = officer.post(f"{page}/correct", {"reason": "x"}, follow=True).content.decode()
    assert "Take a snapshot as of 1 November 2026" in said
    assert 'value="x"' in said
    worked_out(JANUARY)

    said = officer.post(f"{page}/correct", {"reason": "Birth notices"}, follow=True)
    assert "Too little: 1 family, 48,000 riel" in said.content.decode()
    assert "Take all back" not in said.content.decode()
    assert post(officer, api, {"reason": "Again"}).json()["code"] == "programmes.nothing_to_correct"
    assert "1 overpayment waits" in approver.get(page).content.decode()
    assert "Write the reason" in approver.post(f"{page}/decide", follow=True).content.decode()
    decided = post(approver, f"{api}/decision", {"take_back": False, "grounds": "Ours"})
    assert decided.json() == {"corrections": 1}
    said = approver.post(f"{page}/decide", {"grounds": "x", "decision": "waive"}, follow=True)
    assert "Nothing of this cycle waits" in said.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_it_may(
    family: Household, open_on: Callable[[date], Cycle], client_of: Callable[..., Client],
    role: str,
) -> None:  # fmt: skip
    january, client = open_on(JANUARY), client_of(role)
    page, api = f"/cycles/{january.pk}", f"programmes/cycles/{january.pk}/corrections"

    corrects, decides = role == "programme_officer", role == "payment_approver"
    assert client.post(f"{page}/correct", {"reason": "x"}).status_code == (422 if corrects else 403)
    assert post(client, api, {"reason": "x"}).status_code == (409 if corrects else 403)
    assert client.post(f"{page}/decide", {"grounds": "x"}).status_code == (422 if decides else 403)
    body = {"take_back": True, "grounds": "x"}
    assert post(client, f"{api}/decision", body).status_code == (409 if decides else 403)
