"""Contacts, months of school and supports are confirmed, paid once, and can be withdrawn."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.families import queries as families
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed, NotFound, SpeanError
from spean.kernel.models import AuditEntry
from spean.kernel.periods import Period, add_months
from spean.programmes import actions, queries
from spean.programmes.actions import Report
from spean.programmes.models import Confirmation, Correction, Cycle, Enrolment, Entitlement
from spean.programmes.queries.words import why
from spean.programmes.rules import Happened
from spean.registry import actions as registry
from spean.registry.models import Household, Membership
from tests.calls import post

GRANT, SCHOOL, SUPPORT = "maternal_grant", "scholarship", "base_support"
TODAY = date(2026, 11, 10)
VISIT = Happened("antenatal_visit", date(2026, 10, 5))


@pytest.fixture
def people(actor: Callable[..., Actor]) -> dict[str, Actor]:
    """Who confirms, and who works on the lists."""
    return {
        "midwife": actor("health_worker", "1601", Purpose.PAYMENT),
        "school": actor("school_officer", "1601", Purpose.PAYMENT),
        "counsellor": actor("support_counsellor", "1601", Purpose.PAYMENT),
        "officer": actor("programme_officer", "", Purpose.PAYMENT),
        "district": actor("district_officer", "1601", Purpose.TARGETING),
    }


def _member(home: Household, relation: str) -> Membership:
    return Membership.objects.select_related("person").get(household=home, relation=relation)


def _confirm(by: Actor, home: Household, what: Happened = VISIT, relation: str = "head") -> Any:
    report = Report(what, _member(home, relation).person_id)
    return actions.confirm(programme=GRANT, report=report, by=by, on=TODAY)


def _support(by: Actor, home: Household, on: date) -> Confirmation:
    report = Report(Happened("household", on), household_id=home.pk)
    return actions.confirm(programme=SUPPORT, report=report, by=by, on=TODAY)


def _month(by: Actor, home: Household, on: date = date(2026, 9, 1), share: int = 90) -> Any:
    what = Happened("primary", on, attendance=Decimal(share))
    report = Report(what, _member(home, "child").person_id)
    return actions.confirm(programme=SCHOOL, report=report, by=by, on=TODAY)


def _cycle(by: Actor, programme: str, start: date, end: date) -> Cycle:
    return actions.open_cycle(programme=programme, start=start, end=end, by=by, on=TODAY)


def _october(by: Actor, programme: str = GRANT) -> Cycle:
    return _cycle(by, programme, date(2026, 10, 1), date(2026, 11, 1))


def _november(by: Actor, programme: str = GRANT) -> Cycle:
    return _cycle(by, programme, date(2026, 11, 1), date(2026, 12, 1))


def _enrol(by: Actor, programme: str = GRANT) -> int:
    return actions.enrol_candidates(programme=programme, area="", by=by, on=TODAY)


def test_a_contact_brings_the_family_on_the_list_and_is_paid_once(
    family: Household, people: dict[str, Actor]
) -> None:
    made = _confirm(people["midwife"], family)
    listed = Enrolment.objects.get(programme=GRANT)
    assert (listed.state, listed.amount) == ("candidate", 35_555)  # four of 80,000 in nine months
    with pytest.raises(actions.NobodyEnrolled):
        _october(people["officer"])

    assert _enrol(people["officer"]) == 1
    october = _october(people["officer"])

    owed = Entitlement.objects.get(cycle=october)
    assert (owed.amount, owed.household_id) == (80_000, family.pk)
    assert owed.decision == {
        "confirmed": [{"kind": "antenatal_visit", "on": "2026-10-05", "amount": 80_000}]
    }
    made.refresh_from_db()
    assert made.cycle == october
    with pytest.raises(actions.NobodyEnrolled):
        _november(people["officer"])


def test_the_family_sees_what_comes_and_then_why_it_came(
    family: Household, people: dict[str, Actor], client_of: Callable[..., Client]
) -> None:
    _confirm(people["midwife"], family)
    _enrol(people["officer"])
    mine = families.family(family.pk)

    (comes,) = families.record_of(family.pk, by=mine).awaited
    _october(people["officer"])
    then = client_of("auditor").get(f"/api/v1/families/{family.pk}").json()

    assert (comes.kind, comes.amount) == ("antenatal_visit", 80_000)
    assert then["awaited"] == []
    assert why(GRANT, then["owed"][0]["decision"]) == [
        "5 October 2026: Antenatal visit, 80,000 riel"
    ]


def test_what_is_confirmed_late_is_paid_in_the_next_cycle_and_what_is_to_come_waits(
    family: Household, people: dict[str, Actor]
) -> None:
    _confirm(people["midwife"], family)
    _enrol(people["officer"])
    _october(people["officer"])
    _confirm(people["midwife"], family, Happened("antenatal_visit", date(2026, 9, 1)))
    _confirm(people["midwife"], family, Happened("delivery", date(2026, 11, 9), babies=2))

    november = _november(people["officer"])

    assert Entitlement.objects.get(cycle=november).amount == 80_000 + 2 * 400_000


def test_what_is_worth_nothing_is_kept_with_the_reason_and_brings_nobody_on_the_list(
    family: Household, people: dict[str, Actor]
) -> None:
    made = _confirm(people["midwife"], family, Happened("after_birth", VISIT.on), "child")

    assert made.amount is None
    assert [c["name"] for c in made.decision["criteria"] if not c["held"]] == ["infant"]
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (Happened("primary", VISIT.on, attendance=Decimal(90)), "programmes.not_confirmable"),
        (Happened("delivery", date(2026, 11, 11)), "programmes.day_to_come"),
        (Happened("delivery", VISIT.on, babies=0), "programmes.babies_impossible"),
        (Happened("delivery", VISIT.on, babies=6), "programmes.babies_impossible"),
        (Happened("delivery", VISIT.on, attendance=Decimal(90)),
         "programmes.attendance_impossible"),
        (VISIT, "programmes.confirmed_already"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_said(
    family: Household, people: dict[str, Actor], what: Happened, code: str
) -> None:
    _confirm(people["midwife"], family)

    with pytest.raises(SpeanError) as refused:
        _confirm(people["midwife"], family, what)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("on", "share"), [(date(2026, 11, 1), 90), (date(2026, 9, 1), 101), (date(2026, 9, 1), -1)]
)
def test_a_month_of_school_must_be_over_and_its_attendance_a_share(
    family: Household, people: dict[str, Actor], on: date, share: int
) -> None:
    with pytest.raises((actions.DayToCome, actions.AttendanceImpossible)):
        _month(people["school"], family, on, share)


def test_a_month_of_school_counts_once_by_whatever_day_of_it(
    family: Household, people: dict[str, Actor]
) -> None:
    made = _month(people["school"], family, date(2026, 9, 17))

    assert (made.on, made.amount) == (date(2026, 9, 1), 20_000)
    with pytest.raises(actions.ConfirmedAlready):
        _month(people["school"], family, date(2026, 9, 2))


def test_a_person_is_needed_for_a_contact_and_none_for_a_support(
    family: Household, people: dict[str, Actor]
) -> None:
    head = _member(family, "head").person_id
    for programme, who, report in (
        (GRANT, "midwife", Report(VISIT, household_id=family.pk)),
        (SUPPORT, "counsellor", Report(Happened("household", VISIT.on), head)),
        (SUPPORT, "counsellor", Report(Happened("household", VISIT.on))),
    ):
        with pytest.raises(actions.WhomMissing):
            actions.confirm(programme=programme, report=report, by=people[who], on=TODAY)
    with pytest.raises(NotFound):
        actions.confirm(
            programme=GRANT, report=Report(VISIT, uuid4()), by=people["midwife"], on=TODAY
        )


def test_nobody_confirms_elsewhere_or_for_another_programme(
    family: Household, people: dict[str, Actor], actor: Callable[..., Actor]
) -> None:
    elsewhere = actor("health_worker", "1602", Purpose.PAYMENT, name="far")

    for by in (elsewhere, people["school"], people["officer"]):
        with pytest.raises(NotAllowed):
            _confirm(by, family)
    assert not Confirmation.objects.exists()


def test_what_is_withdrawn_is_not_paid_and_can_be_confirmed_again(
    family: Household, people: dict[str, Actor]
) -> None:
    made = _confirm(people["midwife"], family)
    _enrol(people["officer"])
    with pytest.raises(actions.ReasonMissing):
        actions.withdraw(confirmation_id=made.pk, reason=" ", by=people["midwife"], on=TODAY)
    actions.withdraw(confirmation_id=made.pk, reason="Wrong woman", by=people["midwife"], on=TODAY)
    with pytest.raises(actions.WithdrawnAlready):
        actions.withdraw(confirmation_id=made.pk, reason="x", by=people["midwife"], on=TODAY)

    with pytest.raises(actions.NobodyEnrolled):
        _october(people["officer"])
    assert _confirm(people["midwife"], family).amount == 80_000


def test_what_was_paid_and_is_withdrawn_waits_for_a_decision_about_taking_it_back(
    family: Household, people: dict[str, Actor]
) -> None:
    made = _confirm(people["midwife"], family)
    _enrol(people["officer"])
    october = _october(people["officer"])
    again = {"cycle_id": october.pk, "household_id": family.pk, "by": people["district"]}
    with pytest.raises(actions.NothingToCorrect):
        actions.correct(**again, reason="Look", on=TODAY)
    actions.withdraw(confirmation_id=made.pk, reason="Wrong woman", by=people["midwife"], on=TODAY)

    found = actions.correct(**again, reason="The visit was another woman's", on=TODAY)

    assert (found.amount, found.state) == (-80_000, Correction.State.WAITING)
    with pytest.raises(actions.NothingToCorrect):
        actions.correct(**again, reason="Again", on=TODAY)


def test_a_family_with_something_unpaid_is_neither_withdrawn_nor_let_go(
    family: Household, people: dict[str, Actor], worked_out: Callable[[date], None]
) -> None:
    _confirm(people["midwife"], family)  # nobody recorded the pregnancy: the results owe nothing
    worked_out(TODAY)

    found = actions.find_candidates(programme=GRANT, by=people["officer"], on=TODAY)
    assert (found.candidates, found.withdrawn) == (0, 0)
    assert _enrol(people["officer"]) == 1
    let_go = {"programme": GRANT, "area": "", "by": people["officer"], "on": TODAY}
    assert actions.let_go(**let_go) == 0
    _october(people["officer"])
    assert actions.let_go(**let_go) == 1
    _confirm(people["midwife"], family, Happened("antenatal_visit", date(2026, 11, 9)))
    assert Enrolment.objects.get(programme=GRANT).state == "candidate"


def test_a_support_stands_for_a_year_is_paid_in_each_cycle_and_never_twice(
    family: Household, people: dict[str, Actor]
) -> None:
    _support(people["counsellor"], family, date(2025, 11, 2))
    _support(people["counsellor"], family, date(2026, 10, 1))

    first, second = _october(people["officer"], SUPPORT), _november(people["officer"], SUPPORT)
    late = _cycle(people["officer"], SUPPORT, date(2027, 9, 30), date(2027, 10, 1))

    amounts = Entitlement.objects.filter(cycle__in=[first, second, late])
    assert list(amounts.values_list("amount", flat=True)) == [28_000] * 3
    with pytest.raises(actions.NobodyEnrolled):
        _cycle(people["officer"], SUPPORT, date(2027, 10, 1), date(2027, 11, 1))


def test_who_gets_the_support_is_shown_to_its_counsellor_and_the_auditor_alone(
    family: Household, people: dict[str, Actor], client_of: Callable[..., Client]
) -> None:
    _support(people["counsellor"], family, date(2026, 10, 1))
    _confirm(people["midwife"], family)
    october = _october(people["officer"], SUPPORT)
    page = f"/programmes/{SUPPORT}/households/{family.pk}"
    api = f"/api/v1/programmes/lists/{SUPPORT}"

    for role in ("commune_clerk", "commune_council", "district_officer", "programme_officer",
                 "payment_approver"):  # fmt: skip
        client = client_of(role)
        assert client.get(page).status_code == 403, role
        assert client.get(f"{api}/households/{family.pk}").status_code == 403, role
        assert client.get(api).json()["items"] == [], role
        assert "Base support" not in client.get("/programmes").content.decode(), role
    assert client_of("auditor").get(page).status_code == 200
    assert len(client_of("auditor").get(api).json()["items"]) == 1
    for role, seen in (("programme_officer", False), ("payment_officer", False), ("auditor", True)):
        owed = client_of(role).get(f"/api/v1/programmes/households/{family.pk}/owed")
        assert owed.status_code == 200
        assert (str(october.pk) in owed.content.decode()) is seen
    with pytest.raises(NotAllowed):
        actions.move(
            programme=SUPPORT, household_id=family.pk, to="suspended", reason="x",
            by=people["district"], on=TODAY,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        actions.correct(
            cycle_id=october.pk, household_id=family.pk, reason="x", by=people["district"],
            on=TODAY,
        )  # fmt: skip


def test_what_the_support_paid_too_much_is_decided_without_a_name(
    family: Household, people: dict[str, Actor], client_of: Callable[..., Client]
) -> None:
    made = _support(people["counsellor"], family, date(2026, 10, 1))
    october = _october(people["officer"], SUPPORT)
    actions.withdraw(confirmation_id=made.pk, reason="An error", by=people["counsellor"], on=TODAY)
    actions.correct_cycle(cycle_id=october.pk, reason="Withdrawn", by=people["officer"], on=TODAY)

    for role, sees in (("payment_approver", False), ("payment_officer", False), ("auditor", True)):
        client = client_of(role)
        page = client.get("/corrections").content.decode()
        listed = client.get("/api/v1/programmes/corrections").json()["items"]
        assert (str(family.pk) in page) is sees, role
        assert bool(listed) is sees, role
        assert (f"/cycles/{october.pk}" in page) is (role == "payment_approver"), role


def test_the_database_holds_what_was_confirmed(family: Household, people: dict[str, Actor]) -> None:
    made = _confirm(people["midwife"], family)
    _enrol(people["officer"])
    _october(people["officer"])
    for change in ("amount = 1", "cycle_id = NULL", "person_id = NULL", "by = 'me'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE programmes_confirmation SET {change} WHERE id = %s", [made.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        Confirmation.objects.filter(pk=made.pk).delete()


def _reports(home: Household) -> dict[str, list[dict[str, Any]]]:
    child = str(_member(home, "child").person_id)
    return {"reports": [
        {"kind": "primary", "on": "2026-09-01", "person": child, "attendance": 92.5},
        {"kind": "primary", "on": "2026-08-01", "person": child, "attendance": 150},
        {"kind": "primary", "on": "2026-07-01", "person": child, "attendance": 60},
        {"kind": "primary", "on": "2026-06-01", "person": str(uuid4()), "attendance": 90},
    ]}  # fmt: skip


@pytest.mark.parametrize(("keep", "kept"), [("good", 2), ("all_or_none", 0)])
def test_of_many_every_one_refused_is_named_and_the_good_are_kept_as_asked(
    family: Household, client_of: Callable[..., Client], keep: str, kept: int
) -> None:
    client = client_of("school_officer", "1601")

    said = post(client, f"programmes/lists/{SCHOOL}/confirmations",
                {"keep": keep} | _reports(family))  # fmt: skip

    assert said.status_code == 201, said.content
    refused = {one["place"]: one["code"] for one in said.json()["refused"]}
    assert refused == {1: "programmes.attendance_impossible", 3: "kernel.not_found"}
    assert all(one["km"] and one["en"] for one in said.json()["refused"])
    assert Confirmation.objects.count() == kept
    amounts = [one["amount"] for one in said.json()["confirmed"]]
    assert sorted(amounts, key=bool) == ([None, 20_000] if kept else [])


def test_families_of_another_area_are_refused_alone_and_the_refusal_is_on_record(
    family: Household, client_of: Callable[..., Client]
) -> None:
    client = client_of("school_officer", "1602")

    said = post(client, f"programmes/lists/{SCHOOL}/confirmations",
                {"keep": "all_or_none", "reports": _reports(family)["reports"][:1]})  # fmt: skip

    assert [one["code"] for one in said.json()["refused"]] == ["kernel.not_allowed"]
    assert AuditEntry.objects.filter(kind="refusal", action="programmes.confirm_school").exists()


def _fetched(client: Client) -> list[dict[str, str]]:
    text = client.get("/confirmations/months/pupils?area=1601").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def _sent(rows: list[dict[str, str]]) -> SimpleUploadedFile:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("september.csv", out.getvalue().encode())


@pytest.mark.parametrize(("keep", "paid"), [("good", 1), ("none", 0)])
def test_a_school_fetches_its_list_fills_it_in_and_sends_it(
    family: Household, client_of: Callable[..., Client], keep: str, paid: int
) -> None:
    Enrolment.objects.create(
        programme=SCHOOL, household=family, village=family.village.code, state="enrolled",
        since=TODAY, amount=16_666,
    )  # fmt: skip
    client = client_of("school_officer", "1601")
    (child,) = _fetched(client)
    assert (child["latin_name"], child["stage"], child["attendance"]) == ("Sok Thida", "", "")
    rows = [
        child | {"stage": "primary", "attendance": "៩០%"},
        child | {"person": "Thida", "stage": "primary", "attendance": "90"},
        child | {"stage": "primary", "attendance": "often"},
        child,
    ]

    said = client.post("/confirmations/months", {
        "month_day": "1", "month_month": "9", "month_year": "2026", "file": _sent(rows),
        "keep": keep,
    })  # fmt: skip

    page = said.content.decode()
    assert said.status_code == 200, page
    assert "Row 3" in page
    assert "Row 4" in page
    assert Confirmation.objects.filter(amount=20_000).count() == paid
    broken = SimpleUploadedFile("x.csv", b"name\nThida\n")
    said = client.post("/confirmations/months", {"month": "2026-09-01", "file": broken,
                                                 "keep": keep})  # fmt: skip
    assert said.status_code == 422


def _card(home: Household, by: Actor) -> str:
    today = timezone.localdate()
    made = registry.issue_card(
        household=home, category="poor_1", by=by, on=today,
        valid=Period(today, add_months(today, 36)),
    )  # fmt: skip
    return str(made.number)


def test_a_midwife_confirms_by_the_card_and_withdraws_in_the_browser(
    family: Household, system: Actor, client_of: Callable[..., Client], settings: Any,
    tmp_path: Any,
) -> None:  # fmt: skip
    settings.CARD_KEYS = tmp_path / "keys"
    number, client = _card(family, system), client_of("health_worker", "1601")
    wrong = client.post("/confirmations", {"programme": GRANT, "number": "1601-000"})
    assert wrong.status_code == 422
    page = client.post("/confirmations", {"programme": GRANT, "number": number}, follow=True)
    assert "Sok Bopha" in page.content.decode()
    address = page.request["PATH_INFO"]
    said = {"person": _member(family, "head").person_id, "kind": "antenatal_visit",
            "on_day": "5", "on_month": "10", "on_year": "2026", "babies": "1"}  # fmt: skip

    assert client.post(address, said | {"babies": "9"}).status_code == 422
    assert "80,000 riel in the next payment" in client.post(address, said, follow=True) \
        .content.decode()  # fmt: skip
    assert "confirmed for this day" in client.post(address, said).content.decode()
    child = said | {"person": _member(family, "child").person_id, "kind": "after_birth"}
    assert "The child was under two" in client.post(address, child, follow=True).content.decode()

    made = Confirmation.objects.get(amount=80_000)
    withdraw = f"/confirmations/{made.pk}/withdraw"
    assert "Write the reason" in client.post(withdraw, follow=True).content.decode()
    page = client.post(withdraw, {"reason": "Wrong woman"}, follow=True)
    assert "Wrong woman" in page.content.decode()
    shown = client_of("commune_clerk", "160101").get(f"/programmes/{GRANT}/households/{family.pk}")
    assert "Wrong woman" in shown.content.decode()
    assert AuditEntry.objects.filter(kind="read", action="programmes.confirm_contact").exists()


MAY = {GRANT: "health_worker", SCHOOL: "school_officer", SUPPORT: "support_counsellor"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_confirms_what_it_may(
    family: Household, client_of: Callable[..., Client], role: str
) -> None:
    client, some = client_of(role), role in MAY.values()
    months = ["/confirmations/months", "/confirmations/months/pupils?area=1601",
              "/api/v1/programmes/lists/scholarship/pupils?area=1601"]  # fmt: skip
    assert client.get("/confirmations").status_code == (200 if some else 403)
    for address in months:
        assert client.get(address).status_code == (200 if role == MAY[SCHOOL] else 403), address
    for programme, may in MAY.items():
        at = f"{programme}/households/{family.pk}/confirmations"
        for address in (f"/programmes/{at}", f"/api/v1/programmes/lists/{at}"):
            assert client.get(address).status_code == (200 if role == may else 403), address
        one = {"kind": "antenatal_visit", "on": "2026-10-05", "household": str(family.pk)}
        said = post(client, f"programmes/lists/{programme}/confirmations", {"reports": [one]})
        assert said.status_code == (201 if some else 403)
    assert client.post(f"/confirmations/{uuid4()}/withdraw").status_code == (404 if some else 403)
    said = post(client, f"programmes/confirmations/{uuid4()}/withdraw", {"reason": "x"})
    assert said.status_code == (404 if some else 403)


def test_only_who_may_confirm_withdraws(
    family: Household, people: dict[str, Actor], client_of: Callable[..., Client]
) -> None:
    made = _confirm(people["midwife"], family)
    for role, area in (("school_officer", "1601"), ("health_worker", "1602")):
        client = client_of(role, area, name=f"{role}{area}")
        assert client.post(f"/confirmations/{made.pk}/withdraw").status_code == 403
        said = post(client, f"programmes/confirmations/{made.pk}/withdraw", {"reason": "x"})
        assert said.status_code == 403
        assert client.get(f"/programmes/{GRANT}/households/{family.pk}/confirmations") \
            .status_code == 403  # fmt: skip


def test_pupils_are_those_of_age_for_school_in_listed_families_of_the_area(
    family: Household, people: dict[str, Actor]
) -> None:
    _month(people["school"], family)

    listed = queries.pupils("1601", by=people["school"], on=TODAY)

    assert [(one.latin_name, one.birth_date) for one in listed] == [("Sok Thida", date(2019, 6, 1))]
    assert queries.pupils("1601", by=people["school"], on=date(2025, 5, 31)) == []
    Enrolment.objects.update(state="suspended")
    assert queries.pupils("1601", by=people["school"], on=TODAY) == []
    with pytest.raises(NotAllowed):
        queries.pupils("", by=people["school"], on=TODAY)
