"""Payees whose names are on a list: found by sound, decided by a person, never paid unseen."""

import base64
import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, NotFound
from spean.kernel.spreadsheets import NotUnicode, WrongHeader
from spean.payments import actions, queries
from spean.payments.models import ListedName, Order, Payment, ScreeningHit
from spean.payments.rules import ListBroken, RowWithoutName, read_list, sounds
from spean.registry.queries import name_keys
from tests.calls import post
from tests.payments.conftest import NOW

Prepare, Approve = Callable[..., Order], Callable[[Order], Order]
CSV = "reference,name\nKH.1,Chan Sokha\nKH.2,John Ronald Smith\n"
XML = """<?xml version="1.0" encoding="utf-8"?>
<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Chan</FIRST_NAME>
<SECOND_NAME>Sokha</SECOND_NAME><REFERENCE_NUMBER>KHi.001</REFERENCE_NUMBER>
<NAME_ORIGINAL_SCRIPT>ចាន់ សុខា</NAME_ORIGINAL_SCRIPT>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Chea Vuthy</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Vuthy</ALIAS_NAME></INDIVIDUAL_ALIAS>
</INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"""


def _load(text: str, by: Actor, code: str = "un") -> None:
    actions.load_list(code=code, file=io.BytesIO(text.encode()), by=by)


def _decide(hit: ScreeningHit, by: Actor, *, same: bool, grounds: str = "Other village.") -> None:
    actions.decide_hit(hit_id=hit.pk, same_person=same, grounds=grounds, by=by)


def test_a_list_is_read_as_the_united_nations_publish_it(people: dict[str, Actor]) -> None:
    _load(XML, people["payer"])

    names = ListedName.objects.order_by("id").values_list("reference", "name")
    assert list(names) == [
        ("KHi.001", "Chan Sokha"), ("KHi.001", "ចាន់ សុខា"), ("KHi.001", "Chea Vuthy"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["Sokha Chan", "CHAN SOKHA", "Chann Sokha"])
def test_who_sounds_like_a_name_listed_is_a_hit(
    prepare: Prepare, people: dict[str, Actor], name: str
) -> None:
    _load(CSV, people["payer"])

    order = prepare(name_1=name)

    (hit,) = queries.hits(order, by=people["first"])
    assert (hit.payment.latin_name, hit.reference, hit.state) == (name, "KH.1", "waiting")


@pytest.mark.parametrize("name", ["Chan", "Chan Sokha Dara", "Kim Sokha", "Ronald Smith"])
def test_who_has_another_name_is_none(
    prepare: Prepare, people: dict[str, Actor], name: str
) -> None:
    _load(CSV, people["payer"])

    assert not queries.hits(prepare(name_1=name), by=people["first"])


def test_nothing_is_released_before_every_hit_is_decided(
    funded: None, prepare: Prepare, approve: Approve, people: dict[str, Actor]
) -> None:
    _load(CSV, people["payer"])
    order = approve(prepare(name_1="Chan Sokha"))
    with pytest.raises(actions.HitsWaiting):
        actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)
    assert not Payment.objects.filter(state="sent").exists()
    hit = ScreeningHit.objects.get()
    with pytest.raises(NotAllowed):
        _decide(hit, people["payer"], same=False)
    with pytest.raises(actions.GroundsMissing):
        _decide(hit, people["first"], same=False, grounds=" ")

    _decide(hit, people["first"], same=False)
    with pytest.raises(actions.HitDecided):
        _decide(hit, people["second"], same=True)

    actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)
    assert Payment.objects.filter(state="sent").count() == 3


def test_who_is_the_person_listed_is_left_out_when_the_order_is_prepared_again(
    funded: None, prepare: Prepare, approve: Approve, people: dict[str, Actor]
) -> None:
    _load(CSV, people["payer"])
    order = approve(prepare(name_1="Chan Sokha"))
    _decide(ScreeningHit.objects.get(), people["first"], same=True)
    with pytest.raises(actions.SomebodyListed):
        actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)
    actions.cancel_order(order_id=order.pk, by=people["preparer"], at=NOW)

    again = approve(prepare(key="cycle:1:2", name_1="Chan Sokha"))

    assert again.payments_count == 2
    actions.release_order(order_id=again.pk, by=people["payer"], at=NOW)


def test_a_decision_stands_for_the_same_household_in_the_next_order(
    prepare: Prepare, people: dict[str, Actor]
) -> None:
    _load(CSV, people["payer"])
    prepare(name_1="Chan Sokha")
    _decide(ScreeningHit.objects.get(), people["first"], same=False)

    later = prepare(key="cycle:2", owed="p", name_1="Chan Sokha", name_2="Sokha Chan")

    states = [(one.state, one.grounds) for one in queries.hits(later, by=people["first"])]
    assert states == [("cleared", "Other village."), ("waiting", "")]


