"""An order that goes to a bank and comes back: each riel is booked once, by whichever message."""

import io
from collections.abc import Callable
from typing import IO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import etree

from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.models import AuditEntry
from spean.kernel.spreadsheets import FileRefused
from spean.payments import actions, queries
from spean.payments.models import AnswerFile, Order
from spean.payments.queries import FileFormat
from spean.payments.queries.channels import NotByBank, PayerUnknown
from tests.payments.conftest import DAY, NOW, references
from tests.payments.messages import details, entry, notification, report, statement, status

PAIN_001 = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
Take = Callable[[IO[bytes]], dict[str, int]]


@pytest.fixture
def take(people: dict[str, Actor]) -> Take:
    """Take a bank's file in; give what it did."""

    def make(file: IO[bytes]) -> dict[str, int]:
        kept = actions.receive_answers(file=file, name="x.xml", by=people["payer"], on=DAY)
        return dict(kept.effects)

    return make


def _money(by: Actor) -> tuple[int, int, int]:
    (one,) = queries.budgets(by=by)
    return int(one.available), int(one.in_channels), int(one.with_families)


def _document(order: Order, by: Actor) -> etree._Element:
    _, pieces = queries.order_file(order.pk, by=by, form=FileFormat.PAIN_001)
    return etree.fromstring(b"".join(pieces))


def test_an_order_goes_to_the_bank_and_its_money_comes_to_rest(
    released: Order, take: Take, people: dict[str, Actor]
) -> None:
    sent = _document(released, people["payer"])
    ids = [str(one) for one in sent.xpath("//p:EndToEndId/text()", namespaces=PAIN_001)]
    assert sent.xpath("string(//p:MsgId)", namespaces=PAIN_001) == released.number
    assert sent.xpath("string(//p:CtrlSum)", namespaces=PAIN_001) == "300000"
    assert sorted(ids) == sorted(references(released))
    a, b, c = references(released)

    accepted = take(report(*(status(one, "ACSP") for one in ids)))
    waiting = _money(people["first"])
    booked = take(statement(
        entry(details(a, "100000.00")), entry(details(b, "150000"), details(c, "50000")),
        entry(amount="400", code="CHRG"),
    ))  # fmt: skip

    assert (accepted, waiting) == ({"noted": 3}, (700_000, 300_000, 0))
    assert booked == {"paid": 3}
    assert _money(people["first"]) == (700_000, 0, 300_000)
    kept = AnswerFile.objects.latest("received_at")
    assert [(one["row"], one["code"]) for one in kept.unreadable] == [(4, "payments.no_details")]
    assert kept.rows == 4


def test_the_same_message_again_is_the_same_file(released: Order, people: dict[str, Actor]) -> None:
    one, two = (etree.tostring(_document(released, people["payer"])) for _ in range(2))

    assert one == two


def test_what_was_notified_is_not_paid_again_by_the_statement(
    released: Order, take: Take, people: dict[str, Actor]
) -> None:
    (a, *_) = references(released)
    paid = entry(details(a, "100000"))

    assert take(notification(paid)) == {"paid": 1}
    assert take(notification(paid)) == {"paid": 1}  # the same file: what it did before
    assert take(statement(paid)) == {"repeated": 1}
    assert take(report(status(a, "ACSC"))) == {"repeated": 1}

    assert AnswerFile.objects.count() == 3
    assert _money(people["first"]) == (700_000, 200_000, 100_000)


def test_a_refused_payment_needs_no_amount_and_gives_its_money_back(
    released: Order, take: Take, people: dict[str, Actor]
) -> None:
    a, b, c = references(released)

    did = take(report(
        status(a, "RJCT", why="AC04"), status(b, "RJCT", amount="150000"),
        status(c, "RJCT", amount="1"),
    ))  # fmt: skip

    assert did == {"failed": 2, "other_amount": 1}
    assert _money(people["first"]) == (950_000, 50_000, 0)
    assert released.payments.get(reference=a).reason == "AC04"


def test_a_payment_that_comes_back_goes_into_the_budget(
    released: Order, take: Take, people: dict[str, Actor]
) -> None:
    a, b, c = references(released)
    take(report(status(a, "ACCC"), status(b, "ACSC")))

    did = take(notification(
        entry(details(a, "100000", returned="AC04"), direction="CRDT"),
        entry(details(b, "150000"), direction="CRDT", reversal="true"),
        entry(details(c, "50000", returned="AC04"), direction="CRDT"),
    ))  # fmt: skip

    assert did == {"returned": 3}
    assert _money(people["first"]) == (1_000_000, 0, 0)


def test_a_batch_without_amounts_pays_nobody(released: Order, take: Take) -> None:
    a, b, _ = references(released)

    assert take(statement(entry(details(a), details(b), amount="250000"))) == {"other_amount": 2}


