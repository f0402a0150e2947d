"""Births and deaths go to the civil registry from the outbox, and again until they are taken."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from spean.kernel import outbox
from spean.kernel.access import Actor, Purpose
from spean.kernel.models import AuditEntry, OutboxMessage
from spean.locations.models import Place
from spean.maternal_child import actions as care
from spean.registry import actions as registry
from spean.registry.models import Person

TODAY = date(2026, 11, 23)
DAY = TODAY - timedelta(days=1)


class Unreachable:
    """A civil registry that doesn't answer."""

    def send(self, notices: Any) -> None:
        raise OSError("no line")


@pytest.fixture
def notices(settings: Any, tmp_path: Path) -> Path:
    settings.CIVIL_NOTICES = tmp_path / "notices.jsonl"
    return tmp_path / "notices.jsonl"


@pytest.fixture
def _born(village: Place, system: Actor, actor: Callable[..., Actor]) -> None:
    mother = registry.NewMember("សុខ", "ស្រីមុំ", "Sok", "Sreymom", "female", date(1996, 5, 1), "head")
    registry.register_household(
        village=village, address="", phone="", members=[mother], by=system, on=date(2026, 1, 1)
    )
    midwife = actor("health_worker", "1601", Purpose.CARE)
    pregnancy = care.record_pregnancy(
        person_id=Person.objects.get().pk, dating=care.Dating(TODAY - timedelta(weeks=39)),
        by=midwife, on=TODAY,
    )  # fmt: skip
    care.record_birth(
        pregnancy_id=pregnancy.pk, by=midwife, on=TODAY,
        birth=care.Birth(DAY, "hospital", "doctor", "caesarean"),
        babies=[
            care.NewBaby("live", "female", 2800, "ធីតា"),
            care.NewBaby("fresh_stillbirth", "male", 1900),
        ],
    )  # fmt: skip


def sent(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.usefixtures("_born")
def test_a_birth_is_told_baby_by_baby(notices: Path) -> None:
    outbox.deliver_due()

    girl, boy = sent(notices)
    assert (girl["outcome"], girl["child"]["name_km"], girl["day"]) == ("live", "សុខ ធីតា", str(DAY))
    assert (boy["outcome"], boy["child"], boy["order"], boy["of"]) == (
        "fresh_stillbirth", None, 2, 2,
    )  # fmt: skip
    assert girl["mother"]["name_latin"] == "Sok Sreymom"
    assert AuditEntry.objects.filter(action="interop.tell_civil_registry").count() == 2


@pytest.mark.usefixtures("_born")
def test_a_civil_registry_out_of_reach_is_told_later(notices: Path, settings: Any) -> None:
    settings.CIVIL_REGISTRY_BY = f"{__name__}.Unreachable"
    waiting = OutboxMessage.objects.filter(listener="civil_registry", delivered_at=None)
    outbox.deliver_due()
    assert waiting.count() == 1
    settings.CIVIL_REGISTRY_BY = "spean.interop.civil_registry.ToFile"
    OutboxMessage.objects.update(due_at=timezone.now() - timedelta(seconds=1))

    outbox.deliver_due()
    assert not waiting.exists()
    assert len(sent(notices)) == 2


@pytest.mark.usefixtures("_born")
def test_a_death_is_told(notices: Path, actor: Callable[..., Actor]) -> None:
    child = Person.objects.get(birth_date=DAY)
    care.notify_death(
        person_id=child.pk, died_on=TODAY, place="home",
        by=actor("village_health_volunteer", "16010101", Purpose.CARE), on=TODAY,
    )  # fmt: skip

    outbox.deliver_due()

    told = sent(notices)[-1]
    assert (told["notice"], told["kind"], told["person"]["id"]) == (
        "death", "newborn", str(child.pk),
    )  # fmt: skip
