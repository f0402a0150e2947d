"""What a bank booked on our account: the statement (camt.053) and the notification (camt.054).

A debit is a payment made, or the part of it that was; a credit with a return's reason or a reversal
is one that came back. Whatever else moved on the account, such as a fee, is reported: what is ours
is for a person to say.
"""

from collections.abc import Iterator
from typing import IO, Any

from spean.kernel.errors import N_, SpeanError
from spean.payments.rules.iso20022.reading import day, find, riel, text, whole_elements
from spean.payments.rules.iso20022.status_report import NoReference, StatusNotRead
from spean.payments.rules.messages import Answer, Outcome, Unreadable, reference_of

NOT_BOOKED_YET = {"PDNG", "FUTR", "INFO"}
TRUE = {"true", "1"}
NONE_GIVEN = {"", "NOTPROVIDED"}
# Sub-families of bank transaction codes: charges, commission, fees, interest, taxes.
NO_PAYMENT = {"CHRG", "COMM", "FEES", "INTR", "TAXE"}


class NoDetails(SpeanError):
    """Report an entry that doesn't say what it is made of."""

    code = "payments.no_details"
    message = N_(
        "The bank booked %(amount)s (%(what)s) without saying for which payments. "
        "If it is for payments of ours, ask the bank for the details."
    )


class NotAPayment(SpeanError):
    """Report what moved on the account and is neither a payment nor one that came back."""

    code = "payments.not_a_payment"
    message = N_(
        "%(amount)s (%(what)s) is neither a payment of ours nor one that came back. "
        "Nothing was booked for it; see what it is with the bank."
    )


def read_statement(stream: IO[bytes], message: str) -> Iterator[tuple[int, Answer | Unreadable]]:
    """Give each movement of a statement or a notification. Raises MessageInvalid."""
    row, has_details = 0, False
    for name, element in whole_elements(stream, message, "TxDtls", "Ntry"):
        if name == "TxDtls":
            row, has_details = row + 1, True
            yield row, _movement(row, element)
        elif not has_details:
            row += 1
            yield row, Unreadable(row, NoDetails(**_seen(element, element)))
        else:
            has_details = False


def _movement(row: int, details: Any) -> Answer | Unreadable:
    entry = details.getparent().getparent()
    try:
        outcome = _outcome(entry, details)
        reference = text(details, "Refs/EndToEndId")
        if reference in NONE_GIVEN:
            raise NoReference(**_seen(entry, details))
        return Answer(
            reference=reference_of(reference),
            outcome=outcome,
            amount=riel(_amount(entry, details)),
            on=day(text(entry, "BookgDt/*", "ValDt/*") or text(entry, "../../GrpHdr/CreDtTm")),
            their_reference=text(details, "Refs/AcctSvcrRef", "Refs/TxId")
            or text(entry, "AcctSvcrRef", "NtryRef"),
            reason=_reason(details),
        )
    except SpeanError as error:
        return Unreadable(row, error)


def _outcome(entry: Any, details: Any) -> Outcome:
    status = text(entry, "Sts/*")
    if status not in {"BOOK", *NOT_BOOKED_YET}:
        raise StatusNotRead(status=status)
    code = "BkTxCd/Domn/Fmly/SubFmlyCd"
    comes_back = text(entry, "RvslInd") in TRUE or find(details, "RtrInf") is not None
    outcome = {("DBIT", False): Outcome.SETTLED, ("CRDT", True): Outcome.RETURNED}.get(
        (text(details, "CdtDbtInd") or text(entry, "CdtDbtInd"), comes_back)
    )
    if outcome is None or (text(details, code) or text(entry, code)) in NO_PAYMENT:
        raise NotAPayment(**_seen(entry, details))
    return outcome if status == "BOOK" else Outcome.ACCEPTED


def _amount(entry: Any, details: Any) -> Any:
    """Give the movement's own amount, else the entry's.

    In a batch that is too much for any of its payments, so that none is booked.
    """
    own = [find(details, path) for path in ("Amt", "AmtDtls/TxAmt/Amt")]
    return next((one for one in own if one is not None), find(entry, "Amt"))


def _reason(details: Any) -> str:
    why = [text(details, "RtrInf/Rsn/*"), text(details, "RtrInf/AddtlInf")]
    return ": ".join(filter(None, why))[:140]


def _seen(entry: Any, details: Any) -> dict[str, str]:
    """Tell of a movement what helps a person to know it."""
    amount = _amount(entry, details)
    kind = ("BkTxCd/Domn/Fmly/SubFmlyCd", "BkTxCd/Prtry/Cd")
    what = text(details, "AddtlTxInf", "AddtlNtryInf", *kind) or text(entry, *kind) or "–"
    return {"amount": f"{amount.text.strip()} {amount.get('Ccy')}", "what": what[:100]}
