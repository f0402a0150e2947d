"""From a proposal with its reasons to boxes on the shelf, and what is missing of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.locations.models import Facility
from spean.supplies import actions, queries
from spean.supplies.models import Movement, Order, Shipment
from tests.supplies.conftest import FAR, NEAR, TODAY, here, put

START = TODAY - timedelta(days=182)


@pytest.fixture
def stock(centre: Facility) -> None:
    """Use 61 tablets in 61 days with stock (30.5 a month), and have 10 left."""
    put(centre, "PARA500", [
        ("receipt", 61, START), ("issue", -61, START + timedelta(days=60)), ("receipt", 10, TODAY),
    ])  # fmt: skip


@pytest.fixture
def hospital(facility_of: Callable[..., Facility], items: None) -> Facility:
    """Give a hospital with two batches of paracetamol."""
    made = facility_of("H1", "cpa1", "16020101")
    put(made, "PARA500", [("receipt", 800, START)], number="LATE", expiry=FAR)
    put(made, "PARA500", [("receipt", 300, START)], number="SOON", expiry=NEAR)
    return made


@pytest.fixture
def approved(centre: Facility, stock: None, keeper: Actor, officer: Actor) -> Order:
    """Propose and approve an order."""
    made = actions.propose_order(facility=centre.code, by=keeper, on=TODAY)
    return actions.approve_order(order_id=made.pk, by=officer, on=TODAY)


def test_an_order_keeps_the_numbers_from_which_it_was_proposed(
    centre: Facility, stock: None, keeper: Actor
) -> None:
    made = actions.propose_order(facility=centre.code, by=keeper, on=TODAY)

    [line] = made.lines.all()
    assert line.quantity == 1000
    assert line.why == {
        "issued": 61, "days": 183, "days_in_stock": 62, "monthly": "30.01", "most_months": "3",
        "on_hand": 10, "on_the_way": 0, "pack": 1000, "proposed": 1000,
    }  # fmt: skip
    assert str(made) == "HC1/1"


def test_what_is_on_the_way_is_not_ordered_again(
    centre: Facility, approved: Order, keeper: Actor
) -> None:
    [one] = queries.proposals(facility=queries.facility_for(centre.code, by=keeper, on=TODAY),
                              on=TODAY)  # fmt: skip

    assert (one.supplied.numbers.on_the_way, one.quantity) == (1000, 0)
    with pytest.raises(actions.NothingToOrder):
        actions.propose_order(facility=centre.code, by=keeper, on=TODAY)


def test_a_facility_may_know_better_what_it_needs(
    centre: Facility, stock: None, keeper: Actor
) -> None:
    made = actions.propose_order(
        facility=centre.code, quantities={"PARA500": 2000, "ORS": 100, "ZINC20": 0}, by=keeper,
        on=TODAY,
    )  # fmt: skip

    assert {line.item.code: line.quantity for line in made.lines.all()} == {
        "PARA500": 2000, "ORS": 100,
    }  # fmt: skip


def test_orders_that_cannot_be_are_refused(
    centre: Facility, stock: None, keeper: Actor, officer: Actor
) -> None:
    def propose(quantities: dict[str, int]) -> Order:
        return actions.propose_order(
            facility=centre.code, quantities=quantities, by=keeper, on=TODAY
        )

    with pytest.raises(actions.ItemUnknown):
        propose({"GOLD": 1})
    with pytest.raises(actions.QuantityWrong):
        propose({"ORS": -1})
    with pytest.raises(NotAllowed):
        actions.propose_order(facility=centre.code, by=officer, on=TODAY)
    propose({"ORS": 1})
    with pytest.raises(actions.OrderWaits):
        propose({"ORS": 1})


def test_an_order_is_decided_once_and_by_another(
    centre: Facility, stock: None, keeper: Actor, officer: Actor, system: Actor
) -> None:
    own = actions.propose_order(facility=centre.code, by=system, on=TODAY)
    for decide in (
        lambda: actions.approve_order(order_id=own.pk, by=system, on=TODAY),
        lambda: actions.refuse_order(order_id=own.pk, reason="No", by=system, on=TODAY),
    ):
        with pytest.raises(actions.OwnOrder):
            decide()
    with pytest.raises(NotAllowed):
        actions.approve_order(order_id=own.pk, by=keeper, on=TODAY)
    with pytest.raises(actions.ReasonMissing):
        actions.refuse_order(order_id=own.pk, reason=" ", by=officer, on=TODAY)
    with pytest.raises(actions.NothingToOrder):
        actions.approve_order(order_id=own.pk, quantities={"PARA500": 0}, by=officer, on=TODAY)

    refused = actions.refuse_order(order_id=own.pk, reason="Too soon", by=officer, on=TODAY)

    assert refused.state == "refused"
    with pytest.raises(actions.OrderDecided):
        actions.approve_order(order_id=own.pk, by=officer, on=TODAY)


def send(to: Facility, by: Actor, *lines: actions.Sent, **more: object) -> Shipment:
    given = {"sender": "", "day": TODAY, "on": TODAY} | more
    return actions.send_shipment(to=to.code, lines=lines, by=by, **given)  # type: ignore[arg-type]


def test_an_order_is_sent_by_a_central_store_and_received(
    centre: Facility, approved: Order, keeper: Actor, officer: Actor
) -> None:
    line = actions.Sent("PARA500", 1000, "CMS1", FAR, "A maker")

    sent = send(centre, officer, line, order_id=approved.pk)
    assert here(centre) == {"P1": 10}
    assert Order.objects.get().state == "shipped"
    actions.receive_shipment(shipment_id=sent.pk, came={}, day=TODAY, by=keeper, on=TODAY)

    assert here(centre) == {"P1": 10, "CMS1": 1000}
    assert Order.objects.get().state == "received"
    assert Movement.objects.get(batch__number="CMS1").kind == "receipt"
    with pytest.raises(actions.ReceivedAlready):
        actions.receive_shipment(shipment_id=sent.pk, came={}, day=TODAY, by=keeper, on=TODAY)
    with pytest.raises(actions.OrderDecided):
        send(centre, officer, line, order_id=approved.pk)


def test_between_facilities_what_expires_first_goes_and_is_on_the_way_meanwhile(
    centre: Facility, hospital: Facility, keeper: Actor, actor: Callable[..., Actor]
) -> None:
    pharmacist = actor("health_worker", "1602", Purpose.CARE)

    sent = send(centre, pharmacist, actions.Sent("PARA500", 350), sender=hospital.code)

    assert here(hospital) == {"SOON": 0, "LATE": 750}
    assert here(centre) == {}
    [soon, late] = sent.lines.order_by("batch__expiry")
    came = {late.pk: actions.Came(45, "Five crushed")}
    actions.receive_shipment(shipment_id=sent.pk, came=came, day=TODAY, by=keeper, on=TODAY)
    assert here(centre) == {"SOON": 300, "LATE": 45}
    late.refresh_from_db()
    assert (soon.sent, late.sent, late.received, late.reason) == (300, 50, 45, "Five crushed")
    assert set(Movement.objects.filter(facility=centre).values_list("kind", flat=True)) == {
        "arrived"
    }


def test_what_came_short_is_explained_and_more_than_was_sent_never_comes(
    centre: Facility, hospital: Facility, keeper: Actor, system: Actor
) -> None:
    sent = send(centre, system, actions.Sent("PARA500", 10), sender=hospital.code)
    [line] = sent.lines.all()

    for came, refusal in (
        (actions.Came(9), actions.ShortUnexplained),
        (actions.Came(11, "A gift"), actions.MoreThanSent),
        (actions.Came(-1, "?"), actions.MoreThanSent),
    ):
        with pytest.raises(refusal):
            actions.receive_shipment(
                shipment_id=sent.pk, came={line.pk: came}, day=TODAY, by=keeper, on=TODAY
            )
    with pytest.raises(actions.DayToCome):
        actions.receive_shipment(
            shipment_id=sent.pk, came={}, day=TODAY - timedelta(days=1), by=keeper, on=TODAY
        )
    assert here(centre) == {}


def test_nothing_is_sent_that_is_not_there_nor_by_who_may_not(
    centre: Facility, hospital: Facility, keeper: Actor, system: Actor
) -> None:
    with pytest.raises(actions.NotEnough):
        send(centre, system, actions.Sent("PARA500", 1101), sender=hospital.code)
    with pytest.raises(NotAllowed):
        send(centre, keeper, actions.Sent("PARA500", 1), sender=hospital.code)
    with pytest.raises(NotAllowed):
        send(centre, keeper, actions.Sent("PARA500", 1, "B", FAR))
    with pytest.raises(actions.ToItself):
        send(hospital, system, actions.Sent("PARA500", 1), sender=hospital.code)
    with pytest.raises(actions.EntryWrong):
        send(centre, system, actions.Sent("PARA500", 1))
    with pytest.raises(actions.DayToCome):
        send(centre, system, actions.Sent("PARA500", 1, "B", FAR), day=TODAY + timedelta(days=1))
    assert not Shipment.objects.exists()
