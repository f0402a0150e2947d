"""The provider is asked whose the wallets are: one digit off is somebody else's, or nobody's."""

import csv
import hashlib
import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.payments import actions, queries
from spean.payments.models import AccountDoubt, Order
from spean.payments.rules import is_held_by
from spean.registry.models import Household, Membership, Person
from spean.registry.queries import name_keys
from tests.calls import post
from tests.payments.conftest import DAY, NOW

API = "/api/v1/payments"
Prepare, Approve = Callable[..., Order], Callable[[Order], Order]


def holders_of(order: Order, **said: str) -> io.BytesIO:
    """Write the provider's answer: each wallet in its payee's name, but those of `said` (_0, …)."""
    rows = [
        f"{one.reference},{said.get(f'_{number}', one.name)}"
        for number, one in enumerate(order.payments.order_by("reference"))
    ]
    return io.BytesIO("\n".join(["reference,holder", *rows]).encode())


def put_holders(client: Client, order: Order, *, content: bytes = b"", **said: str) -> Any:
    """Send the provider's answer over the API."""
    content = content or holders_of(order, **said).read()
    return client.put(
        f"{API}/orders/{order.pk}/holders/{hashlib.sha256(content).hexdigest()}", content,
        content_type="application/octet-stream", headers={"Idempotency-Key": str(uuid4())},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("holder", "same"),
    [
        ("សុខ បុប្ផា", True), ("SOK BOPHA", True), ("Bopha Sok", True),
        ("សុខ ធីតា", False), ("Sok", False), ("", False),
    ],
)  # fmt: skip
def test_a_holder_is_the_payee_where_all_words_sound_alike(holder: str, same: bool) -> None:
    assert is_held_by(holder, ("សុខ បុប្ផា", "Sok Bopha"), name_keys) is same


def test_a_wallet_of_another_and_of_nobody_are_held_back_and_the_order_with_them(
    funded: None, prepare: Prepare, approve: Approve, people: dict[str, Actor]
) -> None:
    order = approve(prepare())

    held = actions.take_in_holders(
        order_id=order.pk, file=holders_of(order, _0="Vann Dara", _1=""), by=people["payer"]
    )

    doubts = queries.account_doubts(order, by=people["first"]).order_by("payment__reference")
    assert held == 2
    assert [(one.kind, one.holder) for one in doubts] == [("holder", "Vann Dara"), ("unknown", "")]
    with pytest.raises(actions.WalletsHeldBack):
        actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)


def test_what_is_cleared_on_grounds_is_paid_and_what_is_not_is_left_out_of_the_next_order(
    funded: None, prepare: Prepare, approve: Approve, people: dict[str, Actor]
) -> None:
    order = approve(prepare())
    file = holders_of(order, _0="Vann Dara", _1="")
    actions.take_in_holders(order_id=order.pk, file=file, by=people["payer"])
    first, second = AccountDoubt.objects.order_by("payment__reference")

    actions.clear_wallet(doubt_id=first.pk, grounds="Her daughter's", by=people["first"])
    with pytest.raises(actions.NotHeldBack):
        actions.clear_wallet(doubt_id=first.pk, grounds="Again", by=people["second"])
    actions.cancel_order(order_id=order.pk, by=people["preparer"], at=NOW)
    again = prepare(key="again")
    corrected = prepare(key="corrected", account_1="+85512345999")

    assert {one.obligation for one in again.payments.all()} == {
        one.obligation for one in order.payments.exclude(pk=second.payment_id)
    }
    assert [one.obligation for one in corrected.payments.all()] == [second.payment.obligation]


def test_the_same_file_twice_says_the_same_and_one_of_another_order_is_refused(
    funded: None, prepare: Prepare, people: dict[str, Actor]
) -> None:
    order = prepare()
    for _time in range(2):
        assert actions.take_in_holders(
            order_id=order.pk, file=holders_of(order, _1=""), by=people["payer"]
        ) == 1  # fmt: skip

    assert AccountDoubt.objects.count() == 1
    with pytest.raises(actions.NoSuchRows):
        actions.take_in_holders(
            order_id=order.pk, file=io.BytesIO(b"reference,holder\nX-1,Sok"), by=people["payer"]
        )


def test_the_provider_is_asked_by_number_alone(prepare: Prepare, people: dict[str, Actor]) -> None:
    order = prepare()

    _order, pieces = queries.enquiry_file(order.pk, by=people["payer"])

    rows = list(csv.reader(io.StringIO(b"".join(pieces).decode("utf-8-sig"))))
    assert rows[0] == ["reference", "account"]
    assert rows[1:] == [
        [one.reference, one.account] for one in order.payments.order_by("reference")
    ]


def test_the_officer_asks_the_approver_decides_and_the_page_shows_both(
    funded: None, prepare: Prepare, client_of: Callable[..., Client]
) -> None:
    order = prepare()
    officer, approver = client_of("payment_officer"), client_of("payment_approver")
    page = f"/payments/orders/{order.pk}"
    assert f"{page}/holders" in officer.get(page).content.decode()
    wrong = SimpleUploadedFile("a.csv", b"reference\nx")
    right = SimpleUploadedFile("a.csv", holders_of(order, _0="Vann Dara").read())

    refused = officer.post(f"{page}/holders", {"file": wrong})
    taken = officer.post(f"{page}/holders", {"file": right}, follow=True)
    (doubt,) = AccountDoubt.objects.all()
    unsaid = approver.post(f"/payments/wallets/{doubt.pk}", {"grounds": ""})
    cleared = approver.post(f"/payments/wallets/{doubt.pk}", {"grounds": "Seen"}, follow=True)

    assert list(refused.context["form"].errors) == ["file"]
    assert "1 wallet is held back." in taken.content.decode()
    assert "In another person&#x27;s name: Vann Dara" in taken.content.decode()
    assert (unsaid.status_code, f"doubt{doubt.pk}_grounds" in unsaid.content.decode()) == (
        422,
        True,
    )
    assert "Seen" in cleared.content.decode()


