"""A facility that asked for it is told by text message what it should look at, and only once."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.health_equity import actions
from spean.health_equity.models import Claim, NoticeTexted, Sample, TextsAsked
from spean.health_equity.queries.notices import notices
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.locations.actions import PhoneWrong
from spean.locations.models import Facility
from tests.calls import post

TODAY = timezone.localdate()
READS = {"facility_clerk", "facility_chief"}


@pytest.fixture
def clerk(actor: Callable[..., Actor]) -> Actor:
    """Give the clerk of the facility's commune."""
    return actor("facility_clerk", "160101", Purpose.PAYMENT)


@pytest.fixture
def sent(settings: Any, tmp_path: Path) -> Callable[[], list[dict[str, str]]]:
    """Give what the carrier was handed so far."""
    settings.TEXTS = tmp_path / "texts.jsonl"

    def read() -> list[dict[str, str]]:
        path = Path(settings.TEXTS)
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    return read


@pytest.fixture
def cut(claim_of: Callable[..., Claim], system: Actor) -> Callable[[], None]:
    """Let a claim of the facility be rejected today."""
    month = TODAY.replace(day=1)

    def judge() -> None:
        given = {"came_on": month, "left_on": month, "month": month, "submitted_on": TODAY}
        claim = claim_of({"on": month}, diagnoses=["x"], **given)
        actions.adjudicate(claim_ids=[claim.pk], by=system, on=TODAY)

    return judge


def ask(by: Actor, phone: str = "012 345 678", language: str = "km") -> TextsAsked:
    return actions.ask_texts(facility="HC1", phone=phone, language=language, by=by, on=TODAY)


def tell(by: Actor, on: date = TODAY) -> int:
    return actions.text_notices(by=by, on=on)


def test_who_asked_is_told_once_what_there_is_and_where_to_look(
    cut: Callable[[], None], clerk: Actor, system: Actor, sent: Callable[[], Any],
    facility_of: Callable[..., Facility],
) -> None:  # fmt: skip
    facility_of()
    ask(clerk)
    cut()

    assert [tell(system), tell(system)] == [1, 0]

    (text,) = sent()
    assert text["to"] == "+85512345678"
    assert text["body"] == (
        "មណ្ឌល HC1៖ មានការទាមទារត្រូវបានកាត់ ឬផ្អាក។ សូមមើលក្នុង Spean ត្រង់ «សេចក្តីជូនដំណឹងដល់មូលដ្ឋានរបស់អ្នក»។"
    )


def test_a_facility_that_chose_english_is_told_in_english_and_the_others_in_khmer(
    cut: Callable[[], None], clerk: Actor, system: Actor, sent: Callable[[], Any],
    facility_of: Callable[..., Facility],
) -> None:  # fmt: skip
    facility_of()
    assert ask(clerk).language == "km"
    assert ask(clerk, language="en").language == "en"
    cut()

    tell(system)

    assert sent()[0]["body"] == (
        "Facility HC1: claims were cut or held back. Look in Spean at “Notices to your facility”."
    )
    told = AuditEntry.objects.filter(action="health_equity.notice_texts", detail__asked=True)
    assert [one.detail["language"] for one in told.order_by("id")] == ["km", "en"]


def test_the_database_knows_the_languages(
    facility_of: Callable[..., Facility], clerk: Actor
) -> None:
    facility_of()

    with pytest.raises(IntegrityError):
        ask(clerk, language="fr")


def test_a_text_names_nobody_and_no_money(
    cut: Callable[[], None], clerk: Actor, system: Actor, sent: Callable[[], Any],
    facility_of: Callable[..., Facility],
) -> None:  # fmt: skip
    facility_of()
    ask(clerk)
    cut()
    tell(system)
    (claim,) = Claim.objects.all()

    body = sent()[0]["body"]

    for told in (claim.number, claim.patient or "?", "សុខ", "4,000", "៤,០០០", "A09", "outpatient"):
        assert told not in body


def test_who_did_not_ask_or_asked_to_stop_or_has_read_it_is_not_told(
    cut: Callable[[], None], clerk: Actor, system: Actor, sent: Callable[[], Any],
    facility_of: Callable[..., Facility],
) -> None:  # fmt: skip
    facility_of()
    cut()
    assert tell(system) == 0
    ask(clerk)
    keys = [one.key for one in notices(by=clerk, on=TODAY)]
    actions.read_notices(facility="HC1", keys=keys, by=clerk, on=TODAY)
    assert tell(system) == 0
    actions.stop_texts(facility="HC1", by=clerk, on=TODAY)
    TextsAsked.objects.get(ended_by=clerk.name)

    assert actions.stop_texts(facility="HC1", by=clerk, on=TODAY) == 0
    assert tell(system) == 0
    assert sent() == []


def test_old_news_is_not_texted_when_a_facility_asks(
    cut: Callable[[], None], clerk: Actor, system: Actor, facility_of: Callable[..., Facility]
) -> None:
    facility_of()
    cut()
    asked = ask(clerk)
    TextsAsked.objects.filter(pk=asked.pk).update(asked_at=timezone.now() + timedelta(days=1))

    assert tell(system) == 0


