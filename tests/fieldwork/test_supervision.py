"""How field work is supervised: progress, what stands out, interviews held again."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from spean.fieldwork import actions, queries
from spean.fieldwork.models import SampledInterview, Submission, WorkItem
from spean.fieldwork.rules.outliers import Interview, Limits, Reason, distance_km, outliers
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import User
from tests.fieldwork.conftest import HEAD, NOW, POOREST, new_family

LIMITS = Limits(shortest_minutes=8, most_a_day=3, farthest_km=5)
DAY = date(2026, 11, 23)
HERE = (13.74, 107.02)
TODAY = NOW.date()
Send = Callable[..., Submission]


def interview(key: str, **changes: Any) -> Interview:
    held: dict[str, Any] = {
        "enumerator": "bora",
        "village": "16010101",
        "day": DAY,
        "minutes": 25.0,
        "position": HERE,
        "answers": {"roof": key},
    }
    return Interview(key, **(held | changes))


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, []),
        ({"minutes": 7.9}, [Reason.TOO_SHORT]),
        ({"minutes": 8.0}, []),
        ({"minutes": None}, []),
        ({"position": None}, [Reason.NO_POSITION]),
        ({"position": (13.80, 107.02)}, [Reason.FAR_AWAY]),
        ({"position": (13.78, 107.02)}, []),
        ({"answers": {"roof": "a"}}, []),
    ],
)
def test_an_interview_stands_out_for_a_reason(
    changes: dict[str, Any], reasons: list[Reason]
) -> None:
    others = [interview(key, enumerator=f"other {key}") for key in "abc"]

    found = outliers([interview("x", **changes), *others], LIMITS)

    assert found.get("x", []) == reasons


def test_more_than_a_days_work_stands_out_whole() -> None:
    a_day = [interview(str(n)) for n in range(4)]

    assert set(outliers(a_day[:3], LIMITS)) == set()
    assert set(outliers(a_day, LIMITS)) == {"0", "1", "2", "3"}


def test_the_same_answers_three_times_on_a_day_stand_out() -> None:
    copied = [interview(str(n), answers={"roof": "tin"}) for n in range(3)]

    assert outliers(copied[:2], LIMITS) == {}
    assert outliers(copied, LIMITS) == {key: [Reason.SAME_ANSWERS] for key in "012"}


def test_where_few_positions_are_known_none_is_far() -> None:
    two = [interview("a"), interview("b", position=(10.0, 104.0))]

    assert outliers(two, LIMITS) == {}


def test_distances_are_those_on_the_globe() -> None:
    phnom_penh, siem_reap = (11.5564, 104.9282), (13.3671, 103.8448)

    assert distance_km(phnom_penh, siem_reap) == pytest.approx(233, abs=3)


@pytest.fixture
def supervisor(actor: Callable[..., Actor]) -> Actor:
    return actor("district_officer", "1601", Purpose.TARGETING)


@pytest.fixture
def three(send: Send) -> list[Submission]:
    """Send three interviews, one of them without a position."""
    people = [HEAD | {"given_name_km": name} for name in ("បុប្ផា", "ធីតា", "កល្យាណ")]
    days = ("1970-01-01", "1981-02-02", "1992-03-03")
    roofs = ("leaves", "sheets", "tiles")
    return [
        send(
            "poverty_interview",
            new_family(
                member=[person | {"birth_date": born}],
                house=POOREST | {"roof": roof},
                gps="" if born == days[0] else "13.74 107.02 0 5",
            ),
        )
        for person, born, roof in zip(people, days, roofs, strict=True)
    ]


def look(by: Actor, area: str = "1601") -> queries.Supervision:
    return queries.supervision(
        area, first_day=TODAY - timedelta(days=7), last_day=TODAY, by=by, on=TODAY
    )


def test_progress_by_village_and_enumerator(three: list[Submission], supervisor: Actor) -> None:
    WorkItem.objects.filter(closed_by=three[0]).update(closed_on=None, closing="", closed_by=None)

    found = look(supervisor)

    (village,) = found.villages
    assert (village.code, village.to_do, village.done) == ("16010101", 1, 2)
    (enumerator,) = found.enumerators
    assert (enumerator.interviews, enumerator.minutes, enumerator.without_position) == (3, 20.0, 1)
    (one,) = found.pointed_out
    assert one.reasons == (Reason.NO_POSITION,)


def test_another_district_is_not_shown(three: list[Submission], supervisor: Actor) -> None:
    with pytest.raises(NotAllowed):
        look(supervisor, "1602")


def draw(by: Actor, **changes: Any) -> Any:
    asked = {"area": "1601", "first_day": TODAY, "last_day": TODAY, "seed": "lot"} | changes
    return actions.draw_sample(**asked, by=by, on=TODAY)


def test_the_same_seed_draws_the_same(three: list[Submission], supervisor: Actor) -> None:
    drawn = [
        set(draw(supervisor, seed=seed).interviews.values_list("submission", flat=True))
        for seed in ("0", *map(str, range(30)))
    ]

    assert drawn[0] == drawn[1]
    assert [len(one) for one in drawn] == [1] * 31
    assert len(set().union(*drawn)) > 1


def test_nothing_is_drawn_from_nothing(places: object, supervisor: Actor) -> None:
    with pytest.raises(actions.NothingToDraw):
        draw(supervisor)
    with pytest.raises(actions.DaysTheWrongWayRound):
        draw(supervisor, first_day=TODAY, last_day=TODAY - timedelta(days=1))


def test_a_family_asked_again_is_compared_and_the_first_answers_stay(
    three: list[Submission], supervisor: Actor
) -> None:
    row = draw(supervisor).interviews.get()
    second = POOREST | {"roof": "tiles", "goods": "many"}

    actions.record_check(sampled_id=row.pk, answers=second, by=supervisor, on=TODAY)

    row.refresh_from_db()
    differ = {one.question for one in queries.compared(row, by=supervisor) if not one.agree}
    assert "goods" in differ
    with pytest.raises(actions.CheckedAlready):
        actions.record_check(sampled_id=row.pk, answers=second, by=supervisor, on=TODAY)


def test_every_answer_is_asked_for(three: list[Submission], supervisor: Actor) -> None:
    row = draw(supervisor).interviews.get()

    with pytest.raises(actions.AnswersMissing) as refused:
        actions.record_check(
            sampled_id=row.pk, answers=POOREST | {"roof": ""}, by=supervisor, on=TODAY
        )

    assert refused.value.facts["missing"] == "roof"


def test_nobody_checks_their_own(
    send: Send, supervisor: Actor, user_of: Callable[..., User], actor: Callable[..., Actor]
) -> None:
    both = actor("enumerator", "160101", Purpose.TARGETING, name="district_officer_1601")
    assert both.user is not None
    both.user.grants.create(role="enumerator", area="160101", start=date(2020, 1, 1))
    send("poverty_interview", new_family(), by=Actor.of(both.user, Purpose.TARGETING))
    row = draw(supervisor).interviews.get()

    with pytest.raises(actions.HeldByThemselves):
        actions.record_check(sampled_id=row.pk, answers=POOREST, by=supervisor, on=TODAY)


class TestPages:
    """What the supervisor sees; nobody else does."""

    @pytest.fixture
    def page(self, supervisor: Actor) -> Client:
        assert supervisor.user is not None
        supervisor.user.language = "en"
        supervisor.user.save()
        client = Client()
        client.force_login(supervisor.user)
        return client

    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(timezone, "now", lambda: NOW)

    def test_the_whole_way(self, page: Client, three: list[Submission]) -> None:
        shown = page.get(reverse("fieldwork:supervision")).content.decode()
        assert "No position" in shown
        assert "enumerator_160101" in shown

        drawn = {f"first_day_{part}": n for part, n in (("day", 23), ("month", 11), ("year", 2026))}
        drawn |= {name.replace("first", "last"): n for name, n in drawn.items()}
        answer = page.post(
            reverse("fieldwork:draw"), drawn | {"area": "1601", "seed": "x"}, follow=True
        )
        row = SampledInterview.objects.get()
        address = reverse("fieldwork:check", args=[row.pk])
        assert address in answer.content.decode()

        asked = page.get(address).content.decode()
        assert "The first answers are not shown" in asked
        compared = page.post(address, POOREST | {"roof": "tiles"}, follow=True).content.decode()
        assert "Both interviews" in compared

    ROLES = {
        "enumerator": "160101",
        "village_health_volunteer": "16010101",
        "village_representative": "16010101",
        "commune_clerk": "160101",
        "commune_council": "160101",
        "health_worker": "1601",
        "analyst": "16",
        "auditor": "",
        "administrator": "",
    }

    @pytest.mark.parametrize("role", ROLES)
    def test_it_is_nobody_elses(
        self, role: str, three: list[Submission], user_of: Callable[..., User], supervisor: Actor
    ) -> None:
        made = draw(supervisor)
        client = Client()
        client.force_login(user_of(role, self.ROLES[role]))
        row = made.interviews.get()

        for address in (
            reverse("fieldwork:supervision"),
            reverse("fieldwork:draw"),
            reverse("fieldwork:sample", args=[made.pk]),
            reverse("fieldwork:check", args=[row.pk]),
        ):
            assert client.get(address).status_code == 403, address

    def test_another_districts_draw_is_refused(
        self, three: list[Submission], user_of: Callable[..., User], supervisor: Actor
    ) -> None:
        made = draw(supervisor)
        client = Client()
        client.force_login(user_of("district_officer", "1602"))

        assert client.get(reverse("fieldwork:sample", args=[made.pk])).status_code == 403
