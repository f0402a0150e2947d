"""A volunteer's phone asks for a boat: when it was filled in counts, and what can't be waits."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from spean.fieldwork import actions
from spean.fieldwork.models import FormVersion, Submission
from spean.kernel.access import Actor, Purpose
from spean.locations.models import Catchment, Facility, OperationalDistrict, Place
from spean.referrals import actions as referrals
from spean.referrals.models import Referral
from spean.registry.models import Household
from tests.fieldwork.conftest import NOW, VERSION
from tests.maternal_child.conftest import family, members  # noqa: F401

FILLED_IN = NOW - timedelta(hours=5)


@pytest.fixture
def volunteer(actor: Callable[..., Actor]) -> Actor:
    return actor("village_health_volunteer", "16010101", Purpose.CARE)


@pytest.fixture
def ask(
    send: Callable[..., Submission], family: Household, members: dict[str, Any],  # noqa: F811
    places: dict[str, Place], volunteer: Actor,
) -> Callable[..., Submission]:  # fmt: skip
    """Send a request for the mother, filled in five hours ago without a network."""
    FormVersion.objects.create(
        form_id="transport_request", version=VERSION, title_km="x", title_en="x", xform="<x/>",
        md5="x", workbook_sha256="transport", published_on=NOW.date(), published_by="t",
    )  # fmt: skip
    district = OperationalDistrict.objects.create(
        code="1601", name_km="x", name_en="x", province=places["16"], start=date(2015, 1, 1)
    )
    centre = Facility.objects.create(
        code="HC1", name_km="x", name_en="x", operational_district=district,
        place=places["16010102"], start=date(2015, 1, 1),
    )  # fmt: skip
    Catchment.objects.create(facility=centre, place=places["160101"], start=date(2015, 1, 1))

    def sent(**changes: Any) -> Submission:
        answers = {
            "village": "16010101", "household": str(family.pk),
            "person": str(members["ស្រីមុំ"].pk), "urgency": "emergency",
            "reasons": "bleeding", "hours_since": "3", "transport": "yes", "ways": "water",
            "phone": "012345678",
        }  # fmt: skip
        return send("transport_request", answers | changes, by=volunteer, ended_at=FILLED_IN)

    return sent


def test_a_request_filled_in_offline_counts_from_when_it_was_filled_in(
    ask: Callable[..., Submission],
) -> None:
    done = ask()

    assert done.state == "applied"
    made = Referral.objects.get()
    assert made.requested_at == FILLED_IN
    assert made.noticed_at == FILLED_IN - timedelta(hours=3)
    assert (made.to_facility.code, made.ways, made.reasons) == ("HC1", ["water"], ["bleeding"])


def test_a_boat_asked_for_twice_waits_at_the_inbox_with_the_reason_and_nothing_is_lost(
    ask: Callable[..., Submission],
) -> None:
    ask()

    second = ask()

    assert second.state == "attention"
    (part,) = second.parts.all()
    assert part.reasons[0]["code"] == "referrals.under_way_already"
    assert Referral.objects.count() == 1
    first = Referral.objects.get()
    referrals.take_step(
        referral_id=first.pk, step="cancelled", at=NOW, reason="asked twice",
        by=Actor.system("test", purpose=Purpose.CARE), now=NOW,
    )  # fmt: skip
    with transaction.atomic():
        assert actions.take_in(submission_id=second.pk, at=NOW).state == "applied"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"urgency": ""}, "fieldwork.answer_missing"),
        ({"reasons": "none"}, "referrals.why_needed"),
        ({"ways": ""}, "referrals.way_needed"),
        ({"hours_since": "-1"}, "fieldwork.answer_not_a_number"),
        ({"person": "x"}, "fieldwork.not_on_the_list"),
    ],
)
def test_what_cannot_be_done_waits_with_its_reason(
    changes: dict[str, str], code: str, ask: Callable[..., Submission]
) -> None:
    waits = ask(**changes)

    assert waits.state == "attention"
    assert [one["code"] for part in waits.parts.all() for one in part.reasons] == [code]
    assert not Referral.objects.exists()
