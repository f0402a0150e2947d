"""Whatever several payers judge of a case, and in what order, they pay its fee together at most."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spean.health_equity import actions
from spean.health_equity.models import Claim, ClaimLine, Listing
from spean.health_equity.queries.cases import case_of
from spean.health_equity.rules.fees import fee
from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.locations.models import Facility, Place
from spean.registry.models import Household, Person
from tests.generative.test_claims_are_judged_alike import facility_of, family_in

__all__ = ["facility_of", "family_in"]
DAY, ON = date(2026, 3, 10), date(2026, 4, 1)
PAYERS = {"worker": "workers", "civil_servant": "civil_servants", "veteran": "veterans"}
SERVICES = ("outpatient", "emergency", "delivery")
STEP = st.one_of(
    st.tuples(st.just("next"), st.just(0)),
    st.tuples(st.just("judge"), st.just(0)),
    st.tuples(st.integers(0, 4), st.integers(0, 90_000)),  # a reviewer's judgement of one claim
)


@pytest.fixture
def patient(
    family_in: Callable[..., Household], facility_of: Callable[..., Facility],
    places: dict[str, Place],
) -> Person:  # fmt: skip
    """Give a poor mother; every scheme has a contract with the health centre."""
    for scheme in ("hef", *PAYERS.values()):
        facility_of(scheme=scheme)
    home = family_in(places["16010101"])
    return Person.objects.get(memberships__household=home, memberships__relation="head")


def _first(patient: Person, centre: Facility, scheme: str, asked: dict[str, int]) -> Claim:
    made = Claim.objects.create(
        number="A0", facility=centre, area=centre.place.code, scheme=scheme, source="file",
        month=DAY.replace(day=1), external="A0", person=patient, came_on=DAY, left_on=DAY,
        diagnoses=["O80"], documents=["birth_record"], asked=sum(asked.values()),
        submitted_on=DAY, submitted_by="t",
    )  # fmt: skip
    for place, (service, riel) in enumerate(asked.items(), start=1):
        ClaimLine.objects.create(claim=made, place=place, service=service, on=DAY, quantity=1,
                                 asked=riel)  # fmt: skip
    return made


def _take(step: tuple[Any, int], first: Claim, by: Actor) -> None:
    """Do one step, if it may be done."""
    what, riel = step
    case = case_of(first)
    if what == "next":
        actions.claim_remainder(claim_id=first.pk, by=by, on=ON)
    elif what == "judge":
        waiting = [one.pk for one in case if one.state == "submitted"]
        actions.adjudicate(claim_ids=waiting, by=by, on=ON)
    elif what < len(case):
        lines = case[what].lines.all()
        amounts = {one.place: min(riel, int(one.asked)) for one in lines}
        actions.override_claim(claim_id=case[what].pk, amounts=amounts, reason="r", by=by, on=ON)


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    groups=st.sets(st.sampled_from(sorted(PAYERS))),
    asked=st.dictionaries(st.sampled_from(SERVICES), st.integers(0, 90_000), min_size=1),
    steps=st.lists(STEP, min_size=3, max_size=14),
)
def test_all_payers_together_pay_the_fee_at_most(
    groups: set[str], asked: dict[str, int], steps: list[tuple[Any, int]], patient: Person,
    facility_of: Callable[..., Facility], system: Actor,
) -> None:  # fmt: skip
    with transaction.atomic():
        for group in groups:
            Listing.objects.create(person=patient, group=group, start=date(2020, 1, 1), source="t",
                                   listed_by="t")  # fmt: skip
        order = [*(PAYERS[one] for one in PAYERS if one in groups), "hef"]
        first = _first(patient, facility_of(), order[0], asked)
        for step in [("judge", 0), *steps, ("next", 0), ("judge", 0)]:
            with suppress(SpeanError), transaction.atomic():
                _take(step, first, system)
        case = case_of(first)
        fees = [
            sum(int(fee(scheme, service, "health_centre", on=DAY) or 0) for service in asked)
            for scheme in order
        ]
        transaction.set_rollback(True)

    assert sum(int(one.amount or 0) for one in case) <= max(*fees, sum(asked.values()))
    assert sum(int(one.amount or 0) for one in case[1:]) <= max(fees)
    assert [one.scheme for one in case] == [one for one in order if one in {c.scheme for c in case}]
