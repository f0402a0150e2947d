"""An order is prepared by one, approved by two others, released once, and never changed."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, NotFound
from spean.kernel.models import AuditEntry
from spean.payments import actions, queries
from spean.payments.models import Entry, Line, Order, Payment
from spean.programmes import queries as cycles
from tests.payments.conftest import NOW, one_of

Prepare, Approve = Callable[..., Order], Callable[[Order], Order]


def _budget(by: Actor) -> tuple[int, ...]:
    (one,) = queries.budgets(by=by)
    return tuple(int(n) for n in (one.available, one.committed, one.in_channels, one.with_families))


def test_the_books_and_the_bank_know_the_day_in_cambodia(
    funded: None, prepare: Prepare, approve: Callable[[Order], Order], people: dict[str, Actor]
) -> None:
    order = approve(prepare())
    late = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)  # half past midnight in Phnom Penh

    actions.release_order(order_id=order.pk, by=people["payer"], at=late)

    _name, pieces = queries.order_file(
        order.pk, by=people["payer"], form=queries.FileFormat.PAIN_001
    )
    assert Entry.objects.get(kind="release").on == date(2026, 11, 25)
    assert b"<Dt>2026-11-25</Dt>" in b"".join(pieces)


def test_money_moves_at_the_second_approval_and_at_the_release(
    funded: None, prepare: Prepare, people: dict[str, Actor]
) -> None:
    order = prepare()
    seen = [_budget(people["first"])]
    for who in ("first", "second"):
        actions.approve_order(order_id=order.pk, list_hash=order.list_hash, by=people[who], at=NOW)
        seen.append(_budget(people["first"]))
    actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)
    seen.append(_budget(people["first"]))

    assert (order.payments_count, int(order.total)) == (3, 300_000)
    assert seen == [
        (1_000_000, 0, 0, 0), (1_000_000, 0, 0, 0), (700_000, 300_000, 0, 0),
        (700_000, 0, 300_000, 0),
    ]  # fmt: skip
    assert set(Payment.objects.values_list("state", flat=True)) == {"sent"}


def test_nobody_approves_twice_or_what_they_prepared(
    prepare: Prepare, people: dict[str, Actor], actor: Callable[..., Actor]
) -> None:
    order = prepare()
    system = Actor.system("x")
    Order.objects.filter(pk=order.pk).update(prepared_by=people["second"].name)

    with pytest.raises(actions.OwnOrder):
        actions.approve_order(
            order_id=order.pk, list_hash=order.list_hash, by=people["second"], at=NOW
        )
    actions.approve_order(order_id=order.pk, list_hash=order.list_hash, by=system, at=NOW)
    with pytest.raises(actions.ApprovedAlready):
        actions.approve_order(order_id=order.pk, list_hash=order.list_hash, by=system, at=NOW)
    with pytest.raises(NotAllowed):
        actions.approve_order(
            order_id=order.pk, list_hash=order.list_hash, by=people["payer"], at=NOW
        )


def test_the_database_too_wants_two_others(prepare: Prepare) -> None:
    order = prepare()

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(
            first_approved_by="preparer", first_approved_at=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="approved")


def test_a_list_that_was_not_looked_at_is_not_approved(
    prepare: Prepare, people: dict[str, Actor]
) -> None:
    order = prepare()

    with pytest.raises(actions.ListChanged):
        actions.approve_order(order_id=order.pk, list_hash="0" * 64, by=people["first"], at=NOW)


def test_a_payment_can_not_be_changed_or_slipped_in_after_approval(
    funded: None, prepare: Prepare, approve: Approve, people: dict[str, Actor]
) -> None:
    order = approve(prepare())
    payment = order.payments.first()
    assert payment is not None

    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(amount=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        payment.delete()
    Payment.objects.create(
        reference="SLIPPED-IN", order=order, obligation="x", household=payment.household,
        village="16010101", name="x", account="+85512345678", owed=5, amount=5,
    )  # fmt: skip
    with pytest.raises(actions.ListChanged):
        actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)


def test_nothing_is_committed_past_the_budget(
    funded: None, prepare: Prepare, people: dict[str, Actor]
) -> None:
    order = prepare([600_000, 500_000])
    actions.approve_order(order_id=order.pk, list_hash=order.list_hash, by=people["first"], at=NOW)

    with pytest.raises(actions.BudgetExceeded):
        actions.approve_order(
            order_id=order.pk, list_hash=order.list_hash, by=people["second"], at=NOW
        )
    assert one_of(order.pk).state == "prepared"
    assert _budget(people["first"]) == (1_000_000, 0, 0, 0)


def test_what_is_under_way_is_not_ordered_again(prepare: Prepare) -> None:
    first = prepare()

    assert prepare().pk == first.pk
    with pytest.raises(actions.NobodyToPay):
        prepare(key="cycle:2")
    more = prepare([1, 1, 1, 40_000], key="cycle:3")
    assert (more.payments_count, int(more.total)) == (1, 40_000)


def test_a_payment_above_the_limit_stops_the_order(prepare: Prepare) -> None:
    with pytest.raises(actions.PaymentTooLarge) as refused:
        prepare([100_000, 5_000_001])

    assert refused.value.facts == {"count": 1, "limit": "5,000,000", "name": "ឈ្មោះ 1"}


def test_a_cancelled_order_gives_its_money_and_families_back(
    funded: None, prepare: Prepare, approve: Approve, people: dict[str, Actor]
) -> None:
    order = approve(prepare())

    actions.cancel_order(order_id=order.pk, by=people["preparer"], at=NOW)

    assert _budget(people["first"]) == (1_000_000, 0, 0, 0)
    assert prepare(key="cycle:2").payments_count == 3
    with pytest.raises(actions.NotInThatState):
        actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)


def test_the_ledger_is_only_added_to_and_always_balances(funded: None) -> None:
    line = Line.objects.first()
    assert line is not None

    for attempt in (
        lambda: Line.objects.update(amount=1),
        lambda: Line.objects.all().delete(),
        lambda: Line.objects.create(entry=line.entry, account=line.account, amount=5),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute(
            "CREATE TRIGGER keep BEFORE TRUNCATE ON payments_line"
            " FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse()"
        )
        cursor.execute("TRUNCATE payments_line")


def test_money_is_given_once_for_one_key(funded: None, people: dict[str, Actor]) -> None:
    actions.appropriate(
        programme="flood_cash_transfer", funder="national-budget", amount=1_000_000,
        source="Act 1", key="a", by=people["budget"], on=NOW.date(),
    )  # fmt: skip

    assert _budget(people["first"]) == (1_000_000, 0, 0, 0)
    assert AuditEntry.objects.filter(action="payments.appropriate").count() == 1


def test_who_looked_at_a_household_s_money_is_recorded(
    released: Order, people: dict[str, Actor]
) -> None:
    home = released.payments.all()[0].household_id

    assert len(queries.payments_of(home, by=people["payer"])) == 1
    assert list(cycles.entitlements_in_cycles(home, by=people["payer"])) == []

    read = AuditEntry.objects.filter(kind="read", subject_id=str(home)).order_by("id")
    assert [one.action for one in read] == [
        "payments.view_household_payments", "programmes.view_household_cycles",
    ]  # fmt: skip


def test_only_a_released_order_has_a_file(
    prepare: Prepare, released: Order, people: dict[str, Actor]
) -> None:
    _, pieces = queries.order_file(released.pk, by=people["payer"])
    header, *lines = b"".join(pieces).decode("utf-8-sig").splitlines()

    assert header == "reference,account,name,name_latin,amount,currency,place,purpose"
    assert lines[0] == (
        f"{released.number}-0000001,+85512345670,ឈ្មោះ 0,Name 0,100000,KHR,16010101,"
        '"Flood, November"'
    )
    assert len(lines) == 3
    waiting = prepare([1, 1, 1, 40_000], key="cycle:3")
    with pytest.raises(NotFound):
        queries.order_file(waiting.pk, by=people["payer"])
