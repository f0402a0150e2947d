"""What is asked of money: orders, what became of their payments, where the money is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.rows import only
from spean.payments.models import Account, AnswerFile, ChannelAnswer, Line, Order, Payment
from spean.payments.queries.words import named_funders
from spean.payments.rules import (
    FOR_A_PERSON,
    ON_ITS_WAY,
    AccountKind,
    EntryKind,
    Outcome,
    Verdict,
    verdicts,
)

REVISIONS = (EntryKind.APPROPRIATION, EntryKind.WITHDRAWAL)
MOST = 200
VIEW, PREPARE, RELEASE = "payments.view", "payments.prepare", "payments.release"
VIEW_PAYEES = "payments.view_payees"
TO_FAMILIES = (Order.Channel.WALLET, Order.Channel.PAY_POINT)  # facilities have bank accounts
APPROVE = "payments.approve"
# For who prepares the next order: the payment of an obligation that leaves nothing to order, and
# those that paid a part of it, each as its index has it.
_WAY = ", ".join(f"'{state}'" for state in ON_ITS_WAY)
LIVES = f"state IN ({_WAY}) OR held = owed"
PARTS = "held > 0 AND held < owed"
LIVE = f"""
SELECT FROM payments_payment WHERE ({LIVES}) AND payments_payment.obligation = {{obligation}}
"""
# The day on which one obligation was paid whole, if it was: each part by its index.
PAID_ON = f"""
SELECT max(day) FROM (
    SELECT settled_on AS day FROM payments_payment
    WHERE payments_payment.obligation = {{obligation}} AND held = owed
    UNION ALL
    SELECT max(settled_on) FROM payments_payment
    WHERE payments_payment.obligation = {{obligation}} AND {PARTS} HAVING sum(held) = max(owed)
) whole
"""
# The day on which each obligation was paid whole, by one payment or in parts.
WHOLE = f"""
WITH of_key AS (
    SELECT payment.* FROM payments_payment payment
    JOIN payments_order orders ON orders.id = payment.order_id AND starts_with(orders.key, %s)
), whole (day) AS (
    SELECT settled_on FROM of_key WHERE held = owed
    UNION ALL
    SELECT max(settled_on) FROM of_key WHERE {PARTS}
    GROUP BY obligation HAVING sum(held) = max(owed)
)
SELECT day, count(*) FROM whole GROUP BY day ORDER BY day
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """Where a programme's money is, in riel."""

    programme: str
    appropriated: Decimal
    available: Decimal
    committed: Decimal
    in_channels: Decimal
    with_families: Decimal


@dataclass(frozen=True, slots=True)
class Revision:
    """What a funder gave to a programme, or took back (below 0), by which act."""

    on: date
    programme: str
    funder: str
    amount: Decimal
    source: str
    made_by: str


@dataclass(frozen=True, slots=True)
class Became:
    """How many payments of an order are in a state, their sum, and what families hold of it."""

    state: str
    payments: int
    amount: Decimal
    held: Decimal

    @property
    def is_on_its_way(self) -> bool:
        """Tell whether these payments are due or under way."""
        return self.state in ON_ITS_WAY


def orders(*, by: Actor) -> QuerySet[Order]:
    """List the orders."""
    access.require(by, VIEW, area="")
    return Order.objects.all()


def order(order_id: UUID, *, by: Actor) -> Order:
    """Give one order. Raises NotFound, NotAllowed."""
    access.require(by, VIEW, area="")
    return order_for(order_id)


def orders_of(key: str) -> int:
    """Count the orders that were made for one thing to pay: their keys begin with its own."""
    return Order.objects.filter(key__startswith=f"{key}:").count()


def order_for(order_id: UUID, *, lock: bool = False) -> Order:
    """Give one order to who has checked the right, locked until the transaction ends if asked."""
    return only(Order.objects.filter(pk=order_id), lock=lock)


def became(order: Order) -> list[Became]:
    """Give what has become of an order's payments."""
    rows = order.payments.values("state").order_by("state")
    counted = rows.annotate(n=Count("id"), amounts=Sum("amount"), holds=Sum("held"))
    return [Became(row["state"], row["n"], row["amounts"], row["holds"]) for row in counted]


def payments_in(order: Order, *, by: Actor) -> QuerySet[Payment]:
    """List an order's payments, to look at before it is approved; the reading is recorded."""
    access.require(by, VIEW_PAYEES, area="")
    audit.read(by=by, action="payments.view_payments", subject=order)
    return order.payments.all()


