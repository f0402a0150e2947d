"""The ledger to read: every entry, and one payment followed from the budget to the family."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.rows import only
from spean.payments.models import ChannelAnswer, Entry, Line, Payment
from spean.payments.queries.money import VIEW, VIEW_PAYEES
from spean.payments.rules import EntryKind

OF_ORDERS = (EntryKind.COMMITMENT, EntryKind.CANCELLATION, EntryKind.RELEASE)
Sums = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A payment followed: what its order moved, what was said of it, what that moved for it.

    `moved` are the entries that brought its money to the family or took it back (riel); `others`
    the payments of the same obligation, one of which may have come in its place.
    """

    payment: Payment
    order: tuple[Entry, ...]
    answers: tuple[ChannelAnswer, ...]
    moved: tuple[tuple[Entry, Decimal], ...]
    others: tuple[Payment, ...]


def entries(*, by: Actor, order_id: UUID | None = None) -> QuerySet[Entry]:
    """List the ledger's entries, or those of one order."""
    access.require(by, VIEW, area="")
    rows = Entry.objects.select_related("order")
    return rows.filter(order_id=order_id) if order_id else rows


def sums(listed: Iterable[Entry]) -> Mapping[UUID, Sums]:
    """Give what each of some entries added to which account."""
    rows = Line.objects.filter(entry__in=list(listed)).values("entry_id", "account__code")
    found: dict[UUID, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in rows.annotate(sum=Sum("amount")).order_by("sum", "account__code"):
        found[row["entry_id"]].append((row["account__code"], row["sum"]))
    return {entry: tuple(pairs) for entry, pairs in found.items()}


def trace(reference: str, *, by: Actor) -> Trace:
    """Follow one payment; the reading is recorded. Raises NotFound, NotAllowed."""
    access.require(by, VIEW_PAYEES, area="")
    found = only(Payment.objects.select_related("order").filter(reference=reference))
    audit.read(by=by, action="payments.trace", subject=found, area=found.village)
    same = Payment.objects.filter(household=found.household_id, facility=found.facility_id)
    others = same.filter(obligation=found.obligation).exclude(pk=found.pk)
    said = ChannelAnswer.objects.filter(reference=reference).select_related("file", "verdict")
    lines = Line.objects.filter(payment=found).select_related("entry").order_by("id")
    return Trace(
        payment=found,
        order=tuple(found.order.entries.filter(kind__in=OF_ORDERS).order_by("made_at")),
        answers=tuple(said.order_by("id")),
        moved=tuple((line.entry, line.amount) for line in lines),
        others=tuple(others.select_related("order").order_by("id")),
    )
