"""A month's figures: medians and ninth deciles of each leg by place, the small ones held back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from statistics import median

import pytest
from django.utils import timezone

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.locations.models import Facility
from spean.referrals import queries
from spean.referrals.models import Referral, Trip, Vehicle
from spean.referrals.rules import Leg
from spean.registry.models import Household, Person

MONTH = date(2026, 11, 1)
BEGINS = timezone.make_aware(datetime(2026, 11, 1))


@pytest.fixture
def brought(
    family: Household, mother: Person, facilities: dict[str, Facility]
) -> Callable[..., Referral]:
    """Record a referral that is over: minutes from the request to each step."""
    made = 0

    def make(
        *, dispatched: int, arrived: int, village: str = "16010101",
        at: datetime = BEGINS + timedelta(days=3), noticed: int = 60,
    ) -> Referral:  # fmt: skip
        nonlocal made
        made += 1
        one = Referral.objects.create(
            number=f"T{made}", person=mother, household=family, village=family.village,
            direction="onward", to_facility=facilities["HC1"], from_area=village,
            to_area="16010102", urgency="emergency", reasons=["bleeding"], transport=True,
            ways=["road"], noticed_at=at - timedelta(minutes=noticed), requested_at=at,
            requested_by="t", state="handed_over",
        )  # fmt: skip
        for kind, after in (("requested", 0), ("dispatched", dispatched),
                            ("picked_up", dispatched + 10), ("arrived", arrived),
                            ("handed_over", arrived + 5)):  # fmt: skip
            one.steps.create(kind=kind, at=at + timedelta(minutes=after), written_by="t")
        return one

    return make


def test_each_leg_has_its_median_and_ninth_decile(
    brought: Callable[..., Referral], system: Actor
) -> None:
    minutes = [40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 300]
    for one in minutes:
        brought(dispatched=10, arrived=one)

    found = queries.delays(by=system, month=MONTH, area="1601")

    reach = found.total[Leg.REACH]
    # Rounded to fives, as all figures that are shown.
    assert (reach.number, reach.median, reach.p90) == (10, median(minutes), 130)
    assert found.by_place["160101"][Leg.REACH] == reach
    assert found.total[Leg.DECIDE].median == 60
    assert found.total[Leg.RECEIVE].median == 5
    assert set(found.points) == {"160101"}


def test_few_referrals_are_held_back(brought: Callable[..., Referral], system: Actor) -> None:
    for _ in range(9):
        brought(dispatched=10, arrived=60)

    figure = queries.delays(by=system, month=MONTH, area="").total[Leg.REACH]

    assert (figure.number, figure.median, figure.p90) == (None, None, None)


def test_a_month_begins_and_ends_at_midnight_at_phnom_penhs_clock(
    brought: Callable[..., Referral], system: Actor
) -> None:
    ends = timezone.make_aware(datetime(2026, 12, 1))
    for at in (BEGINS, ends - timedelta(minutes=1)):
        for _ in range(5):
            brought(dispatched=1, arrived=50, at=at)
    for at in (BEGINS - timedelta(minutes=1), ends):
        for _ in range(10):
            brought(dispatched=1, arrived=500, at=at)

    found = queries.delays(by=system, month=date(2026, 11, 30))

    assert (found.total[Leg.REACH].number, found.total[Leg.REACH].median) == (10, 50)


def test_a_vehicle_called_back_does_not_count(
    brought: Callable[..., Referral], system: Actor, boat: Vehicle
) -> None:
    for _ in range(10):
        one = brought(dispatched=30, arrived=60)
        Trip.objects.all().delete()
    back = one.requested_at + timedelta(minutes=200)
    trip = Trip.objects.create(
        referral=one, vehicle=boat, started_at=back, ended_at=back, outcome="called_back",
        sent_by="t", ended_by="t",
    )  # fmt: skip
    one.steps.create(kind="dispatched", at=back, trip=trip, written_by="t")

    figure = queries.delays(by=system, month=MONTH).total[Leg.DISPATCH]

    assert (figure.median, figure.p90) == (30, 30)


def test_who_may_see_figures_sees_them_of_their_area_only(
    brought: Callable[..., Referral], actor: Callable[..., Actor]
) -> None:
    officer = actor("health_district_officer", "1601", Purpose.STATISTICS)

    assert queries.delays(by=officer, month=MONTH, area="1601").area == "1601"
    for area in ("16", "1602", ""):
        with pytest.raises(NotAllowed):
            queries.delays(by=officer, month=MONTH, area=area)