def test_a_list_that_came_after_the_approval_is_looked_at_before_the_release(
    funded: None, prepare: Prepare, approve: Approve, people: dict[str, Actor]
) -> None:
    order = approve(prepare(name_1="Chan Sokha"))
    _load(CSV, people["payer"])

    with pytest.raises(actions.HitsWaiting):
        actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)

    assert ScreeningHit.objects.count() == 1
    assert Order.objects.get().state == "approved"


def test_a_list_takes_the_place_of_the_one_of_its_code(people: dict[str, Actor]) -> None:
    _load(CSV, people["payer"])
    _load("reference,name\nKH.9,Keo Dara\n", people["payer"])
    _load(CSV, people["payer"], code="other")

    counts = {one.code: count for one, count in queries.name_lists(by=people["payer"])}
    assert counts == {"un": 1, "other": 2}


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", WrongHeader),
        ("name\nKeo Dara\n", WrongHeader),
        ("reference,name\n", ListBroken),
        ("reference,name\nKH.1,Keo\n,Keo Dara\n", RowWithoutName),
        ("<CONSOLIDATED_LIST><INDIVIDUALS>", ListBroken),
        ("<CONSOLIDATED_LIST/>", ListBroken),
        ('<!DOCTYPE a [<!ENTITY b "c">]><CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>', ListBroken),
    ],
)
def test_a_file_that_is_no_list_is_refused_and_the_list_stays(
    people: dict[str, Actor], text: str, refused: type[Exception]
) -> None:
    _load(CSV, people["payer"])

    with pytest.raises(refused):
        _load(text, people["payer"])

    assert ListedName.objects.count() == 2


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(NotUnicode):
        read_list(io.BytesIO("reference,name\nKH.1,Žof é".encode("utf-16-le")))


names = st.lists(st.sampled_from(["Sok", "Chan", "Dara", "ចាន់", "សុខ", "Bopha"]), max_size=4)


@given(names, st.randoms())
def test_the_order_of_words_never_matters(words: list[str], chance: Any) -> None:
    turned = chance.sample(words, len(words))
    remembered = cache(name_keys)

    assert sounds(" ".join(words), name_keys) == sounds(" ".join(turned), remembered)


SEE = {"programme_officer", "payment_approver", "payment_officer", "budget_officer", "auditor"}
PAYEES = SEE - {"budget_officer"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_it_may(
    prepare: Prepare, people: dict[str, Actor], client_of: Callable[..., Client], role: str
) -> None:
    _load(CSV, people["payer"])
    order = prepare(name_1="Chan Sokha")
    hit, client = ScreeningHit.objects.get(), client_of(role)
    for address, see in (
        ("/payments/lists", SEE),
        ("/api/v1/payments/lists", SEE),
        (f"/api/v1/payments/orders/{order.pk}/hits", PAYEES),
    ):
        assert client.get(address).status_code == (200 if role in see else 403)
    content = base64.b64encode(CSV.encode()).decode()
    asked: list[tuple[str, int, str, dict[str, Any]]] = [
        ("payment_officer", 201, "lists", {"code": "un", "content": content}),
        ("payment_approver", 200, f"hits/{hit.pk}/decision",
         {"same_person": False, "grounds": "Other village."}),
    ]  # fmt: skip
    for may, status, address, body in asked:
        answer = post(client, f"payments/{address}", body)
        assert answer.status_code == (status if role == may else 403), address
    file = io.BytesIO(CSV.encode())
    file.name = "list.csv"
    loaded = client.post("/payments/lists", {"code": "un", "file": file})
    assert loaded.status_code == (302 if role == "payment_officer" else 403)
    decided = client.post(f"/payments/hits/{hit.pk}", {"decision": "same", "grounds": "x"})
    assert decided.status_code == (422 if role == "payment_approver" else 403)


def test_the_approver_reads_the_hits_on_the_order_and_decides(
    prepare: Prepare, people: dict[str, Actor], client_of: Callable[..., Client]
) -> None:
    approver = client_of("payment_approver")
    order = prepare(name_1="Chan Sokha")
    page = f"/payments/orders/{order.pk}"
    assert "nobody is screened" in approver.get(page).content.decode()
    _load(CSV, people["payer"])
    hit = ScreeningHit.objects.get()

    assert "It is the person listed" in approver.get(page).content.decode()
    unsaid = approver.post(f"/payments/hits/{hit.pk}", {"decision": "same"}, follow=True)
    assert f'href="#hit{hit.pk}_grounds"' in unsaid.content.decode()
    assert "Write by what you tell" in unsaid.content.decode()
    done = approver.post(
        f"/payments/hits/{hit.pk}", {"decision": "same", "grounds": "Same birth date"}, follow=True
    )

    assert "Same birth date" in done.content.decode()
    assert "It is the person listed" not in done.content.decode()
    with pytest.raises(NotFound):
        queries.hit_for(0)


def test_a_list_whose_code_cannot_be_says_how_to_write_it(client_of: Callable[..., Client]) -> None:
    file = io.BytesIO(CSV.encode())
    file.name = "list.csv"

    answer = client_of("payment_officer").post("/payments/lists", {"code": "un list", "file": file})

    assert "Write Latin letters, digits and hyphens" in answer.content.decode()
