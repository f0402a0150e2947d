"""What a bank says of an order that it was sent: the payment status report (pain.002)."""

from collections.abc import Iterator
from typing import IO, Any

from spean.kernel.errors import N_, SpeanError
from spean.payments.rules.iso20022.reading import day, find, riel, text, whole_elements
from spean.payments.rules.messages import Answer, Outcome, Unreadable, reference_of

TRANSACTION, PAYMENTS, REPORT = "TxInfAndSts", "OrgnlPmtInfAndSts", "CstmrPmtStsRpt"
# External code set “payment transaction status”. A bank that settled has paid; a family that gets
# nothing all the same comes back as a return. What isn't here, such as BLCK, waits for a person.
STATUSES = {
    **dict.fromkeys(("ACSC", "ACCC"), Outcome.PAID),
    **dict.fromkeys(
        ("RCVD", "PDNG", "ACTC", "ACFC", "ACCP", "ACSP", "ACWC", "ACWP"), Outcome.ACCEPTED
    ),
    **dict.fromkeys(("RJCT", "CANC"), Outcome.FAILED),
}


class StatusNotRead(SpeanError):
    """Report a status that means nothing to us."""

    code = "payments.status_not_read"
    message = N_(
        "The bank's status “%(status)s” is not one that can be booked. "
        "Ask the bank what became of the payment."
    )


class NoReference(SpeanError):
    """Report what is said of no payment that could be found."""

    code = "payments.no_reference"
    message = N_(
        "The bank gives no EndToEndId for %(amount)s (%(what)s), so nothing was booked. "
        "Ask the bank which payment it is."
    )


class WholeOrderAnswered(SpeanError):
    """Report an answer for all payments at once: none is named, so none is booked."""

    code = "payments.whole_order_answered"
    message = N_(
        "The bank answers “%(status)s” for the whole of “%(order)s” (%(why)s), without naming "
        "each payment, so nothing was booked for it. If it refused the order, ask for an answer "
        "that names each payment."
    )


def read_status_report(
    stream: IO[bytes], message: str
) -> Iterator[tuple[int, Answer | Unreadable]]:
    """Give what a report says of each payment, and of all at once. Raises MessageInvalid."""
    row, named = 0, {PAYMENTS: 0, REPORT: 0}
    for name, element in whole_elements(stream, message, TRANSACTION, PAYMENTS, REPORT):
        if name == TRANSACTION:
            row += 1
            named = {level: count + 1 for level, count in named.items()}
            yield row, _answer(row, element)
            continue
        if said := _of_all(element, named[name], is_silent=not row):
            row += 1
            yield row, Unreadable(row, said)
        named[PAYMENTS] = 0


def _of_all(level: Any, named: int, *, is_silent: bool) -> WholeOrderAnswered | None:
    """Give what is said of all payments and doesn't stand beside each of them."""
    group = "OrgnlGrpInfAndSts/"
    status = text(level, "PmtInfSts", f"{group}GrpSts")
    refused = STATUSES.get(status) == Outcome.FAILED
    of = text(level, "OrgnlNbOfTxs", f"{group}OrgnlNbOfTxs")
    if named and (not refused or of == str(named)):
        return None
    if not named and not status and not is_silent:
        return None
    return WholeOrderAnswered(
        status=status or "–",
        order=text(level, "OrgnlPmtInfId", f"{group}OrgnlMsgId"),
        why=_reason(level) or _reason(level, group) or "–",
    )


def _answer(row: int, transaction: Any) -> Answer | Unreadable:
    try:
        outcome = _outcome(transaction)
        amount = find(transaction, "OrgnlTxRef/Amt/InstdAmt")
        settled = find(transaction, "OrgnlTxRef/IntrBkSttlmAmt")
        if outcome == Outcome.PAID and settled is not None:
            outcome, amount = Outcome.SETTLED, settled
        reference = text(transaction, "OrgnlEndToEndId")
        if not reference:
            what = text(transaction, "OrgnlInstrId", "StsId") or "–"
            raise NoReference(amount="–" if amount is None else amount.text, what=what)
        return Answer(
            reference=reference_of(reference),
            outcome=outcome,
            amount=None if amount is None else riel(amount),
            on=day(text(transaction, "AccptncDtTm", "../../GrpHdr/CreDtTm")),
            their_reference=text(transaction, "AcctSvcrRef", "ClrSysRef"),
            reason="" if outcome in (Outcome.PAID, Outcome.SETTLED) else _reason(transaction),
        )
    except SpeanError as error:
        return Unreadable(row, error)


def _outcome(transaction: Any) -> Outcome:
    """Read its own status, else that of the payments with which it was sent, else the order's."""
    status = text(transaction, "TxSts", "../PmtInfSts", "../../OrgnlGrpInfAndSts/GrpSts")
    if status not in STATUSES:
        raise StatusNotRead(status=status or "–")
    return STATUSES[status]


def _reason(said: Any, where: str = "") -> str:
    why = [text(said, f"{where}StsRsnInf/Rsn/*"), text(said, f"{where}StsRsnInf/AddtlInf")]
    return ": ".join(filter(None, why))[:140]
