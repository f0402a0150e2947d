"""Cash at a pay point: a list to sign and vouchers go out, the signed list comes back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.payments import actions, queries
from spean.payments.models import ChannelAnswer, Order
from spean.payments.queries import PayDocument
from spean.payments.queries.pay_lists import pay_face
from tests.calls import post
from tests.payments.conftest import DAY, NOW, references

VILLAGE = "16010101"
Take = Callable[..., dict[str, int]]


@pytest.fixture
def cash(
    funded: None, prepare: Callable[..., Order], approve: Callable[[Order], Order],
    people: dict[str, Actor],
) -> Order:  # fmt: skip
    """An order of three families of one village that is paid in cash."""
    order = approve(prepare(channel="pay_point"))
    return actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)


@pytest.fixture
def take(cash: Order, people: dict[str, Actor]) -> Take:
    """Take the village's list in as signed by these; give what it did."""

    def make(signed: dict[str, Decimal | None], **given: Any) -> dict[str, int]:
        asked: dict[str, Any] = {
            "order_id": cash.pk, "village": VILLAGE, "signed": signed, "paid_by": "Sok Dara",
            "paid_on": DAY, "others_did_not_come": False, "by": people["payer"], "on": DAY,
        }  # fmt: skip
        return dict(actions.take_signed_list(**(asked | given)).effects)

    return make


def _states(order: Order) -> list[tuple[str, int]]:
    rows = order.payments.order_by("obligation").values_list("state", "held")
    return [(state, int(held)) for state, held in rows]


def _money(by: Actor) -> tuple[int, int, int]:
    (one,) = queries.budgets(by=by)
    return int(one.available), int(one.in_channels), int(one.with_families)


def test_who_signed_is_paid_by_whom_and_when_and_who_did_not_come_is_unclaimed(
    cash: Order, take: Take, people: dict[str, Actor]
) -> None:
    a, b, c = references(cash)

    assert take({a: None, b: Decimal(90_000)}) == {"paid": 1, "partly": 1}
    assert _states(cash) == [("paid", 100_000), ("partly", 90_000), ("sent", 0)]
    assert take({}, others_did_not_come=True) == {"failed": 1}

    assert _states(cash)[2] == ("failed", 0)
    assert cash.payments.get(reference=c).reason == "UNCLAIMED"
    assert _money(people["first"]) == (810_000, 0, 190_000)
    said = ChannelAnswer.objects.get(reference=a)
    assert (said.their_reference, said.on) == ("Sok Dara", DAY)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"paid_by": " "}, actions.PayerMissing),
        ({"paid_on": date(2026, 11, 1)}, actions.DayOfPaymentImpossible),
        ({"paid_on": date(2026, 11, 3)}, actions.DayOfPaymentImpossible),
        ({"signed": {}}, actions.NobodySigned),
        ({"signed": {"P26-99999-0000001": None}}, actions.NotOnThisList),
        ({"village": "16010102"}, actions.NotOnThisList),
    ],
)
def test_a_list_that_can_not_be_is_refused_whole(
    cash: Order, take: Take, given: dict[str, Any], refusal: type[Exception]
) -> None:
    (a, *_) = references(cash)

    with pytest.raises(refusal):
        take(given.pop("signed", {a: None}), **given)

    assert {state for state, _ in _states(cash)} == {"sent"}


@pytest.mark.parametrize("amount", [0, 100_001])
def test_a_part_that_can_not_be_is_refused(cash: Order, take: Take, amount: int) -> None:
    (a, *_) = references(cash)

    with pytest.raises(actions.PartImpossible):
        take({a: Decimal(amount)})


def test_nobody_is_paid_twice_by_the_same_list(cash: Order, take: Take) -> None:
    (a, *_) = references(cash)
    take({a: None})

    with pytest.raises(actions.NotOnThisList):
        take({a: None})


def test_wallets_have_no_list_to_sign(released: Order, people: dict[str, Actor]) -> None:
    with pytest.raises(NotFound):
        queries.pay_order(released.pk, by=people["payer"])


