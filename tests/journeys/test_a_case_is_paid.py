"""From the card at the counter to the money of the facility: on the pages, and by FHIR alone."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from spean.health_equity import actions as fund
from spean.health_equity.models import Claim, Sample, Statement, Visit
from spean.kernel.access import Actor
from spean.kernel.periods import Period, add_months
from spean.locations.models import Facility
from spean.payments.models import Order, Payment
from spean.registry import actions as registry
from spean.registry.models import Person
from spean.targeting.models import PovertyStatus
from tests.calls import post
from tests.health_equity.conftest import facility_of, family_in, mother
from tests.interop.fhir import claims as fhir
from tests.interop.fhir.conftest import System, ids, system_of
from tests.payments.messages import details, entry, notification, report, status
from tests.registry.conftest import own_keys

__all__ = ["facility_of", "family_in", "mother", "own_keys", "system_of"]
TODAY = timezone.localdate()
MONTH = add_months(TODAY.replace(day=1), -1)  # that is over
CAME = MONTH + timedelta(days=9)
FEE, GRANT = 4000, 2_000_000
ASKED = {"scheme": "hef", "month": MONTH.isoformat()}


@pytest.fixture
def patient(mother: Person, facility_of: Callable[..., Facility], system: Actor) -> Person:
    """Give a poor mother near a health centre with a contract, an account, and a budget for it."""
    facility_of()
    PovertyStatus.objects.update(end=TODAY + timedelta(days=365))
    fund.set_account(facility="HC1", number="001234567", holder="HC 1", start=MONTH, by=system,
                     on=TODAY)  # fmt: skip
    return mother


@pytest.fixture
def card(patient: Person, own_keys: None, system: Actor) -> str:
    """Give what the code on the family's card reads."""
    valid = Period(date(2024, 1, 2), TODAY + timedelta(days=365))
    home = patient.memberships.get().household
    return registry.issue_card(
        household=home, category="poor_1", valid=valid, by=system, on=date(2024, 1, 2)
    ).token


def _say(client: Client, address: str, **said: Any) -> Any:
    """Post a form that is taken."""
    done = client.post(address, said)
    assert done.status_code in (200, 302), (address, done.content.decode()[-2000:])
    return done


def _care(clerk: Client, card: str) -> Visit:
    """Scan the card, begin the visit, record the consultation, end it."""
    shown = _say(clerk, "/care/cover", text=card)
    (one,) = [row for row in shown.context["patients"] if row["one"].name_en == "Sok Bopha"]
    assert one["title"] == "Covered"
    begun = _say(clerk, "/care/cover/visit", patient=one["one"].handle, facility="HC1",
                 came_on=CAME.isoformat(), card="")  # fmt: skip
    address = begun["Location"]
    _say(clerk, address, service="outpatient", on=CAME.isoformat(), quantity="1")
    _say(clerk, f"{address}/end", left_on=CAME.isoformat(), diagnoses="A09", outcome="cured")
    return Visit.objects.get()


def _verify(client_of: Callable[..., Client]) -> None:
    """Draw the sample of the month, check its claims, close it, make the statements."""
    chief, verifier = client_of("certification_chief"), client_of("claims_verifier")
    _say(chief, "/care/samples", **ASKED, seed="drawn in public")
    sample = Sample.objects.get()
    for row in sample.claims.all():
        verifier.get(f"/care/samples/claims/{row.pk}")
        _say(verifier, f"/care/samples/claims/{row.pk}", on_paper="agrees", by_phone="agrees",
             finding="right", right_amount=str(int(row.amount)))  # fmt: skip
    _say(chief, f"/care/samples/{sample.pk}/close")
    _say(chief, "/care/statements", **ASKED)


def _pay(client_of: Callable[..., Client]) -> Payment:
    """Order the month, approve it by two, release it, and take in what the bank answers."""
    _say(client_of("budget_officer"), "/payments/budgets", programme="hef", amount="10000000",
         funder="national-budget", source="Act 1", key="1", way="gives")  # fmt: skip
    officer = client_of("programme_officer")
    _say(officer, "/care/statements/order", **ASKED)
    order = Order.objects.get()
    for name in ("one", "two"):
        approver = client_of("payment_approver", name=name)
        seen = approver.get(f"/payments/orders/{order.pk}").context["order"].list_hash
        _say(approver, f"/payments/orders/{order.pk}/approve", list_hash=seen)
    payer = client_of("payment_officer")
    _say(payer, f"/payments/orders/{order.pk}/release")
    payment = order.payments.get()
    pieces: Any = payer.get(f"/payments/orders/{order.pk}/file?format=pain.001")
    assert payment.reference in b"".join(pieces.streaming_content).decode()
    for answer in (
        report(status(payment.reference, "ACSP")),
        notification(entry(details(payment.reference, f"{payment.amount}.00"),
                           day=f"<Dt>{TODAY}</Dt>")),
    ):  # fmt: skip
        _say(payer, "/payments/answers", file=SimpleUploadedFile("a.xml", answer.read()))
    payment.refresh_from_db()
    return payment


