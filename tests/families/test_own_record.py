"""A family reads its own record by card and code, and is told of its money."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.families import actions, queries
from spean.families.models import Code
from spean.families.rules import Sent, is_still_seen, may_send, seen_until
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.kernel.periods import Period
from spean.locations.models import Place
from spean.payments import actions as payments
from spean.programmes.models import Cycle, Enrolment, Entitlement
from spean.registry import actions as registry
from spean.registry.models import EquityCard, Household
from spean.registry.rules.people import NewMember
from tests.calls import post

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
PHONE = "+85512345678"


@pytest.fixture(autouse=True)
def texts(db: None, settings: Any, tmp_path: Path) -> Callable[[], list[dict[str, str]]]:
    """Read the texts that were handed over."""
    settings.CARD_KEYS, settings.TEXTS = tmp_path / "keys", tmp_path / "texts.jsonl"
    cache.clear()

    def read() -> list[dict[str, str]]:
        if not settings.TEXTS.exists():
            return []
        return [json.loads(line) for line in settings.TEXTS.read_text().splitlines()]

    return read


@pytest.fixture
def card_of(village: Place, system: Actor) -> Callable[..., EquityCard]:
    """Register a mother with a telephone, or without, and issue her card."""

    def make(phone: str = PHONE) -> EquityCard:
        today = timezone.localdate()
        home = registry.register_household(
            village=village, address="", phone="", by=system, on=today, not_duplicates=True,
            members=[NewMember(
                family_name_km="សុខ", given_name_km="បុប្ផា", family_name_latin="Sok",
                given_name_latin="Bopha", relation="head", birth_date=date(1990, 1, 1),
                sex="female", phone=phone,
            )],
        )  # fmt: skip
        return registry.issue_card(
            household=home, category="poor_1", by=system, on=today,
            valid=Period(today, today + timedelta(days=900)),
        )  # fmt: skip

    return make


@pytest.fixture
def owed(system: Actor) -> Callable[[Household], None]:
    """Put a family on a list, with a cycle that owed it something."""

    def make(home: Household) -> None:
        Enrolment.objects.create(
            programme="elderly_allowance", household=home, village=home.village.code,
            state="enrolled", since=date(2026, 10, 1), amount=20_000,
        )  # fmt: skip
        cycle = Cycle.objects.create(
            programme="elderly_allowance", start=date(2026, 10, 1), end=date(2026, 11, 1),
            terms_on=date(2026, 10, 1), as_of=date(2026, 10, 1), policy_version="x",
            households=1, total=20_000, opened_by="t",
        )  # fmt: skip
        Entitlement.objects.create(
            cycle=cycle, household=home, village=home.village.code, amount=20_000,
            decision={"elderly_allowance_level": True, "elderly_allowance_member": True},
        )  # fmt: skip

    return make


def _code(read: Callable[[], list[dict[str, str]]]) -> str:
    from spean.kernel.digits import latin_digits

    found = re.search(r"\d{6}", latin_digits(read()[-1]["body"]))
    assert found
    return found[0]


def test_a_code_opens_the_record_in_the_browser_and_closes_it(
    card_of: Callable[..., EquityCard], owed: Callable[[Household], None], client: Client,
    texts: Callable[[], list[dict[str, str]]], django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    card = card_of()
    owed(card.household)
    client.cookies["spean_language"] = "en"
    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post("/family", {"card": card.number})
    assert "a text with six digits is on its way" in asked.content.decode()
    assert texts()[0]["to"] == PHONE
    code = _code(texts)
    wrong = "000000" if code != "000000" else "111111"
    refused = client.post("/family/code", {"card": card.number, "code": wrong})
    assert "do not fit together" in refused.content.decode()

    opened = client.post("/family/code", {"card": card.number, "code": code}, follow=True)

    page = opened.content.decode()
    for said in (
        "Allowance for the old",
        "20,000 riel",
        "Enrolled",
        "Nothing has been paid yet",
        "A member of the kind that is supported lives there",
    ):
        assert said in page  # fmt: skip
    assert "The kind of area" not in page
    assert opened["Cache-Control"].startswith("max-age=0")
    assert AuditEntry.objects.filter(action="families.open_record").count() == 1
    again = client.post("/family/code", {"card": card.number, "code": code})
    assert "do not fit together" in again.content.decode()
    client.post("/family/leave")
    assert client.get("/family/record").headers["Location"] == "/family"


@pytest.mark.parametrize("phone", ["", "+66812345678"])
def test_a_stranger_learns_nothing_of_cards_and_telephones(
    card_of: Callable[..., EquityCard], client: Client, phone: str,
    texts: Callable[[], list[dict[str, str]]], django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    card = card_of(phone)
    unknown = f"{int(card.number[:-2]) + 1}"
    answers = []
    with django_capture_on_commit_callbacks(execute=True):
        answers.append(client.post("/family", {"card": card.number}).content.decode())
    assert texts() == []
    assert "ប្រាំមួយខ្ទង់" in answers[0]
    assert "ប្រាំមួយខ្ទង់" not in client.post("/family", {"card": unknown}).content.decode()


def test_a_card_that_nobody_has_reads_like_one_without_telephone(
    card_of: Callable[..., EquityCard], client: Client
) -> None:
    card = card_of("")
    answers = [client.post("/family", {"card": card.number}).content]
    number = card.number
    EquityCard.objects.all().update(revoked_on=card.start, revoked_by="t", revoked_because="t")
    answers.append(client.post("/family", {"card": number}).content)

    hidden = re.compile(rb'(csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*")')
    assert hidden.sub(b"", answers[0]) == hidden.sub(b"", answers[1])


def test_a_code_is_good_for_ten_minutes_five_tries_and_once(
    card_of: Callable[..., EquityCard], texts: Callable[[], list[dict[str, str]]],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    number, at = card_of().number, timezone.now()

    def ask(at: datetime) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            actions.ask_code(card=number, at=at)
        return _code(texts)

    def tried(code: str, at: datetime) -> bool:
        try:
            return isinstance(actions.open_record(card=number, code=code, at=at), UUID)
        except actions.WrongCode:
            return False

    first = ask(at)
    assert not tried(first, at + timedelta(minutes=10))
    second = ask(at + timedelta(minutes=1))
    assert first == second or not tried(first, at + timedelta(minutes=2))
    wrong = f"{(int(second) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert not tried(wrong, at + timedelta(minutes=2))
    assert not tried(second, at + timedelta(minutes=2))
    third = ask(at + timedelta(minutes=3))
    assert tried(third, at + timedelta(minutes=4))
    assert not tried(third, at + timedelta(minutes=4))
    sent = len(texts())
    ask(at + timedelta(minutes=5))
    assert len(texts()) == sent == 3
    assert not Code.objects.filter(digest__contains=third).exists()


def test_the_rules_of_codes() -> None:
    good = Sent(AT, 0, used=False)

    assert good.is_good(AT + timedelta(minutes=9, seconds=59))
    assert not good.is_good(AT + timedelta(minutes=10))
    assert not Sent(AT, 5, used=False).is_good(AT)
    assert may_send([AT] * 2, AT + timedelta(minutes=59))
    assert not may_send([AT] * 3, AT + timedelta(minutes=59))
    assert may_send([AT] * 3, AT + timedelta(minutes=60))


def test_the_record_closes_after_a_quarter_of_an_hour() -> None:
    until = seen_until(AT)

    assert is_still_seen(until, AT + timedelta(minutes=14))
    assert not is_still_seen(until, AT + timedelta(minutes=15))
    assert not is_still_seen("", AT)


def test_one_address_may_not_ask_for_ever(client: Client) -> None:
    client.cookies["spean_language"] = "en"
    for _ in range(30):
        client.post("/family/code", {"card": "", "code": "123456"})
    typed = {"card": "not a card"}
    assert "Too many tries" not in client.post("/family", typed).content.decode()


def test_one_address_that_tries_codes_is_stopped(
    card_of: Callable[..., EquityCard], client: Client
) -> None:
    number = card_of("").number
    client.cookies["spean_language"] = "en"
    answers = [
        client.post("/family/code", {"card": number, "code": "123456"}).content.decode()
        for _ in range(31)
    ]

    assert "do not fit together" in answers[29]
    assert "Too many tries from here" in answers[30]


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", ""])
def test_what_is_no_code_says_so(
    card_of: Callable[..., EquityCard], client: Client, code: str
) -> None:
    page = client.post("/family/code", {"card": card_of("").number, "code": code})

    assert list(page.context["form"].errors) == ["code"]


def test_a_code_in_khmer_digits_is_read(
    card_of: Callable[..., EquityCard], client: Client,
    texts: Callable[[], list[dict[str, str]]], django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    card = card_of()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/family", {"card": card.number})
    khmer = _code(texts).translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"))

    assert client.post("/family/code", {"card": card.number, "code": khmer}).status_code == 302


@pytest.fixture
def order(card_of: Callable[..., EquityCard], actor: Callable[..., Actor], tmp_path: Path) -> Any:
    """An order that was approved, of one family with a telephone."""
    card = card_of()
    roles = {"budget": "budget_officer", "preparer": "programme_officer",
             "one": "payment_approver", "two": "payment_approver"}  # fmt: skip
    who = {name: actor(role, "", Purpose.PAYMENT, name=name) for name, role in roles.items()}
    payments.appropriate(
        programme="elderly_allowance", funder="national-budget", amount=100_000, source="Act 1",
        key="a", by=who["budget"], on=AT.date(),
    )  # fmt: skip
    path = tmp_path / "payees.csv"
    path.write_text(f"o1,{card.household_id},16010101,សុខ បុប្ផា,Sok Bopha,{PHONE},20000\n")
    made = payments.prepare_order(
        key="k", programme="elderly_allowance", purpose="November", channel="wallet",
        payees=path, by=who["preparer"], on=AT.date(),
    )  # fmt: skip
    for name in ("one", "two"):
        payments.approve_order(
            order_id=made.pk, list_hash=made.list_hash, by=who[name], at=timezone.now()
        )
    return made


def test_families_are_told_once_and_only_of_money_that_has_left(
    order: Any, client_of: Callable[..., Client], texts: Callable[[], list[dict[str, str]]]
) -> None:
    payer = client_of("payment_officer")
    page = f"/payments/orders/{order.pk}/tell"
    assert "not released yet" in payer.post(page, follow=True).content.decode()
    assert texts() == []
    payer.post(f"/payments/orders/{order.pk}/release")
    assert "Tell the families by text" in payer.get(f"/payments/orders/{order.pk}").content.decode()
    assert "such as:" in payer.get(page).content.decode()

    payer.post(page)

    (told,) = texts()
    assert told["to"] == PHONE
    assert "២០,០០០ រៀល" in told["body"]
    assert "1 text was handed over" in payer.get(page).content.decode()
    assert "told already" in payer.post(page, follow=True).content.decode()
    assert len(texts()) == 1


def test_a_carrier_that_is_down_is_told_to_the_officer_and_nothing_is_noted(
    order: Any, client_of: Callable[..., Client], settings: Any, tmp_path: Path,
    card_of: Callable[..., EquityCard], django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.TEXTS = tmp_path  # a folder can't be written to
    payer, page = client_of("payment_officer"), f"/payments/orders/{order.pk}/tell"
    payer.post(f"/payments/orders/{order.pk}/release")

    refused = payer.post(page, follow=True).content.decode()

    assert "could not be handed over" in refused
    assert queries.notice_of(order.pk) is None
    with django_capture_on_commit_callbacks(execute=True):
        card = order.payments.get().household.cards.get()
        asked = Client().post("/family", {"card": card.number})
    assert asked.status_code == 200


SEE = {"programme_officer", "payment_approver", "payment_officer", "auditor"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_it_may(
    order: Any, client_of: Callable[..., Client], role: str
) -> None:
    client, home = client_of(role), order.payments.get().household_id
    record = client.get(f"/api/v1/families/{home}")
    assert record.status_code == (200 if role in SEE else 403)
    if role in SEE:
        assert [one["state"] for one in record.json()["paid"]] == ["due"]
    pays = role == "payment_officer"
    assert client.get(f"/payments/orders/{order.pk}/tell").status_code == (200 if pays else 403)
    told = post(client, f"families/orders/{order.pk}/notice")
    assert told.status_code == (409 if pays else 403)


def test_who_may_not_see_payments_reads_no_family_s_record(
    card_of: Callable[..., EquityCard], actor: Callable[..., Actor]
) -> None:
    clerk = actor("commune_clerk", "160101", Purpose.TARGETING)

    with pytest.raises(NotAllowed):
        queries.record_of(card_of("").household_id, by=clerk)
