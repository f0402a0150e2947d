"""Claims come in, are built from visits, and are withdrawn; nothing is lost or kept twice."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from stdnum.iso7064 import mod_97_10

from spean.health_equity import actions
from spean.health_equity.actions import Claimed, Line
from spean.health_equity.models import Claim, Visit, VisitService
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry, StoredDecision
from spean.locations.models import Facility, FacilityLevel
from spean.registry.models import EquityCard, Identifier, Person
from tests.health_equity.conftest import DAY, SINCE, UNTIL

TODAY = date(2026, 4, 1)
ONE = Claimed("A1", "hef", DAY, DAY, [Line("outpatient", DAY, 1, 4000)], ["A09"])
HEADER = ",".join(actions.COLUMNS)


@pytest.fixture
def clerk(actor: Callable[..., Actor]) -> Actor:
    """Give the clerk of the health centre's commune."""
    return actor("facility_clerk", "160101", Purpose.PAYMENT)


@pytest.fixture
def send(facility_of: Callable[..., Facility], clerk: Actor) -> Callable[..., actions.Taken]:
    """Send claims for the health centre; the good ones are kept unless told."""
    facility_of()

    def submit(*claims: Claimed, keep_good: bool = True, **given: Any) -> actions.Taken:
        return actions.submit_claims(**{
            "facility": "HC1", "claims": claims, "source": "fhir", "keep_good": keep_good,
            "by": clerk, "on": TODAY} | given)  # fmt: skip

    return submit


@pytest.fixture
def card(mother: Person) -> str:
    """Give the number of the mother's family's card."""
    number = f"1601{1:06}"
    home = mother.memberships.get().household
    return EquityCard.objects.create(
        number=number + mod_97_10.calc_check_digits(number), serial=1, household=home,
        category="poor_1", token="t", issued_by="t", start=SINCE, end=UNTIL,
    ).number  # fmt: skip


def test_a_claim_is_kept_as_it_was_claimed(
    send: Callable[..., actions.Taken], mother: Person
) -> None:
    (kept,) = send(replace(ONE, person=mother.pk, patient="Bopha", sex="female")).kept

    kept.refresh_from_db()
    assert (kept.state, kept.asked, kept.amount, kept.month) == (
        "submitted", 4000, None, date(2026, 3, 1))  # fmt: skip
    assert (kept.person, kept.patient, kept.submitted_by) == (
        mother, "Bopha", "facility_clerk_160101")  # fmt: skip
    assert AuditEntry.objects.filter(action="health_equity.submit_claims").count() == 1


def test_a_claim_sent_twice_is_one_claim(send: Callable[..., actions.Taken]) -> None:
    (first,) = send(ONE).kept

    taken = send(ONE, ONE)

    assert ([one.pk for one in taken.again], taken.kept, taken.refused) == ([first.pk], [], [])
    assert Claim.objects.count() == 1


def test_a_number_that_stands_for_another_claim_is_refused(
    send: Callable[..., actions.Taken],
) -> None:
    send(ONE)

    ((place, error),) = send(replace(ONE, diagnoses=["B50"])).refused

    assert (place, error.code) == (0, "health_equity.claim_number_used")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"lines": []}, "health_equity.lines_impossible"),
        ({"lines": ONE.lines * 10_000}, "health_equity.lines_impossible"),
        ({"external": " "}, "health_equity.claim_number_missing"),
        ({"scheme": "exemption"}, "health_equity.scheme_not_claimed"),
        ({"came_on": date(26, 3, 1)}, "health_equity.value_impossible"),
        ({"sex": "f"}, "health_equity.value_impossible"),
        ({"documents": ["letter"]}, "health_equity.value_impossible"),
        ({"lines": [Line("outpatient", DAY, -1, 4000)]}, "health_equity.value_impossible"),
        ({"lines": [Line("outpatient", DAY, 1, 10**13)]}, "health_equity.value_impossible"),
    ],
)
def test_what_no_record_could_hold_is_refused_alone(
    send: Callable[..., actions.Taken], changed: dict[str, Any], code: str
) -> None:
    taken = send(replace(ONE, **changed), replace(ONE, external="A2"))

    assert [(place, error.code) for place, error in taken.refused] == [(0, code)]
    assert [one.external for one in taken.kept] == ["A2"]


def test_a_claim_of_ten_thousand_lines_says_how_many_it_may_have(
    send: Callable[..., actions.Taken],
) -> None:
    ((_, error),) = send(replace(ONE, lines=ONE.lines * 10_000)).refused

    assert str(error) == (
        "A claim has 1 to 500 lines, and this one has 10000. Nothing of it was kept."
    )


