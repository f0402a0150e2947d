"""Lists to sign at a pay point, vouchers for its families, and who is still to be paid there."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Substr
from django.utils.translation import gettext, override

from spean.kernel import audit, formats
from spean.kernel.access import Actor
from spean.kernel.documents import render_pdf
from spean.kernel.errors import N_, NotFound, SpeanError
from spean.locations import queries as locations
from spean.payments.models import Order, Payment
from spean.payments.queries.channels import released
from spean.payments.queries.words import programme_name
from spean.payments.rules import PaymentState

DOCUMENTS = Path(__file__).parents[1] / "documents"
COMMUNE, VILLAGE = 6, 8  # digits of their codes
MOST = 300
LANGUAGES = ("km", "en")
Both = dict[str, str]
LABELS = {
    "title": N_("List of families to be paid in cash"),
    "voucher": N_("Voucher for cash"),
    "programme": N_("Programme"),
    "order": N_("Order number"),
    "place": N_("Place"),
    "name": N_("Name"),
    "card": N_("Card number"),
    "amount": N_("Amount"),
    "signature": N_("Signature or thumb print"),
    "day": N_("Day"),
    "total": N_("Total"),
    "payer": N_("Paid by (name, signature)"),
    "witness": N_("Witness of the commune (name, signature)"),
    "bring": N_("Bring this voucher and your equity card to the pay point."),
    "free": N_("Nobody may ask you for a part of it."),
}


class PayDocument(StrEnum):
    """What is printed for a pay point."""

    LIST = "list"
    VOUCHERS = "vouchers"


class AreaTooLarge(SpeanError):
    """Refuse to print more than a commune at once."""

    code = "payments.area_too_large"
    message = N_("Choose a commune (6 digits) or a village (8 digits).")
    field = "area"


@dataclass(frozen=True, slots=True)
class PayPlace:
    """A place where families of an order are paid in cash; how many have no answer yet."""

    code: str
    name: str
    payments: int
    amount: Decimal
    waiting: int


def pay_order(order_id: UUID, *, by: Actor) -> Order:
    """Give a released order that is paid at pay points. Raises NotFound, NotAllowed."""
    found = released(order_id, by)
    if found.channel != Order.Channel.PAY_POINT:
        raise NotFound
    return found


def pay_places(order: Order, area: str, *, on: date) -> list[PayPlace]:
    """List the places right below an area ("" is the nation) with families of an order."""
    below = order.payments.filter(village__startswith=area)
    sent = Count("id", filter=Q(state=PaymentState.SENT))
    rows = below.annotate(place=Substr("village", 1, len(area) + 2)).values("place")
    counted = rows.annotate(n=Count("id"), s=Sum("amount"), waiting=sent).order_by("place")
    names = dict(locations.names([row["place"] for row in counted], on=on))
    return [
        PayPlace(row["place"], names[row["place"]], row["n"], row["s"], row["waiting"])
        for row in counted
    ]


def to_sign(order: Order, village: str, *, by: Actor) -> QuerySet[Payment]:
    """List who has no answer yet in a village, some at a time; the reading is recorded."""
    audit.read(by=by, action="payments.view_payments", subject=order, area=village)
    rows = order.payments.filter(village=village, state=PaymentState.SENT)
    return rows.order_by("reference")[:MOST]


def pay_document(kind: PayDocument, order: Order, area: str, *, by: Actor, on: date) -> bytes:
    """Give the list to sign, or the vouchers, of who has no answer yet in an area, as a PDF.

    The reading is recorded. Raises AreaTooLarge, NotFound where nobody is left.
    """
    face = pay_face(order, area, on=on)
    audit.read(by=by, action=f"payments.pay_{kind}", subject=order, area=area)
    return render_pdf(DOCUMENTS / f"pay_{kind}.typ", face, on=on)


def pay_face(order: Order, area: str, *, on: date) -> dict[str, object]:
    """Give everything that stands on a list or vouchers, each text as {km, en}."""
    if len(area) < COMMUNE:
        raise AreaTooLarge
    rows = order.payments.filter(village__startswith=area, state=PaymentState.SENT)
    listed = list(rows.order_by("reference"))
    if not listed:
        raise NotFound
    villages = {payment.village for payment in listed}
    return {
        "labels": {name: _both(partial(gettext, words)) for name, words in LABELS.items()},
        "programme": _both(partial(programme_name, order.programme)),
        "order": order.number,
        "purpose": order.purpose,
        "fingerprint": order.list_hash,
        "place": _path(area, on),
        "rows": list(_rows(listed, {code: _path(code, on) for code in villages})),
        "count": _both(partial(formats.number, len(listed))),
        "total": _both(partial(formats.riel, sum(payment.amount for payment in listed))),
    }


def _rows(listed: Sequence[Payment], villages: dict[str, Both]) -> Iterator[dict[str, object]]:
    for number, payment in enumerate(listed, start=1):
        yield {
            "number": _both(partial(formats.number, number)),
            "reference": payment.reference,
            "name": payment.name,
            "latin_name": payment.latin_name,
            "card": payment.account,
            "village": villages[payment.village],
            "amount": _both(partial(formats.riel, payment.amount)),
        }


def _both(said: Callable[[], str]) -> Both:
    """Say the same in both languages."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = said()
    return found


def _path(code: str, on: date) -> Both:
    steps = reversed(locations.path(code, on))
    names = [(step.name_km, step.name_en) for step in steps]
    return {"km": ", ".join(km for km, _ in names), "en": ", ".join(en for _, en in names)}