def test_list_and_vouchers_name_each_family_with_its_amount(
    cash: Order, take: Take, people: dict[str, Actor]
) -> None:
    a, b, c = references(cash)
    take({a: None})

    face: Any = pay_face(cash, "160101", on=DAY)

    assert [row["reference"] for row in face["rows"]] == [b, c]
    assert [row["amount"]["en"] for row in face["rows"]] == ["150,000 riel", "50,000 riel"]
    assert face["total"] == {"km": "២០០,០០០ រៀល", "en": "200,000 riel"}
    assert face["programme"]["en"] == "Flood cash transfer"
    assert face["fingerprint"] == cash.list_hash
    for kind in PayDocument:
        pdf = queries.pay_document(kind, cash, "160101", by=people["payer"], on=DAY)
        assert pdf.startswith(b"%PDF-")
    with pytest.raises(queries.AreaTooLarge):
        queries.pay_document(PayDocument.LIST, cash, "1601", by=people["payer"], on=DAY)


def test_the_officer_goes_from_the_order_to_a_village_and_takes_its_list_in(
    cash: Order, client_of: Callable[..., Client]
) -> None:
    a, b, _ = references(cash)
    client, base = client_of("payment_officer"), f"/payments/orders/{cash.pk}"
    assert f"{base}/lists" in client.get(base).content.decode()
    for area in ("", "16", "1601", "160101"):
        assert "300,000" in client.get(f"{base}/lists?area={area}").content.decode()
    assert client.get(f"{base}/lists?area={VILLAGE}").headers["Location"] == (
        f"{base}/lists/{VILLAGE}"
    )
    printed = client.get(f"{base}/lists/print?kind=vouchers&area=160101")
    assert printed.headers["Content-Type"] == "application/pdf"
    assert client.get(f"{base}/lists?area=16x").status_code == 404

    form = {"signed": [a, b], f"part_{b}": "90,000", "paid_by": "Sok Dara", "others": "wait",
            "paid_on": timezone.localdate().isoformat()}  # fmt: skip
    refused = client.post(f"{base}/lists/{VILLAGE}", form)
    too_much = client.post(f"{base}/lists/{VILLAGE}", form | {f"part_{b}": "១៥០០០១"})
    unmarked = client.post(f"{base}/lists/{VILLAGE}", form | {"signed": [a], f"part_{b}": "90000"})
    taken = client.post(f"{base}/lists/{VILLAGE}", form | {f"part_{b}": "90000"})

    assert refused.status_code == 422
    assert 'value="90,000"' in refused.content.decode()
    for answer, said in (
        (refused, "without separators"), (too_much, "no more than is listed"),
        (unmarked, "Mark that the family signed"),
    ):  # fmt: skip
        page = answer.content.decode()
        assert f'href="#id_part_{b}"' in page
        assert said in page.split(f'id="id_part_{b}_error">')[1].split("<")[0]
    assert taken.status_code == 302
    assert _states(cash)[:2] == [("paid", 100_000), ("partly", 90_000)]
    assert "Sok Dara" in client.get(f"/payments/trace/{a}").content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_pays_in_cash_if_it_may(
    cash: Order, client_of: Callable[..., Client], role: str
) -> None:
    client, (a, *_) = client_of(role), references(cash)
    pages, api = f"/payments/orders/{cash.pk}/lists", f"/api/v1/payments/orders/{cash.pk}"
    body = {"village": VILLAGE, "paid_by": "Sok", "paid_on": timezone.localdate().isoformat(),
            "signed": [{"reference": a}]}  # fmt: skip
    asked = [
        pages, f"{pages}/print?area=160101", f"{pages}/{VILLAGE}", f"{api}/pay-places?area=1601",
        f"{api}/pay-documents/list?area={VILLAGE}",
    ]  # fmt: skip
    may = 200 if role == "payment_officer" else 403

    assert {client.get(one).status_code for one in asked} == {may}
    assert post(client, f"payments/orders/{cash.pk}/signed-lists", body).status_code == may
    wrong = client.post(f"{pages}/{VILLAGE}", {"signed": [a]})
    assert wrong.status_code == (422 if may == 200 else 403)