def test_none_is_kept_where_one_is_bad_and_the_sender_chose_so(
    send: Callable[..., actions.Taken],
) -> None:
    taken = send(ONE, replace(ONE, external="A2", scheme="x"), keep_good=False)

    assert (taken.kept, [place for place, _ in taken.refused]) == ([], [1])
    assert not Claim.objects.exists()


def test_more_claims_than_the_limit_are_refused_as_a_whole(
    send: Callable[..., actions.Taken],
) -> None:
    with pytest.raises(actions.TooManyClaims):
        send(*[ONE] * (actions.MOST_CLAIMS + 1))


def test_a_clerk_claims_for_the_facilities_of_the_area_only(
    send: Callable[..., actions.Taken], facility_of: Callable[..., Facility]
) -> None:
    facility_of("HC2", place="16020101")

    with pytest.raises(NotAllowed):
        send(ONE, facility="HC2")


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ({"birth_date": date(1990, 1, 1)}, True),
        ({"patient": "Sok Bopha"}, True),
        ({"patient": "សុខ បុប្ផា"}, True),
        ({"patient": "Sok"}, False),  # mother and daughter are called so
        ({"patient": "Dara"}, False),
        ({"birth_date": date(1991, 1, 1)}, False),
        ({}, False),
    ],
)
def test_a_patient_is_found_by_card_and_name_or_birth(
    send: Callable[..., actions.Taken], card: str, mother: Person, named: dict[str, Any],
    *, found: bool,
) -> None:  # fmt: skip
    (kept,) = send(replace(ONE, card=card, **named)).kept

    assert kept.person_id == (mother.pk if found else None)


def test_a_patient_is_found_by_a_number_and_after_a_merger(
    send: Callable[..., actions.Taken], mother: Person, family_in: Callable[..., Any],
    village: Any,
) -> None:  # fmt: skip
    other = family_in(village).memberships.get(relation="head").person
    Identifier.objects.create(kind="national_id", value="012345678", person=other, start=SINCE)
    Person.objects.filter(pk=other.pk).update(merged_into=mother)

    (kept,) = send(replace(ONE, identifier="012345678")).kept

    assert kept.person_id == mother.pk


def test_a_claim_of_nobody_known_is_kept_without_a_person(
    send: Callable[..., actions.Taken],
) -> None:
    (kept,) = send(replace(ONE, card="9999999999999", patient="Dara")).kept

    assert (kept.person_id, kept.patient) == (None, "Dara")


def _file(*rows: str) -> io.BytesIO:
    return io.BytesIO("\n".join([HEADER, *rows]).encode())


GOOD = (
    "F1,hef,2026-03-10,2026-03-10,,,,Bopha,female,1990-01-01,A09,no,,outpatient,2026-03-10,1,4000"
)
MORE = (
    "F1,hef,2026-03-10,2026-03-10,,,,Bopha,female,1990-01-01,A09,no,,transport,2026-03-10,៣០,30000"
)
OTHER = "F2,hef,2026-03-11,2026-03-11,,,,Dara,,,A09 b50,yes,receipt,outpatient,2026-03-11,1,4000"


def test_the_rows_of_a_file_become_claims(
    facility_of: Callable[..., Facility], clerk: Actor
) -> None:
    facility_of()

    taken = actions.take_claims(facility="HC1", file=_file(GOOD, OTHER, MORE), name="c.csv",
                                keep_good=True, by=clerk, on=TODAY)  # fmt: skip

    assert taken.refused == []
    first, second = Claim.objects.order_by("external")
    lines = first.lines.order_by("place").values_list("service", "quantity", "asked")
    assert list(lines) == [("outpatient", 1, 4000), ("transport", 30, 30_000)]
    assert (second.diagnoses, second.referred, second.documents) == (
        ["A09", "B50"],
        True,
        ["receipt"],
    )


