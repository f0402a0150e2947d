"""A birth or contact that care recorded is a case of the schemes: once, where it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.health_equity import actions, handlers, queries
from spean.health_equity.models import Claim, Contract, Listing, ReportedCase, Visit
from spean.health_equity.rules.reported import case_of, case_of_birth, payable
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.locations.models import Catchment, Facility, Place
from spean.maternal_child import actions as care
from spean.maternal_child.events import BirthRecorded, ContactCompleted
from spean.maternal_child.models import Pregnancy
from spean.registry.models import Person
from tests.health_equity.conftest import DAY

TODAY = DAY + timedelta(days=5)
SEES = {"health_worker", "facility_clerk", "facility_chief", "auditor"}
NOTHING = care.Measured()


@pytest.fixture
def midwife(actor: Callable[..., Actor]) -> Actor:
    """Give a midwife of the district."""
    return actor("health_worker", "1601", Purpose.CARE)


@pytest.fixture
def centre(facility_of: Callable[..., Facility], village: Place) -> Facility:
    """Give the health centre that serves the mother's village."""
    made = facility_of()
    Catchment.objects.create(facility=made, place=village, start=date(2015, 1, 1))
    return made


@pytest.fixture
def pregnancy(mother: Person, midwife: Actor) -> Pregnancy:
    """Take the poor mother's pregnancy into care in its 39th week."""
    return care.record_pregnancy(
        person_id=mother.pk, dating=care.Dating(last_period_on=DAY - timedelta(weeks=39)),
        by=midwife, on=DAY,
    )  # fmt: skip


def bear(pregnancy: Pregnancy, by: Actor, **given: Any) -> None:
    """Record the birth of a girl."""
    birth = care.Birth(**{"day": DAY, "place": "health_centre", "attendant": "midwife",
                          "mode": "normal"} | given)  # fmt: skip
    care.record_birth(pregnancy_id=pregnancy.pk, birth=birth,
                      babies=[care.NewBaby("live", "female", 3000)], by=by, on=TODAY)  # fmt: skip


def reported() -> ReportedCase:
    """Give the one case that was reported."""
    return ReportedCase.objects.select_related("visit", "facility").get()


def test_a_birth_at_a_facility_opens_the_case_with_service_diagnosis_and_payer(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife)

    found = reported()
    visit = found.visit
    assert visit is not None
    assert (found.became, visit.facility, visit.person_id, visit.came_on, visit.left_on) == (
        "opened", centre, pregnancy.person_id, DAY, None)  # fmt: skip
    assert (visit.scheme, visit.group, visit.diagnoses) == ("hef", "poor_1", ["O80"])
    assert visit.cover is not None
    assert [(one.service, one.on) for one in visit.services.all()] == [("delivery", DAY)]
    assert visit.source_key == f"birth:{pregnancy.pk}"


def test_it_is_claimed_only_after_the_facility_completed_it_and_is_accepted(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor, system: Actor
) -> None:
    bear(pregnancy, midwife)
    month = {"facility": "HC1", "month": DAY, "by": system, "on": TODAY}
    assert list(actions.build_claims(**month)) == []

    visit = Visit.objects.get()
    left = actions.Left(DAY, "cured", visit.diagnoses, ["birth_record"])
    actions.close_visit(visit_id=visit.pk, left=left, by=midwife, on=TODAY, at=timezone.now())
    (claim,) = actions.build_claims(**month)

    assert actions.adjudicate(claim_ids=[claim.pk], by=system, on=TODAY) == {"accepted": 1}
    assert Claim.objects.get().amount == 80_000