def test_a_wallet_of_another_member_is_the_familys(
    funded: None, prepare: Prepare, people: dict[str, Actor], homes: list[Household]
) -> None:
    order = prepare()
    person = Person.objects.create(
        family_name_km="វ៉ាន់", given_name_km="ដារ៉ា", family_name_latin="Vann",
        given_name_latin="Dara", sex="male", birth_date=date(1990, 3, 3), since=DAY, search_keys=[],
    )  # fmt: skip
    Membership.objects.create(household=homes[0], person=person, relation="head", start=DAY)

    held = actions.take_in_holders(
        order_id=order.pk,
        file=holders_of(order, _0="VANN DARA", _1="VANN DARA"),
        by=people["payer"],
    )

    assert (held, AccountDoubt.objects.get().payment.household_id) == (1, homes[1].pk)


def test_the_district_sees_what_to_correct_until_it_is_corrected(
    funded: None, prepare: Prepare, people: dict[str, Actor], homes: list[Household],
    client_of: Callable[..., Client],
) -> None:  # fmt: skip
    order = prepare()
    Household.objects.filter(pk=homes[0].pk).update(phone="+85512345670")
    actions.take_in_holders(
        order_id=order.pk, file=holders_of(order, _0="Vann Dara"), by=people["payer"]
    )
    district, another = (client_of("district_officer", area) for area in ("1601", "1602"))

    listed = district.get("/payments/wallets").content.decode()
    elsewhere = another.get("/payments/wallets").content.decode()
    told, other = (client.get(f"{API}/wallets").json() for client in (district, another))
    Household.objects.filter(pk=homes[0].pk).update(phone="+85512345671")
    corrected = district.get("/payments/wallets").content.decode()

    assert f"/households/{homes[0].pk}" in listed
    assert "012 345 670" in listed
    assert "Vann Dara" not in listed
    assert [(one["household"], one["account"], one["kind"]) for one in told] == [
        (str(homes[0].pk), "+85512345670", "holder")
    ]
    assert other == []
    assert "No wallet has to be corrected" in elsewhere
    assert "No wallet has to be corrected" in corrected


@pytest.mark.parametrize("role", ROLES)
def test_each_role_asks_decides_and_corrects_as_it_may(
    prepare: Prepare, client_of: Callable[..., Client], people: dict[str, Actor], role: str
) -> None:
    order, client = prepare(), client_of(role)
    actions.take_in_holders(order_id=order.pk, file=holders_of(order, _0=""), by=people["payer"])
    (doubt,) = AccountDoubt.objects.all()
    page, asks = f"/payments/orders/{order.pk}/holders", role == "payment_officer"

    assert client.get(page).status_code == (200 if asks else 403)
    assert client.get(f"{page}/file").status_code == (200 if asks else 403)
    decided = client.post(f"/payments/wallets/{doubt.pk}", {"grounds": "x"})
    assert decided.status_code == (302 if role == "payment_approver" else 403)
    for address in ("/payments/wallets", "/api/v1/payments/wallets"):
        corrects = client.get(address)
        assert corrects.status_code == (200 if role == "district_officer" else 403)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_so_over_the_api_as_it_may(
    prepare: Prepare, client_of: Callable[..., Client], role: str
) -> None:
    order, client = prepare(), client_of(role)
    asks = 200 if role == "payment_officer" else 403

    assert client.get(f"{API}/orders/{order.pk}/wallets").status_code == asks
    assert put_holders(client, order, _0="Vann Dara").status_code == asks
    put_holders(client_of("payment_officer"), order, _0="Vann Dara")
    (doubt,) = AccountDoubt.objects.all()
    cleared = post(client, f"payments/account_doubts/{doubt.pk}/clearing", {"grounds": "Seen."})
    assert cleared.status_code == (200 if role == "payment_approver" else 403)


def test_another_system_asks_takes_in_and_clears(
    prepare: Prepare, client_of: Callable[..., Client]
) -> None:
    order = prepare()
    officer, approver = client_of("payment_officer"), client_of("payment_approver")

    asked = b"".join(officer.get(f"{API}/orders/{order.pk}/wallets").streaming_content)
    taken = put_holders(officer, order, _0="Vann Dara", _1="")
    wrong = put_holders(officer, order, content=b"reference,holder\nX-1,Sok")
    held = approver.get(f"{API}/orders/{order.pk}/account_doubts").json()
    clearing = f"payments/account_doubts/{held[0]['id']}/clearing"
    cleared = post(approver, clearing, {"grounds": "Her daughter's."}).json()
    again = post(approver, clearing, {"grounds": "Again."})

    assert asked.decode("utf-8-sig").splitlines()[0] == "reference,account"
    assert taken.json() == {"held_back": 2}
    assert wrong.json()["code"] == "payments.holders_of_another_order"
    assert [(one["kind"], one["holder"], one["holds_back"]) for one in held] == [
        ("holder", "Vann Dara", True), ("unknown", "", True),
    ]  # fmt: skip
    assert (cleared["holds_back"], cleared["grounds"]) == (False, "Her daughter's.")
    assert (again.status_code, again.json()["code"]) == (409, "payments.not_held_back")
