"""A family asks for a code and gives it; the families of an order are told of their money."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext, override

from spean.families.models import Code, Notice
from spean.families.queries import NOTIFY, family, phone_of
from spean.families.rules import AN_HOUR, DIGITS, Sent, may_send
from spean.kernel import access, audit, bulk, formats, texting
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.texting import Text
from spean.payments import queries as payments
from spean.programmes.queries.words import programme_name
from spean.registry.queries import PAYEES

log = structlog.get_logger()
TOLD = """
SELECT payee.phone, payment.amount FROM payments_payment payment
JOIN ({payees}) payee ON payee.household = payment.household_id
WHERE payment.order_id = %(order)s AND payee.phone LIKE '+855%%'
ORDER BY payment.reference
"""
WALLET = N_(
    "%(programme)s: %(amount)s comes to your mobile money account. "
    "Nobody may ask you for a part of it."
)
CASH = N_(
    "%(programme)s: fetch %(amount)s at the pay point with your equity card. "
    "Nobody may ask you for a part of it."
)
CODE = N_("Your code is %(code)s. Type it where you asked for it; tell it to nobody.")


class WrongCode(SpeanError):
    """Refuse a code that is wrong, used, tried too often or too old."""

    code = "families.wrong_code"
    message = N_(
        "This card and this code do not fit together, or the code is older than ten minutes. "
        "Check the digits, or ask for a new code."
    )
    field = "code"


class NotReleased(Conflict):
    """Refuse to tell families of money that has not left."""

    code = "families.not_released"
    message = N_("The order is not released yet: the families would wait in vain.")


class NotHandedOver(Conflict):
    """Say that the carrier takes no texts."""

    code = "families.not_handed_over"
    message = N_("The texts could not be handed over. Nothing was noted; try again later.")


class ToldAlready(Conflict):
    """Refuse to tell the families twice."""

    code = "families.told_already"
    message = N_("The families of this order were told already.")


@transaction.atomic
def ask_code(*, card: str, at: datetime) -> None:
    """Send a code to the telephone of a card's family, at most three an hour.

    Says nothing of whether there is such a card or telephone: a stranger learns nothing by asking.
    """
    found = phone_of(card, on=timezone.localtime(at).date())
    if found is None or not found[1].startswith("+855"):
        return
    household_id, phone = found
    sent = Code.objects.filter(household_id=household_id, made_at__gt=at - AN_HOUR)
    if not may_send(list(sent.values_list("made_at", flat=True)), at):
        return
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    Code.objects.create(household_id=household_id, digest=_digest(household_id, code), made_at=at)
    with override("km"):
        body = gettext(CODE) % {"code": code}
    audit.write(by=family(household_id), action="families.ask_code",
                subject=("registry.household", str(household_id)))  # fmt: skip
    transaction.on_commit(lambda: _hand_over(Text(phone, body)))


def _hand_over(text: Text) -> None:
    """Send a code; a carrier that is down is the operator's to know, not the stranger's."""
    try:
        texting.send([text])
    except OSError:
        log.exception("families.code_not_sent")


def open_record(*, card: str, code: str, at: datetime) -> UUID:
    """Give the household whose card and last code these are; the code is used up.

    Each wrong try counts, also where the caller's transaction fails. Raises WrongCode.
    """
    with transaction.atomic():
        household_id = _household_of(card, code, at)
    if household_id is None:
        raise WrongCode
    return household_id


def _household_of(card: str, code: str, at: datetime) -> UUID | None:
    found = phone_of(card, on=timezone.localtime(at).date())
    if found is None:
        return None
    rows = Code.objects.select_for_update().filter(household_id=found[0])
    last = rows.order_by("-made_at").first()
    if last is None or not Sent(last.made_at, last.tries, last.used).is_good(at):
        return None
    fits = constant_time_compare(last.digest, _digest(found[0], code))
    last.tries, last.used = last.tries + 1, fits
    last.save(update_fields=["tries", "used"])
    if not fits:
        return None
    audit.read(by=family(found[0]), action="families.open_record",
               subject=("registry.household", str(found[0])))  # fmt: skip
    return found[0]


def _digest(household_id: UUID, code: str) -> str:
    return salted_hmac("families.code", f"{household_id}:{code}", algorithm="sha256").hexdigest()


@transaction.atomic
def tell_families(*, order_id: UUID, by: Actor) -> Notice:
    """Text each family of a released order, once, that its money comes and how.

    Who has no telephone on record is told by the village. Raises NotFound, NotAllowed,
    NotReleased, ToldAlready, NotHandedOver.
    """
    access.require(by, NOTIFY, area="")
    order = payments.order(order_id, by=by)
    if order.state != payments.Order.State.RELEASED:
        raise NotReleased
    try:
        with transaction.atomic():
            made = Notice.objects.create(order=order, texts=0, sent_by=by.name)
    except IntegrityError as error:
        raise ToldAlready from error
    with TemporaryDirectory() as folder:
        path = Path(folder) / "told.csv"
        day = timezone.localtime(order.released_at).date() if order.released_at else None
        bulk.copy_out(TOLD.format(payees=PAYEES), path, {"order": str(order.pk), "day": day})
        try:
            made.texts = texting.send(_texts(order, path))
        except OSError as error:
            raise NotHandedOver from error
    made.save(update_fields=["texts"])
    audit.write(by=by, action=NOTIFY, subject=order, texts=made.texts)
    return made


def words_of(order: payments.Order) -> str:
    """Give what families of an order read, with places for `programme` and `amount`."""
    return gettext(WALLET if order.channel == payments.Order.Channel.WALLET else CASH)


def _texts(order: payments.Order, path: Path) -> Iterator[Text]:
    with override("km"):
        words = words_of(order)
        programme = programme_name(order.programme)
        for phone, amount in bulk.rows(path):
            said = words % {"programme": programme, "amount": formats.riel(int(amount))}
            yield Text(phone, said)
