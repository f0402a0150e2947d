"""An order as a bank reads it: the credit transfer initiation (pain.001.001.09)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape
from itertools import islice

from spean.payments.rules.iso20022.reading import CAMBODIA
from spean.payments.rules.messages import Instruction

AT_ONCE = 500
NAME = TEXT = 140
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COENG = "\u17d2"  # joins two Khmer letters: a cut name doesn't end with it

START = """\
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
<CstmrCdtTrfInitn>
<GrpHdr><MsgId>{number}</MsgId><CreDtTm>{at}</CreDtTm><NbOfTxs>{payments}</NbOfTxs>\
<CtrlSum>{total}</CtrlSum><InitgPty><Nm>{initiating_party}</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>{number}</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>{payments}</NbOfTxs>\
<CtrlSum>{total}</CtrlSum><ReqdExctnDt><Dt>{day}</Dt></ReqdExctnDt>
<Dbtr><Nm>{debtor}</Nm></Dbtr>
<DbtrAcct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>KHR</Ccy></DbtrAcct>
<DbtrAgt><FinInstnId><BICFI>{bic}</BICFI></FinInstnId></DbtrAgt>
<ChrgBr>DEBT</ChrgBr>
"""
TRANSFER = """\
<CdtTrfTxInf><PmtId><EndToEndId>{reference}</EndToEndId></PmtId>\
<Amt><InstdAmt Ccy="KHR">{amount}</InstdAmt></Amt><Cdtr><Nm>{name}</Nm></Cdtr>\
<CdtrAcct><Id><Othr><Id>{account}</Id></Othr></Id>{proxy}</CdtrAcct>\
<RmtInf><Ustrd>{purpose}</Ustrd></RmtInf></CdtTrfTxInf>
"""
PROXY = "<Prxy><Tp><Cd>TELE</Cd></Tp><Id>{account}</Id></Prxy>"
END = "</PmtInf>\n</CstmrCdtTrfInitn>\n</Document>\n"


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays, from which account at which bank (its BIC), and who sends the order."""

    name: str
    account: str
    bic: str
    initiating_party: str


@dataclass(frozen=True, slots=True)
class CreditTransfer:
    """An order as a whole. `at` is when it was released: fetched again, it is the same message."""

    number: str
    at: datetime  # of Cambodia, with its offset
    payments: int
    total: Decimal  # whole riel
    purpose: str


def write_credit_transfer(
    instructions: Iterable[Instruction],
    *,
    order: CreditTransfer,
    debtor: Debtor,
    by_telephone: bool = True,
) -> Iterator[bytes]:
    """Give the document piece by piece.

    `order` says the number and the sum of the instructions, which come after it in the document. A
    wallet is known by its telephone number, as the account and as its proxy; a bank account
    (`by_telephone` false) by its number alone. The debtor bears the charges: a family gets what it
    is owed. What is longer than the schema allows is cut.
    """
    day = order.at.astimezone(CAMBODIA).date()
    yield START.format(
        number=_text(order.number, 35), at=order.at.isoformat(timespec="seconds"),
        payments=order.payments, total=f"{order.total:f}", day=day.isoformat(),
        initiating_party=_text(debtor.initiating_party, NAME), debtor=_text(debtor.name, NAME),
        account=_text(debtor.account, 34), bic=_text(debtor.bic, 11),
    ).encode()  # fmt: skip
    purpose = _text(order.purpose, TEXT) or _text(order.number, TEXT)
    lines = (_transfer(one, purpose, by_telephone) for one in instructions)
    while piece := "".join(islice(lines, AT_ONCE)):
        yield piece.encode()
    yield END.encode()


def _transfer(one: Instruction, purpose: str, by_telephone: bool) -> str:
    account = _text(one.account, 34)
    name = _text(one.latin_name, NAME) or _text(one.name, NAME) or one.reference
    return TRANSFER.format(
        reference=one.reference, amount=f"{one.amount:f}", name=name,
        account=account, purpose=purpose,
        proxy=PROXY.format(account=account) if by_telephone else "",
    )  # fmt: skip


def _text(text: str, most: int) -> str:
    """Give text as XML holds it: what no document may hold left out, cut, escaped."""
    kept = " ".join(NOT_IN_XML.sub("", text).split())
    return escape(kept[:most].rstrip(f" {COENG}"), quote=False)