def test_nothing_of_a_file_that_breaks_off_is_taken_in(
    released: Order, take: Take, people: dict[str, Actor]
) -> None:
    (a, *_) = references(released)
    whole = notification(entry(details(a, "100000")), entry()).read()

    with pytest.raises(FileRefused):
        take(io.BytesIO(whole[:-30]))

    assert AnswerFile.objects.count() == 0
    assert _money(people["first"])[2] == 0
    assert take(io.BytesIO(whole)) == {"paid": 1}


def test_a_bank_s_file_is_taken_in_on_the_page_or_refused_beside_its_field(
    released: Order, client_of: Callable[..., Client]
) -> None:
    client = client_of("payment_officer")
    (a, *_) = references(released)
    whole = notification(entry(details(a, "100000"))).read()

    broken = client.post("/payments/answers", {"file": SimpleUploadedFile("x.xml", whole[:-5])})
    taken = client.post("/payments/answers", {"file": SimpleUploadedFile("x.xml", whole)})

    assert list(broken.context["form"].errors) == ["file"]
    assert taken.status_code == 302
    assert released.payments.get(reference=a).state == "paid"


def test_the_form_of_the_file_is_in_the_audit_trail(
    released: Order, client_of: Callable[..., Client]
) -> None:
    client = client_of("payment_officer")
    answers = [
        client.get(f"{root}/orders/{released.pk}/file?format={form}")
        for root in ("/payments", "/api/v1/payments")
        for form in ("csv", "pain.001")
    ]

    assert [one.headers["Content-Type"].partition(";")[0] for one in answers] == [
        "text/csv", "application/xml",
    ] * 2  # fmt: skip
    assert answers[1].headers["Content-Disposition"].endswith(f'{released.number}.xml"')
    assert b"".join(answers[1].streaming_content) == b"".join(answers[3].streaming_content)
    read = AuditEntry.objects.filter(action="payments.order_file").order_by("id")
    assert [one.detail["format"] for one in read] == ["csv", "pain.001"] * 2
    assert client.get(f"/payments/orders/{released.pk}/file?format=pdf").status_code == 404
    assert client.get(f"/api/v1/payments/orders/{released.pk}/file?format=pdf").status_code == 422


def test_a_bank_gets_no_order_of_a_pay_point_nor_one_without_a_payer(
    funded: None, prepare: Callable[..., Order], approve: Callable[[Order], Order],
    released: Order, people: dict[str, Actor], settings: object,
) -> None:  # fmt: skip
    cash = approve(prepare([1, 1, 1, 40_000], key="cycle:2", channel="pay_point"))
    actions.release_order(order_id=cash.pk, by=people["payer"], at=NOW)

    with pytest.raises(NotByBank):
        queries.order_file(cash.pk, by=people["payer"], form=FileFormat.PAIN_001)
    with pytest.raises(NotFound):
        queries.payment_code(cash.pk, references(cash)[0], by=people["payer"], at=NOW)
    settings.PAYMENTS_DEBTOR = {"name": "X", "bic": ""}  # type: ignore[attr-defined]
    settings.BAKONG_BANK = ""  # type: ignore[attr-defined]
    with pytest.raises(PayerUnknown) as unset:
        queries.order_file(released.pk, by=people["payer"], form=FileFormat.PAIN_001)
    assert unset.value.facts == {"names": "SPEAN_DEBTOR_BIC"}
    with pytest.raises(PayerUnknown):
        queries.payment_code(released.pk, references(released)[0], by=people["payer"], at=NOW)


def test_a_family_is_paid_by_a_code_while_its_payment_is_under_way(
    released: Order, take: Take, people: dict[str, Actor]
) -> None:
    a, b, _ = references(released)
    take(report(status(b, "ACSC")))

    payment, code = queries.payment_code(released.pk, a, by=people["payer"], at=NOW)

    assert payment.reference == a
    assert "001685512345670@demo" in code
    assert "5406100000" in code
    assert f"01{len(a)}{a}" in code
    read = AuditEntry.objects.get(action="payments.payment_code")
    assert (read.kind, read.detail["reference"]) == ("read", a)
    for gone in (b, "P26-00001-9999999"):
        with pytest.raises(NotFound):
            queries.payment_code(released.pk, gone, by=people["payer"], at=NOW)


def test_the_page_shows_the_code_with_its_name_and_amount(
    released: Order, client_of: Callable[..., Client]
) -> None:
    client = client_of("payment_officer")
    (a, *_) = references(released)
    address = f"/payments/orders/{released.pk}/payments/{a}/khqr"

    listed = client.get(f"/payments/orders/{released.pk}/payments").content.decode()
    page = client.get(address).content.decode()

    assert address in listed
    assert "data:image/svg+xml" in page
    assert all(said in page for said in ("ឈ្មោះ 0", "Name 0", "+85512345670", a))
    assert "khqr" not in client_of("auditor").get(
        f"/payments/orders/{released.pk}/payments"
    ).content.decode()  # fmt: skip