def test_a_carrier_that_is_down_loses_nothing(
    cut: Callable[[], None], clerk: Actor, system: Actor, sent: Callable[[], Any],
    facility_of: Callable[..., Facility], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    facility_of()
    ask(clerk)
    cut()
    with monkeypatch.context() as down:
        down.setattr("spean.kernel.texting.ToFile.send", _no_line)
        with pytest.raises(OSError, match="no line"):
            tell(system)
    assert not NoticeTexted.objects.exists()

    assert tell(system) == 1


def _no_line(*_: object) -> int:
    raise OSError("no line")


def test_what_is_to_mend_is_told_on_the_page_and_by_text(
    sample: Sample, clerk: Actor, system: Actor, verifier: Actor, certifier: Actor,
    sent: Callable[[], Any],
) -> None:  # fmt: skip
    ask(clerk)
    for n, one in enumerate(sample.claims.order_by("pk")):
        actions.take_claim(sampled_id=one.pk, by=verifier)
        found = actions.Found("agrees", "agrees", "right", one.amount)
        if n == 0:
            found = actions.Found("differs", "not_done", "no_record", Decimal(0))
        actions.check_claim(sampled_id=one.pk, found=found, by=verifier, at=timezone.now())
    actions.close_sample(sample_id=sample.pk, by=certifier, at=timezone.now(), on=TODAY)

    told = {one.kind: one for one in notices(by=clerk, on=TODAY)}
    tell(system)

    assert told["mend"].said["claims"] == 1
    assert "មានរឿងត្រូវកែ" in sent()[0]["body"]


def test_asked_again_the_telephone_given_last_counts_and_the_trail_keeps_the_old(
    facility_of: Callable[..., Facility], clerk: Actor
) -> None:
    facility_of()
    ask(clerk)
    ask(clerk, "097 123 4567")

    assert Facility.objects.get(code="HC1").phone == "+855971234567"
    assert TextsAsked.objects.count() == 1
    last = AuditEntry.objects.filter(action="locations.set_phone").latest("id")
    assert last.detail["before"] == "+85512345678"


@pytest.mark.parametrize(
    ("phone", "error"), [("", actions.PhoneNeeded), (" ", actions.PhoneNeeded), ("12", PhoneWrong)]
)
def test_a_telephone_is_needed_and_must_be_one(
    facility_of: Callable[..., Facility], clerk: Actor, phone: str, error: type[Exception]
) -> None:
    facility_of()

    with pytest.raises(error):
        ask(clerk, phone)
    assert not TextsAsked.objects.exists()


def test_another_areas_facility_is_not_ones_own(
    facility_of: Callable[..., Facility], actor: Callable[..., Actor]
) -> None:
    facility_of()
    away = actor("facility_clerk", "1602", Purpose.PAYMENT)

    with pytest.raises(NotAllowed):
        ask(away)
    with pytest.raises(NotAllowed):
        actions.stop_texts(facility="HC1", by=away, on=TODAY)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_answer(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client], role: str
) -> None:
    facility_of()
    client = client_of(role)
    may = role in READS
    body = {"facility": "HC1", "phone": "012345678", "language": "en"}

    assert client.get("/care/notices/texts").status_code == (200 if may else 403)
    asked = client.post("/care/notices/texts", body)
    assert asked.status_code == (302 if may else 403)
    stopped = client.post("/care/notices/texts/stop", {"facility": "HC1"})
    assert stopped.status_code == (302 if may else 403)
    assert client.get("/api/v1/health_equity/notices/texts").status_code == (200 if may else 403)
    by_api = post(client, "health_equity/notices/texts", body)
    assert by_api.status_code == (200 if may else 403)
    if may:
        assert datetime.fromisoformat(by_api.json()["since"])
        assert by_api.json()["language"] == "en"
    stop = post(client, "health_equity/notices/texts/stop", {"facility": "HC1"})
    assert stop.status_code == (204 if may else 403)


def test_the_page_says_what_is_wrong_with_a_telephone_beside_it(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    facility_of()
    client = client_of("facility_chief", "1601")

    said = {"facility": "HC1", "language": "en"}
    wrong = client.post("/care/notices/texts", {**said, "phone": "12"})
    done = client.post("/care/notices/texts", {**said, "phone": "012 345 678"}, follow=True)

    assert wrong.status_code == 422
    assert "Write the phone as 012 345 678" in wrong.content.decode()
    assert "012 345 678" in done.content.decode()
    assert ", English, asked for on" in done.content.decode()


def test_over_the_api_a_language_that_there_is_not_is_refused_and_khmer_needs_no_saying(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    facility_of()
    client, path = client_of("facility_chief", "1601"), "health_equity/notices/texts"
    said = {"facility": "HC1", "phone": "012345678"}

    assert post(client, path, said | {"language": "fr"}).status_code == 422
    assert post(client, path, said).json()["language"] == "km"