def test_told_again_by_whatever_way_it_stays_one_case(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor, village: Place
) -> None:
    bear(pregnancy, midwife)
    event = BirthRecorded(
        pregnancy=pregnancy.pk, household=Visit.objects.get().household_id,
        mother=pregnancy.person_id, children=(), stillborn=0, village=village.code,
        place="health_centre", day=DAY, recorded_on=TODAY,
    )  # fmt: skip

    handlers.report_birth(event)
    handlers.report_birth(replace(event, day=DAY - timedelta(days=1)))

    assert (Visit.objects.count(), ReportedCase.objects.count()) == (1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportedCase.objects.create(
            source_key=f"birth:{pregnancy.pk}", service="delivery", day=DAY, facility=centre,
            person_id=pregnancy.person_id, area=centre.place.code, became="nobody_pays",
        )  # fmt: skip


def test_a_case_that_the_counter_began_is_the_same_one(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor
) -> None:
    handle = queries.look_up("Sok Bopha", by=midwife, on=DAY).patients[0].handle
    came = actions.Came(DAY - timedelta(days=1))
    begun = actions.open_visit(handle=handle, facility="HC1", came=came, by=midwife, on=TODAY)

    bear(pregnancy, midwife)

    assert (reported().became, reported().visit) == ("on_record", begun)
    begun.refresh_from_db()
    assert begun.diagnoses == ["O80"]
    assert [one.service for one in begun.services.all()] == ["delivery"]


def test_the_counter_goes_on_with_a_reported_case_of_the_day_and_leaves_an_older_one(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife)
    handle = queries.look_up("Sok Bopha", by=midwife, on=DAY).patients[0].handle

    def begin(on: date) -> Visit:
        return actions.open_visit(
            handle=handle, facility="HC1", came=actions.Came(on), by=midwife, on=TODAY
        )

    assert begin(DAY) == reported().visit
    assert begin(TODAY) != reported().visit


@pytest.mark.parametrize(
    ("given", "services", "diagnoses"),
    [
        ({"mode": "caesarean", "place": "hospital"}, ["caesarean"], ["O82"]),
        ({"mode": "assisted", "place": "hospital"}, ["delivery"], ["O81"]),
        ({"complications": ["bleeding"], "place": "hospital"}, ["complicated_delivery"],
         ["O80", "O72"]),
        ({"complications": ["bleeding"]}, ["delivery"], ["O80", "O72"]),
    ],
)  # fmt: skip
def test_how_the_birth_went_makes_the_service_that_is_paid_at_the_level(
    centre: Facility, facility_of: Callable[..., Facility], village: Place, pregnancy: Pregnancy,
    midwife: Actor, given: dict[str, Any], services: list[str], diagnoses: list[str],
) -> None:  # fmt: skip
    hospital = facility_of("H1", "cpa2", "16020101")
    Catchment.objects.create(facility=hospital, place=village, start=date(2015, 1, 1))

    bear(pregnancy, midwife, **given)

    visit = reported().visit
    assert visit is not None
    assert visit.facility == (hospital if given.get("place") == "hospital" else centre)
    assert [one.service for one in visit.services.all()] == services
    assert visit.diagnoses == diagnoses


def test_the_facility_that_was_named_counts_before_the_one_that_serves_the_village(
    centre: Facility, facility_of: Callable[..., Facility], pregnancy: Pregnancy, midwife: Actor
) -> None:
    named = facility_of("H1", "cpa2", "16020101")

    bear(pregnancy, midwife, place="hospital", facility="H1")

    assert reported().facility == named


@pytest.mark.parametrize("given", [{"place": "home", "facility": "HC1"}, {"facility": "NONE"}])
def test_a_facility_that_cannot_be_is_asked_about(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor, given: dict[str, Any]
) -> None:
    with pytest.raises(care.AnswersWrong) as refused:
        bear(pregnancy, midwife, **given)

    assert [field for field, _ in refused.value.field_errors] == ["facility"]


def test_where_nobody_pays_there_is_no_claim_and_the_reason_stays(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor, mother: Person
) -> None:
    mother.memberships.get().household.poverty_statuses.update(end=DAY)

    bear(pregnancy, midwife)

    found = reported()
    assert (found.became, found.visit, found.facility) == ("nobody_pays", None, centre)
    assert found.cover is not None
    assert found.cover.outcome == "expired"
    assert not Visit.objects.exists()


def test_where_the_payer_has_no_contract_or_no_facility_is_known_it_says_so(
    facility_of: Callable[..., Facility], pregnancy: Pregnancy, midwife: Actor, village: Place
) -> None:
    centre = facility_of(scheme="")
    bear(pregnancy, midwife)
    assert (reported().became, reported().area) == ("no_facility", village.code)
    ReportedCase.objects.all().delete()
    Catchment.objects.create(facility=centre, place=village, start=date(2015, 1, 1))

    handlers.report_birth(BirthRecorded(
        pregnancy=pregnancy.pk, household=pregnancy.person.memberships.get().household_id,
        mother=pregnancy.person_id, children=(), stillborn=0, village=village.code,
        place="health_centre", day=DAY, recorded_on=TODAY,
    ))  # fmt: skip

    assert reported().became == "not_paid_here"


def test_a_birth_at_home_is_no_case(centre: Facility, pregnancy: Pregnancy, midwife: Actor) -> None:
    bear(pregnancy, midwife, place="home", attendant="traditional")

    assert not ReportedCase.objects.exists()


@pytest.mark.parametrize(("place", "cases"), [("facility", 1), ("outreach", 0), ("home", 0)])
def test_an_antenatal_contact_at_a_facility_is_a_case(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor, place: str, cases: int
) -> None:
    care.record_contact(person_id=pregnancy.person_id, kind="antenatal", day=DAY, place=place,
                        measured=NOTHING, by=midwife, on=TODAY)  # fmt: skip

    visits = Visit.objects.filter(services__service="antenatal_visit", diagnoses=["Z34"])
    assert visits.count() == cases


def test_contact_and_birth_of_one_day_are_one_visit_and_a_later_contact_another(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor
) -> None:
    contact = {"person_id": pregnancy.person_id, "place": "facility", "measured": NOTHING,
               "by": midwife, "on": TODAY}  # fmt: skip
    care.record_contact(kind="antenatal", day=DAY, **contact)
    bear(pregnancy, midwife)
    care.record_contact(kind="postnatal", day=DAY + timedelta(days=2), **contact)

    first, second = Visit.objects.order_by("came_on")
    assert {one.service for one in first.services.all()} == {"antenatal_visit", "delivery"}
    assert [one.service for one in second.services.all()] == ["postnatal_visit"]


def test_a_newborns_contact_is_no_case_of_its_own(centre: Facility, mother: Person) -> None:
    handlers.report_contact(ContactCompleted(
        contact=mother.pk, household=mother.memberships.get().household_id, person=mother.pk,
        village="16010101", kind="newborn", place="facility", vaccinated=True, day=DAY,
        recorded_on=TODAY,
    ))  # fmt: skip

    assert not ReportedCase.objects.exists()


def test_care_before_the_schemes_paid_for_it_is_no_case(
    centre: Facility, mother: Person, midwife: Actor
) -> None:
    handlers.report_contact(ContactCompleted(
        contact=mother.pk, household=mother.memberships.get().household_id, person=mother.pk,
        village="16010101", kind="antenatal", place="facility", vaccinated=False,
        day=date(2018, 12, 31), recorded_on=TODAY,
    ))  # fmt: skip

    assert not ReportedCase.objects.exists()


def test_a_birth_after_the_mothers_death_by_the_record_is_still_recorded(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor, mother: Person
) -> None:
    Person.objects.filter(pk=mother.pk).update(death_date=DAY - timedelta(days=1))

    bear(pregnancy, midwife)

    pregnancy.refresh_from_db()
    assert (pregnancy.ending, ReportedCase.objects.count()) == ("birth", 0)


def test_what_did_not_take_place_there_is_ended_as_mistaken_and_never_claimed(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor, system: Actor
) -> None:
    bear(pregnancy, midwife)
    visit = Visit.objects.get()

    done = actions.close_visit(visit_id=visit.pk, left=actions.Left(DAY, "mistaken"), by=midwife,
                               on=TODAY, at=timezone.now())  # fmt: skip

    assert (done.outcome, done.fee) == ("mistaken", 0)
    built = actions.build_claims(facility="HC1", month=DAY, by=system, on=TODAY)
    assert list(built) == []


def test_a_worker_is_claimed_from_her_scheme_before_the_fund(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor, mother: Person
) -> None:
    Listing.objects.create(person=mother, group="worker", start=date(2020, 1, 1), source="t",
                           listed_by="t")  # fmt: skip
    Contract.objects.create(facility=centre, scheme="workers", act="t", made_by="t",
                            start=date(2020, 1, 1))  # fmt: skip

    bear(pregnancy, midwife)

    assert Visit.objects.get().scheme == "workers"


def test_only_the_system_reports(mother: Person, midwife: Actor) -> None:
    report = actions.Report("x", case_of("antenatal", on=DAY), mother.pk, DAY, "16010101")

    with pytest.raises(NotAllowed):
        actions.report_case(report=report, by=midwife, on=DAY)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_answer(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor, client_of: Callable[..., Client],
    role: str,
) -> None:  # fmt: skip
    bear(pregnancy, midwife)
    client = client_of(role)
    expected = 200 if role in SEES else 403

    assert client.get("/care/visits/reported").status_code == expected
    answer = client.get("/api/v1/health_equity/visits/reported?became=opened")
    assert answer.status_code == expected
    if role in SEES:
        (item,) = answer.json()["items"]
        assert (item["became"], item["service"], item["facility"]) == (
            "opened", "delivery", "HC1")  # fmt: skip


def test_a_clerk_sees_the_reports_of_the_own_area_and_completes_one_on_the_page(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor, client_of: Callable[..., Client]
) -> None:
    bear(pregnancy, midwife)
    visit = Visit.objects.get()
    clerk = client_of("facility_clerk", "1601")

    assert client_of("facility_clerk", "1602").get("/care/visits/reported").context["rows"] == []
    assert "To be completed" in clerk.get("/care/visits").content.decode()
    assert "record of care reported this" in clerk.get(f"/care/visits/{visit.pk}").content.decode()
    form = clerk.get(f"/care/visits/{visit.pk}/end").context["form"]
    assert (form["left_on"].value(), form["diagnoses"].value()) == (DAY, "O80")
    done = clerk.post(f"/care/visits/{visit.pk}/end", {
        "left_on": DAY.isoformat(), "diagnoses": "O80", "outcome": "cured",
        "documents": ["birth_record"],
    })  # fmt: skip

    visit.refresh_from_db()
    assert (done.status_code, visit.outcome) == (302, "cured")


def test_the_number_of_queries_of_the_list_does_not_grow(
    centre: Facility, mother: Person, client_of: Callable[..., Client],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    for n in range(12):
        ReportedCase.objects.create(
            source_key=str(n), service="delivery", day=DAY, person=mother, facility=centre,
            area=centre.place.code, became="nobody_pays",
        )  # fmt: skip
    client = client_of("auditor")

    with django_assert_max_num_queries(14):
        client.get("/care/visits/reported")


def test_the_first_service_that_is_paid_at_the_level_is_taken() -> None:
    case = case_of_birth("normal", ["tear"], on=DAY)

    assert case.services == ["complicated_delivery", "delivery"]
    assert payable(case, "hef", "cpa2", on=DAY) == "complicated_delivery"
    assert payable(case, "hef", "health_centre", on=DAY) == "delivery"
    assert payable(case, "hef", "health_post", on=DAY) is None
    assert case_of("newborn", on=DAY).services == []


def test_the_trip_that_brought_her_is_on_the_reported_case_once_whichever_is_told_first(
    centre: Facility, pregnancy: Pregnancy, midwife: Actor, system: Actor
) -> None:
    def trip(n: int, on: date) -> None:
        actions.note_transport(
            trip=UUID(int=n), referral=UUID(int=n), person_id=pregnancy.person_id, facility="HC1",
            km=7, cost=Decimal(0), by=system, on=on,
        )  # fmt: skip

    trip(1, DAY - timedelta(days=1))
    bear(pregnancy, midwife)
    trip(2, DAY)
    trip(3, DAY + timedelta(days=3))

    services = Visit.objects.get().services.filter(service="transport")
    assert [(one.on, one.quantity) for one in services] == [(DAY, 14)]
