"""Who is covered, by which scheme, and who pays first."""

from datetime import date

import pytest

from spean.health_equity.models import Listing
from spean.health_equity.queries import grounds_of
from spean.health_equity.rules import Ground, Group, Outcome, Scheme, covers, payer
from spean.registry.models import Membership, Person
from tests.health_equity.conftest import DAY, SINCE, UNTIL

POOR = Ground(Group.POOR_1, SINCE, UNTIL)


def test_a_poor_person_is_covered_by_the_fund_and_told_why() -> None:
    (found,) = covers([POOR], on=DAY)

    assert (found.scheme, found.outcome, found.until) == (Scheme.HEF, Outcome.COVERED, UNTIL)
    assert [one.criterion.held for one in found.decision.explain()] == [True, True]
    assert found.decision.explain()[0].source is not None


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        (date(2024, 1, 1), Outcome.NOT_YET),
        (date(2024, 1, 2), Outcome.COVERED),
        (date(2027, 1, 1), Outcome.COVERED),
        (date(2027, 1, 2), Outcome.EXPIRED),
    ],
)
def test_cover_holds_from_its_first_day_until_the_day_before_its_end(
    on: date, outcome: Outcome
) -> None:
    assert covers([POOR], on=on)[0].outcome == outcome


def test_an_at_risk_household_is_covered_since_24_october_2023() -> None:
    ground = Ground(Group.AT_RISK, date(2023, 1, 1), date(2026, 1, 1))

    assert covers([ground], on=date(2023, 10, 23))[0].outcome == Outcome.NOT_COVERED
    assert covers([ground], on=date(2023, 10, 24))[0].outcome == Outcome.COVERED


def test_a_self_employed_person_waits_sixty_days() -> None:
    ground = Ground(Group.SELF_EMPLOYED, date(2026, 1, 1))

    assert covers([ground], on=date(2026, 3, 1))[0].outcome == Outcome.NOT_YET
    assert covers([ground], on=date(2026, 3, 2))[0].outcome == Outcome.COVERED


def test_social_security_pays_before_the_fund_and_the_expired_comes_last() -> None:
    worker = Ground(Group.WORKER, date(2025, 1, 1))
    veteran = Ground(Group.VETERAN, date(2018, 1, 1), date(2020, 1, 1))

    found = covers([POOR, veteran, worker], on=DAY)

    assert [one.scheme for one in found] == [Scheme.WORKERS, Scheme.HEF, Scheme.VETERANS]
    first = payer(found)
    assert first is not None
    assert first.group == Group.WORKER


def test_of_two_grounds_of_one_scheme_the_one_that_holds_counts() -> None:
    past = Ground(Group.POOR_2, date(2018, 1, 1), date(2021, 1, 1))

    (found,) = covers([past, POOR], on=DAY)

    assert (found.group, found.outcome) == (Group.POOR_1, Outcome.COVERED)


def test_who_has_no_ground_is_covered_by_nobody() -> None:
    assert payer(covers([], on=DAY)) is None


def test_a_member_is_covered_while_living_in_the_poor_household(mother: Person) -> None:
    Membership.objects.filter(person=mother).update(end=date(2026, 2, 1))

    (ground,) = grounds_of([mother.pk])[mother.pk]

    assert ground == Ground(Group.POOR_1, SINCE, date(2026, 2, 1))


def test_a_listing_is_a_ground_beside_the_status(mother: Person) -> None:
    Listing.objects.create(person=mother, group="worker", number="N1", source="list", start=SINCE,
                           listed_by="t")  # fmt: skip

    groups = {one.group for one in grounds_of([mother.pk])[mother.pk]}

    assert groups == {Group.POOR_1, Group.WORKER}
