"""An analyst's question: by every role, in their area, from a snapshot; nobody is recognised."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.kernel import snapshots
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import LongRun
from spean.locations.models import Place
from spean.programmes.actions import determine
from spean.programmes.queries import terms
from spean.results import queries
from spean.results.queries import Question
from tests.snapshots import AS_OF, HOME, MEMBER, write_snapshot

ON = date(2023, 1, 15)
MAY = {"analyst", "auditor", "national_registry_officer", "programme_officer"}


def _done(kind: str, **result: Any) -> None:
    LongRun.objects.create(
        kind=kind, state="done", started_by="test", finished_at=timezone.now(), result=result
    )


@pytest.fixture
def country(places: dict[str, Place], tmp_path: Path) -> None:
    """Sixty poor families of two in the commune of Nhang, four in the next, twenty at risk."""
    homes, people = [], []
    for number in range(1, 85):
        poor, near = number <= 64, number <= 60
        home = HOME | {
            "household": number, "village": "16010101" if near else "16010201",
            "status": "poor_1" if poor else None,
        }  # fmt: skip
        homes.append(home)
        people += [
            MEMBER | home,
            MEMBER | home | {"sex": "male", "relation": "child", "birth_date": date(2024, 1, 1)},
        ]
    snapshot = write_snapshot(tmp_path / "snapshot", homes, people)
    held = terms(ON)
    totals = determine(snapshot, held, tmp_path / "entitlements")
    _done("snapshot", folder=str(tmp_path / "snapshot"), as_of=AS_OF.isoformat())
    _done("entitlements", folder=str(tmp_path / "entitlements"),
          policy_version=held.policy_version, **totals)  # fmt: skip


@pytest.fixture
def analyst(actor: Callable[..., Actor]) -> Actor:
    return actor("analyst", "16", Purpose.STATISTICS)


def _figures(question: Question, by: Actor) -> dict[str, int | None]:
    return {row.code: row.figure for row in queries.answer(question, by=by).rows}


def test_people_are_counted_by_age_and_narrowed(country: None, analyst: Actor) -> None:
    found = _figures(Question("people", "age", "16", {"level": "poor_1"}), analyst)

    assert found == {"0_4": 65, "5_14": 0, "15_24": 0, "25_44": 65, "45_59": 0, "60_": 0}


def test_households_are_counted_by_level(country: None, analyst: Actor) -> None:
    found = _figures(Question("households", "level", "16"), analyst)

    assert found == {"poor_1": 65, "poor_2": 0, "at_risk": 0, "not_poor": 20}


def test_a_small_place_is_held_back_and_so_is_what_would_give_it_away(
    country: None, analyst: Actor
) -> None:
    asked = Question("households", "place", "1601", {"level": "poor_1"})

    found = queries.answer(asked, by=analyst)

    assert [(row.code, row.figure) for row in found.rows] == [("160101", None), ("160102", None)]
    assert (found.held_back, found.total) == (2, 65)


def test_what_is_owed_is_summed_and_rounded(country: None, analyst: Actor) -> None:
    found = queries.answer(Question("covid_cash_transfer", "level", "16"), by=analyst)

    assert found.total == round(64 * (80_000 + 2 * 24_000), -5)


def test_only_ones_own_area_is_answered(country: None, analyst: Actor) -> None:
    with pytest.raises(NotAllowed):
        queries.answer(Question(), by=analyst)
    with pytest.raises(NotAllowed):
        queries.answer(Question(area="17"), by=analyst)


@pytest.mark.parametrize(
    "question",
    [
        Question("households", "sex", "16"),
        Question("people", "level", "16", {"level": "rich"}),
        Question("people", "income", "16"),
        Question("people", "sex", "16", {"place": "16' OR 1=1"}),
        Question("people", "sex", "16') OR 1=1 --"),
    ],
)
def test_a_question_that_the_figures_cannot_answer_is_refused(
    country: None, analyst: Actor, question: Question
) -> None:
    with pytest.raises(queries.QuestionRefused):
        queries.answer(question, by=analyst)


def test_an_unknown_programme_has_no_entitlements(country: None, analyst: Actor) -> None:
    with pytest.raises(queries.NoEntitlements):
        queries.answer(Question("school_meals", "level", "16"), by=analyst)


def test_without_a_snapshot_the_page_says_what_to_do(
    places: dict[str, Place], client_of: Callable[..., Client]
) -> None:
    answer = client_of("analyst", "16").get("/answers")

    assert "There is no snapshot of the registry yet." in answer.content.decode()


def test_a_snapshot_that_was_touched_answers_nothing(
    country: None, analyst: Actor, tmp_path: Path
) -> None:
    (tmp_path / "snapshot/people/part=16/rows.parquet").write_bytes(b"PAR1")

    with pytest.raises(snapshots.WrongHash):
        queries.answer(Question("people", "sex", "16"), by=analyst)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", ["/answers", "/api/v1/results/answers"])
def test_each_role_has_its_answer(
    country: None, client_of: Callable[..., Client], role: str, address: str
) -> None:
    answer = client_of(role).get(address, {"area": "16"})

    assert answer.status_code == (200 if role in MAY else 403)


def test_the_page_shows_map_bars_and_table_and_leads_closer(
    country: None, client_of: Callable[..., Client]
) -> None:
    client = client_of("analyst", "")

    nation = client.get("/answers").content.decode()
    district = client.get("/answers", {"area": "1601", "level": "poor_1"}).content.decode()

    assert nation.count("<svg") == 2
    assert "area=16" in nation
    assert "held back: too few to be shown" in district
    assert client.get("/answers", {"area": "9999"}).status_code == 404


def test_the_api_gives_null_where_a_figure_is_held_back(
    country: None, client_of: Callable[..., Client]
) -> None:
    asked = {"what": "households", "by": "place", "area": "1601", "level": "poor_1"}

    found = client_of("analyst", "16").get("/api/v1/results/answers", asked).json()

    assert [row["figure"] for row in found["rows"]] == [None, None]
    assert (found["total"], found["as_of"]) == (65, "2026-11-01")