def test_a_card_is_scanned_and_the_facility_sees_that_it_is_paid(
    patient: Person, card: str, client_of: Callable[..., Client]
) -> None:
    clerk, reviewer = client_of("facility_clerk", "1601"), client_of("claims_reviewer")
    visit = _care(clerk, card)
    month = {"facility": "HC1", "month": MONTH.isoformat()}

    _say(clerk, "/claims/build", **month)
    _say(reviewer, "/claims/judge", **month)
    assert Claim.objects.get(visit=visit).state == "accepted"
    _verify(client_of)
    payment = _pay(client_of)

    assert (payment.state, payment.held) == ("paid", FEE + GRANT)
    statement = Statement.objects.get()
    page = clerk.get(f"/care/statements/{statement.pk}")
    assert page.context["statement"].paid_on == TODAY
    told = [row["one"].kind for row in clerk.get("/care/notices").context["rows"]]
    assert {"statement_made", "statement_paid"} <= set(told)
    shown = client_of("facility_chief", "1601").get(f"/api/v1/health_equity/visits/{visit.pk}")
    (pays,) = shown.json()["payers"] if shown.status_code == 200 else ({},)
    assert (pays["scheme"], pays["state"], int(pays["amount"])) == ("hef", "accepted", FEE)


def test_a_case_sent_by_fhir_alone_is_paid_as_well(
    patient: Person, system_of: Callable[..., System], client_of: Callable[..., Client]
) -> None:
    records = system_of("health_record_system", "160101")
    (found,) = ids(records.find("Patient", name="Sok Bopha"))
    asked = records.post("CoverageEligibilityRequest", fhir.eligibility(patient, "validation"))
    assert asked.body["insurance"][0]["inforce"] is True
    day = CAME.isoformat()
    sent = records.post("Claim", fhir.claim(
        patient, "A-1", fhir.line(servicedDate=day), billablePeriod={"start": day, "end": day},
        patient={"reference": f"Patient/{found}"},
    ))  # fmt: skip
    answer = records.get(f"ClaimResponse/{sent.body['id']}")
    assert (sent.status_code, answer.body["outcome"]) == (201, "complete")

    _verify(client_of)
    payment = _pay(client_of)

    assert (payment.state, payment.held) == ("paid", FEE + GRANT)
    (stated,) = Statement.objects.get().stated.all()
    assert str(stated.claim_id) == sent.body["id"]


def test_a_judgement_after_payment_comes_as_a_difference_and_nothing_is_paid_twice(
    patient: Person, card: str, client_of: Callable[..., Client], system: Actor
) -> None:
    clerk, reviewer = client_of("facility_clerk", "1601"), client_of("claims_reviewer")
    month = {"facility": "HC1", "month": MONTH.isoformat()}
    _care(clerk, card)
    _say(clerk, "/claims/build", **month)
    _say(reviewer, "/claims/judge", **month)
    _verify(client_of)
    first = _pay(client_of)
    claim = Claim.objects.get()
    assert "comes as a difference" in reviewer.get(f"/claims/{claim.pk}").content.decode()

    judgement = {"line_1": "1000", "reason": "Half a consultation"}
    kept = reviewer.post(f"/claims/{claim.pk}/override", judgement, follow=True)

    assert "The next statement of the facility adds -3,000 riel" in kept.content.decode()
    body = reviewer.get(f"/api/v1/health_equity/claims/{claim.pk}").json()
    assert body["correction"] == {
        "stated": FEE, "numbers": [Statement.objects.get().number], "paid_on": TODAY.isoformat(),
        "next": -3000,
    }  # fmt: skip
    following = add_months(MONTH, 1)
    (second,) = fund.make_statements(scheme="hef", month=following, by=system,
                                     on=add_months(following, 1))  # fmt: skip
    assert (second.claimed, second.total) == (-3000, GRANT - 3000)
    order = fund.order_statements(scheme="hef", month=following, by=system, on=TODAY)
    assert Payment.objects.get(order_id=order).amount == GRANT - 3000
    assert (first.amount, Payment.objects.count()) == (FEE + GRANT, 2)
    again = reviewer.get(f"/api/v1/health_equity/claims/{claim.pk}").json()["correction"]
    assert (again["stated"], again["next"]) == (1000, 0)
    answer = post(client_of("programme_officer"), "health_equity/statements/order", ASKED)
    assert (answer.status_code, answer.json()["code"]) == (409, "payments.nobody_to_pay")
