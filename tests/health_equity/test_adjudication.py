"""Claims are judged by named rules; each judgement is kept and says why."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from spean.health_equity import actions
from spean.health_equity.models import Claim, ClaimLine
from spean.kernel.access import Actor
from spean.locations.models import Facility
from spean.registry.models import Person
from tests.health_equity.conftest import DAY

_numbers = count(1)


@pytest.fixture
def claim_of(facility_of: Callable[..., Facility], mother: Person) -> Callable[..., Claim]:
    """Make a claim of one consultation of the mother at the health centre; say what differs."""

    def make(*lines: dict[str, Any], **given: Any) -> Claim:
        number = next(_numbers)
        facility = given.pop("facility", None) or facility_of()
        rows = [{"service": "outpatient", "on": DAY, "quantity": 1, "asked": 4000} | one
                for one in lines or ({},)]  # fmt: skip
        claim = Claim.objects.create(**{
            "number": f"T{number:09}", "facility": facility, "area": facility.place.code,
            "scheme": "hef", "month": DAY.replace(day=1), "source": "file",
            "external": str(number), "person": mother, "came_on": DAY, "left_on": DAY,
            "diagnoses": ["A09"], "asked": sum(one["asked"] for one in rows),
            "submitted_on": DAY, "submitted_by": "clerk"} | given)  # fmt: skip
        for place, one in enumerate(rows, 1):
            ClaimLine.objects.create(claim=claim, place=place, **one)
        return claim

    return make


def test_a_claim_that_is_in_order_is_accepted(
    claim_of: Callable[..., Claim], system: Actor
) -> None:
    claim = claim_of()

    outcomes = actions.adjudicate(claim_ids=[claim.pk], by=system, on=date(2026, 4, 1))

    claim.refresh_from_db()
    (kept,) = claim.adjudications.all()
    assert outcomes == {"accepted": 1}
    assert (claim.state, claim.amount) == ("accepted", Decimal(4000))
    assert (kept.outcome, kept.amount, kept.codes) == ("accepted", Decimal(4000), [])
    assert kept.lines == [{"place": 1, "codes": [], "quantity": 1, "amount": 4000}]