def test_every_bad_row_of_a_file_is_told_and_good_claims_are_kept(
    facility_of: Callable[..., Facility], clerk: Actor
) -> None:
    facility_of()
    rows = (GOOD, MORE.replace("2026-03-10,2026-03-10", "2026-03-10,2026-03-12"),
            OTHER, OTHER.replace("F2", "F3").replace(",1,4000", ",one,4000"),
            OTHER.replace("F2", "F4").replace("2026-03-11", "11/3/2026"),
            OTHER.replace("F2,hef", "F5,exemption"))  # fmt: skip

    taken = actions.take_claims(facility="HC1", file=_file(*rows), name="c.csv", keep_good=True,
                                by=clerk, on=TODAY)  # fmt: skip

    assert [(row, error.code) for row, error in taken.refused] == [
        (2, "health_equity.other_row_bad"), (3, "health_equity.claim_rows_differ"),
        (5, "health_equity.value_impossible"), (6, "health_equity.value_impossible"),
        (7, "health_equity.scheme_not_claimed"),
    ]  # fmt: skip
    assert [one.external for one in taken.kept] == ["F2"]


def test_a_file_with_a_bad_row_keeps_nothing_if_the_sender_chose_so(
    facility_of: Callable[..., Facility], clerk: Actor
) -> None:
    facility_of()

    taken = actions.take_claims(
        facility="HC1", file=_file(GOOD, OTHER.replace("2026-03-11", "x")), name="c.csv",
        keep_good=False, by=clerk, on=TODAY,
    )  # fmt: skip

    assert (taken.kept, [row for row, _ in taken.refused]) == ([], [3])


@pytest.fixture
def visit(facility_of: Callable[..., Facility], mother: Person) -> Visit:
    """Give a visit of the mother that has ended and for which the Fund pays."""
    facility = facility_of()
    cover = StoredDecision.objects.create(
        kind="health_equity.cover", subject_type="t", subject_id="1", outcome="covered",
        decided_on=DAY, body={}, stored_by="t",
    )  # fmt: skip
    made = Visit.objects.create(
        number="V1", facility=facility, area=facility.place.code, person=mother,
        household=mother.memberships.get().household, came_on=DAY, left_on=DAY,
        diagnoses=["A09"], outcome="cured", scheme="hef", group="poor_1", cover=cover,
        opened_by="t", closed_by="t", closed_at="2026-03-10T10:00Z",
    )  # fmt: skip
    for service, quantity in (("outpatient", 1), ("transport", 12), ("inpatient_adult", 4)):
        VisitService.objects.create(
            visit=made, service=service, on=DAY, quantity=quantity, given_by="t"
        )
    return made


def _built(clerk: Actor) -> Any:
    return actions.build_claims(facility="HC1", month=date(2026, 3, 5), by=clerk, on=TODAY)


def test_a_visit_is_claimed_once_at_the_fee_of_its_day(visit: Visit, clerk: Actor) -> None:
    FacilityLevel.objects.filter(facility=visit.facility).update(end=date(2026, 3, 11))
    FacilityLevel.objects.create(
        facility=visit.facility, kind="cpa1", act="t", start=date(2026, 3, 11)
    )

    (made,) = _built(clerk)

    lines = {one.service: (one.quantity, int(one.asked)) for one in made.lines.all()}
    assert lines == {
        "outpatient": (1, 4000), "transport": (12, 12_000), "inpatient_adult": (1, 0)
    }  # fmt: skip
    assert (made.visit, made.external, made.person, made.source) == (
        visit, "V1", visit.person, "visit")  # fmt: skip
    assert list(_built(clerk)) == []


def test_a_visit_whose_claim_was_withdrawn_is_claimed_again(visit: Visit, clerk: Actor) -> None:
    (first,) = _built(clerk)
    actions.withdraw_claim(claim_id=first.pk, reason="a service was missing", by=clerk, on=TODAY)

    (second,) = _built(clerk)

    assert (second.external, second.state) == ("V1/2", "submitted")


@pytest.mark.parametrize(
    "changed", [{"scheme": "", "group": "", "cover": None}, {"left_on": date(2026, 4, 1)},
                {"scheme": "exemption", "group": "exempted"}]
)  # fmt: skip
def test_a_visit_for_which_nobody_pays_or_of_another_month_is_not_claimed(
    visit: Visit, clerk: Actor, changed: dict[str, Any]
) -> None:
    Visit.objects.filter(pk=visit.pk).update(**changed)

    assert list(_built(clerk)) == []


def test_what_is_to_be_paid_is_not_withdrawn(
    send: Callable[..., actions.Taken], clerk: Actor, system: Actor, mother: Person
) -> None:
    (kept,) = send(replace(ONE, person=mother.pk)).kept
    actions.adjudicate(claim_ids=[kept.pk], by=system, on=TODAY)

    with pytest.raises(actions.NotWithdrawable):
        actions.withdraw_claim(claim_id=kept.pk, reason="mine", by=clerk, on=TODAY)
