"""A facility is told of contracts, suspensions, cut claims, statements and payments; once each."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.health_equity import actions
from spean.health_equity.models import Claim, NoticeRead
from spean.health_equity.queries.notices import notices, waiting_for
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.locations.models import Facility
from spean.payments.models import Order
from tests.calls import post
from tests.health_equity.conftest import DAY
from tests.health_equity.test_facilities_are_paid import order, payer, statement

__all__ = ["order", "payer", "statement"]
TODAY = timezone.localdate()
READS = {"facility_clerk", "facility_chief"}


@pytest.fixture
def clerk(actor: Callable[..., Actor]) -> Actor:
    """Give the clerk of the facility's commune."""
    return actor("facility_clerk", "160101", Purpose.PAYMENT)


def kinds(by: Actor) -> list[str]:
    """Give the kinds of what the facility is told, sorted."""
    return sorted(one.kind for one in notices(by=by, on=TODAY))


def test_contracts_and_suspensions_are_told_when_made_and_ended(
    facility_of: Callable[..., Facility], clerk: Actor, system: Actor
) -> None:
    facility_of(scheme="")
    made = actions.make_contract(facility="HC1", scheme="hef", act="Prakas 1", start=DAY,
                                 by=system, on=TODAY)  # fmt: skip
    stop = actions.suspend_facility(facility="HC1", reason="Fraud found", start=TODAY, by=system,
                                    on=TODAY)  # fmt: skip
    assert kinds(clerk) == ["contract_made", "suspended"]

    actions.end_contract(contract_id=made.pk, end=TODAY, by=system)
    actions.end_suspension(suspension_id=stop.pk, end=TODAY + timedelta(days=9), by=system)

    assert kinds(clerk) == ["contract_ended", "contract_made", "suspended", "suspension_ended"]


def test_claims_that_were_cut_are_told_by_month_with_their_reasons(
    claim_of: Callable[..., Claim], clerk: Actor, system: Actor
) -> None:
    month = TODAY.replace(day=1)
    given = {"came_on": month, "left_on": month, "month": month, "submitted_on": TODAY}
    line = {"on": month}
    claims = [
        claim_of(line, diagnoses=["x"], **given),
        claim_of(line | {"asked": 9000, "service": "emergency"}, diagnoses=[], **given),
    ]
    actions.adjudicate(claim_ids=[one.pk for one in claims], by=system, on=TODAY)

    told = [one for one in notices(by=clerk, on=TODAY) if one.kind == "claims_cut"]

    (one,) = told
    assert (one.said["claims"], one.said["riel"]) == (2, 13_000)
    assert set(dict(one.codes)) >= {"diagnosis_not_a_code", "diagnosis_missing"}


def test_a_statement_is_told_when_ready_and_when_paid(
    order: Order, clerk: Actor, system: Actor
) -> None:
    assert "statement_made" in _of_statement(clerk)
    assert "statement_paid" not in _of_statement(clerk)

    order.payments.update(state="paid", held=order.total, settled_on=date(2026, 4, 12))

    assert _of_statement(clerk) == ["statement_made", "statement_paid"]


def _of_statement(by: Actor) -> list[str]:
    told = notices(by=by, on=date(2026, 4, 30))
    return sorted(one.kind for one in told if one.kind.startswith("statement"))


def test_what_was_read_is_kept_once_and_counts_no_more(
    facility_of: Callable[..., Facility], clerk: Actor
) -> None:
    facility_of()
    (one,) = notices(by=clerk, on=TODAY)
    (waiting,) = waiting_for(by=clerk, on=TODAY)
    assert (one.is_read, waiting.count) == (False, 1)
    asked: dict[str, Any] = {"facility": "HC1", "keys": [one.key, "nothing"], "by": clerk,
                             "on": TODAY}  # fmt: skip

    assert [actions.read_notices(**asked), actions.read_notices(**asked)] == [1, 0]

    (again,) = notices(by=clerk, on=TODAY)
    (waiting,) = waiting_for(by=clerk, on=TODAY)
    assert (again.is_read, waiting.count) == (True, 0)
    assert NoticeRead.objects.get().read_by == clerk.name


def test_another_facility_is_told_nothing_of_it(
    facility_of: Callable[..., Facility], actor: Callable[..., Actor]
) -> None:
    facility_of()
    away = actor("facility_clerk", "1602", Purpose.PAYMENT)

    assert notices(by=away, on=TODAY) == []
    with pytest.raises(NotAllowed):
        actions.read_notices(facility="HC1", keys=[], by=away, on=TODAY)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_answer(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client], role: str
) -> None:
    facility_of()
    client = client_of(role)
    may = role in READS

    assert client.get("/care/notices").status_code == (200 if may else 403)
    assert client.get("/api/v1/health_equity/notices").status_code == (200 if may else 403)
    body = {"facility": "HC1", "keys": []}
    assert post(client, "health_equity/notices/read", body).status_code == (200 if may else 403)
    done = client.post("/care/notices/read", {"facility": "HC1"})
    assert done.status_code == (302 if may else 403)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Health Equity Fund pays your facility from"), ("km", "មូលនិធិ")]
)
def test_the_page_says_it_in_the_readers_language_and_marks_it_read(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client], language: str,
    said: str,
) -> None:  # fmt: skip
    facility_of()
    client = client_of("facility_clerk", "1601", language=language)

    page = client.get("/care/notices")
    assert said in page.content.decode()
    client.post(
        "/care/notices/read",
        {"facility": "HC1", "key": [row["one"].key for row in page.context["rows"]]},
    )

    assert client.get("/care/notices").context["unread"] == []


def test_the_number_of_queries_does_not_grow(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    for n in range(12):
        facility_of(f"HC{n}")
    client = client_of("facility_clerk", "1601")

    with django_assert_max_num_queries(16):
        client.get("/care/notices")


def test_what_is_told_stands_before_the_buttons(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    for n in range(3):
        facility_of(f"HC{n}")

    shown = client_of("facility_chief", "1601").get("/care/notices").content.decode()

    assert shown.rindex("pays your facility from") < shown.index("I have read those of")
