"""Who may do what: role × area × purpose, and nothing that was not given."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from spean.kernel import access
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import RoleGrant, User
from spean.locations.models import Place

ActorOf = Callable[..., Actor]


def test_a_role_holds_in_its_area_and_below(actor: ActorOf) -> None:
    clerk = actor("commune_clerk", "160101")

    assert access.allows(clerk, "registry.view_household", area="16010102")
    assert access.allows(clerk, "registry.view_household", area="160101")


@pytest.mark.parametrize("area", ["1601", "160102", "16010201", "16", ""])
def test_a_role_does_not_hold_beside_or_above_its_area(actor: ActorOf, area: str) -> None:
    clerk = actor("commune_clerk", "160101")

    with pytest.raises(NotAllowed):
        access.require(clerk, "registry.view_household", area=area)


def test_a_permission_holds_only_for_the_purposes_it_is_given_for(actor: ActorOf) -> None:
    clerk = actor("commune_clerk", "160101", Purpose.CARE)

    assert not access.allows(clerk, "registry.view_household", area="160101")


def test_a_permission_that_no_role_names_is_refused(actor: ActorOf) -> None:
    assert access.areas(actor("administrator"), "registry.invented") == ()


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [(0, None, True), (1, None, False), (-5, 0, False), (-5, 1, True)],
    ids=["from today", "from tomorrow", "until yesterday", "until today"],
)
def test_a_grant_holds_from_its_first_day_until_the_day_before_its_end(
    db: None, start: int, end: int | None, held: bool
) -> None:
    today = timezone.localdate()
    user = User.objects.create(username="sokha")
    RoleGrant.objects.create(
        user=user,
        role="commune_clerk",
        area="160101",
        start=today + timedelta(days=start),
        end=None if end is None else today + timedelta(days=end),
    )

    clerk = Actor.of(user, Purpose.REGISTRATION)

    assert access.allows(clerk, "registry.search", area="160101") is held


def test_an_inner_area_adds_nothing_to_an_outer_one(user_of: Callable[..., User]) -> None:
    user = user_of("commune_clerk", "1601", name="sokha")
    RoleGrant.objects.create(user=user, role="commune_clerk", area="160101", start=date(2020, 1, 1))

    assert access.areas(Actor.of(user, Purpose.REGISTRATION), "registry.search") == ("1601",)


def test_rows_outside_the_area_are_left_out(actor: ActorOf, places: dict[str, Place]) -> None:
    officer = actor("commune_clerk", "1601")

    seen = access.within(Place.objects.all(), officer, "registry.search", code="code")

    assert {place.code[:4] for place in seen} == {"1601"}


def test_without_a_grant_no_row_is_seen(actor: ActorOf, places: dict[str, Place]) -> None:
    nobody = actor("analyst", "16")

    assert not access.within(Place.objects.all(), nobody, "registry.search", code="code").exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([], ()),
        (["16", "1601", "160101", "17"], ("16", "17")),
        (["160101", "1601", "1601"], ("1601",)),
        (["", "16"], ("",)),
    ],
)
def test_the_outermost_areas_hold_all_the_others(given: list[str], kept: tuple[str, ...]) -> None:
    assert access.outermost(given) == kept
    assert all(access.lies_in(area, kept) for area in given)
    assert not access.lies_in("18", {"16", "1801"})