def paid_by_day(key: str) -> dict[date, int]:
    """Count what was paid whole of one thing to pay, by the day on which families had it all."""
    with connection.cursor() as cursor:
        cursor.execute(WHOLE, [f"{key}:"])
        return dict(cursor.fetchall())


def budgets(*, by: Actor) -> list[Budget]:
    """Give where each programme's money is."""
    access.require(by, VIEW, area="")
    sums: dict[str, dict[str, Decimal]] = {}
    held = Account.objects.exclude(kind=AccountKind.FUNDER).annotate(held=Sum("lines__amount"))
    for one in held:
        programme = one.code.rsplit(":", 1)[1]
        kinds = sums.setdefault(programme, dict.fromkeys(AccountKind, Decimal(0)))
        kinds[AccountKind(one.kind)] += one.held or 0
    given = dict(
        Line.objects.filter(entry__kind__in=REVISIONS, account__kind=AccountKind.BUDGET)
        .values_list("account__code")
        .annotate(Sum("amount"))
    )
    return [
        Budget(
            programme, given.get(f"budget:{programme}", Decimal(0)), kinds[AccountKind.BUDGET],
            kinds[AccountKind.COMMITTED], kinds[AccountKind.CHANNEL], kinds[AccountKind.FAMILIES],
        )
        for programme, kinds in sorted(sums.items())
    ]  # fmt: skip


def revisions(*, by: Actor) -> list[Revision]:
    """List what funders gave and took back, the newest first, each with the act that says so."""
    access.require(by, VIEW, area="")
    lines = Line.objects.filter(entry__kind__in=REVISIONS).select_related("entry", "account")
    budgets = lines.filter(account__kind=AccountKind.BUDGET).order_by("-entry__made_at", "-id")
    shown = list(budgets[:MOST])
    gave = lines.filter(account__kind=AccountKind.FUNDER, entry__in=[one.entry_id for one in shown])
    funders = {line.entry_id: line.account.code for line in gave}
    return [
        Revision(
            line.entry.on, _of(line.account.code), _of(funders[line.entry_id]), line.amount,
            line.entry.source, line.entry.made_by,
        )
        for line in shown
    ]  # fmt: skip


def funders() -> list[str]:
    """Give the codes of the funders that the policy names, and of others that gave money."""
    gave = Account.objects.filter(kind=AccountKind.FUNDER).order_by("code")
    return list(dict.fromkeys([*named_funders(), *(_of(one.code) for one in gave)]))


def _of(code: str) -> str:
    """Give what an account is of: "budget:flood_cash_transfer" is of that programme."""
    return code.partition(":")[2]


def answer_files(*, by: Actor) -> QuerySet[AnswerFile]:
    """List the files that channels sent."""
    access.require(by, VIEW, area="")
    return AnswerFile.objects.all()


def answer_file(file_id: UUID, *, by: Actor) -> AnswerFile:
    """Give one file of answers. Raises NotFound, NotAllowed."""
    return only(answer_files(by=by).filter(pk=file_id))


def answers_for_a_person(
    file: AnswerFile, *, decided: bool | None = None
) -> QuerySet[ChannelAnswer]:
    """List the rows that moved no money because they go against the books, who waits first."""
    rows = file.answers.filter(effect__in=FOR_A_PERSON).select_related("verdict")
    if decided is not None:
        rows = rows.filter(verdict__isnull=not decided)
    return rows.order_by(F("verdict__id").asc(nulls_first=True), "row")


def possible(rows: Iterable[ChannelAnswer]) -> dict[int, Mapping[Verdict, Decimal]]:
    """Give what can be decided about each of some rows, and what the family holds then.

    By what their payments are now.
    """
    listed = list(rows)
    found = Payment.objects.filter(reference__in={row.reference for row in listed})
    stand = {payment.reference: payment.standing for payment in found}
    return {
        row.pk: verdicts(stand.get(row.reference), Outcome(row.outcome), row.amount)
        for row in listed
    }


def answer_for(answer_id: int, *, lock: bool = False) -> ChannelAnswer:
    """Give one row that goes against the books to who checks the right. Raises NotFound."""
    return only(ChannelAnswer.objects.filter(pk=answer_id, effect__in=FOR_A_PERSON), lock=lock)


def payments_of(household_id: UUID, *, by: Actor) -> QuerySet[Payment]:
    """List a household's payments, the newest first, to who sees payments of the nation."""
    access.require(by, VIEW_PAYEES, area="")
    audit.read(by=by, action="payments.view_household_payments",
               subject=("registry.household", str(household_id)))  # fmt: skip
    return Payment.objects.filter(household_id=household_id).select_related("order").order_by("-id")
