"""Messages of a bank, as small as their schemas let them be, and a lazy file to read them from."""

import io
from collections.abc import Iterable, Iterator

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"


def message(name: str, body: str) -> io.BytesIO:
    """Give a whole document as a file."""
    return io.BytesIO(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}{name}">\n'
        f"{body}\n</Document>".encode()
    )


def status(reference: str, said: str, *, amount: str = "", why: str = "") -> str:
    """What a status report says of one payment."""
    reason = f"<StsRsnInf><Rsn><Cd>{why}</Cd></Rsn></StsRsnInf>" if why else ""
    original = (
        f'<OrgnlTxRef><Amt><InstdAmt Ccy="KHR">{amount}</InstdAmt></Amt></OrgnlTxRef>'
        if amount
        else ""
    )
    name = f"<OrgnlEndToEndId>{reference}</OrgnlEndToEndId>" if reference else ""
    word = f"<TxSts>{said}</TxSts>" if said else ""
    return f"<TxInfAndSts>{name}{word}{reason}{original}</TxInfAndSts>"


def report(*payments: str, group: str = "", all_of: str = "", count: str = "") -> io.BytesIO:
    """A pain.002 of these payments; what it says of the order and of all payments in it."""
    why = "<StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>"
    inner = f"<PmtInfSts>{all_of}</PmtInfSts>{why}" if all_of else ""
    wraps = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>P26-00001</OrgnlPmtInfId>{inner}\n"
    of = "\n".join(payments)
    return message(
        "pain.002.001.12",
        "<CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId><CreDtTm>2026-11-05T20:00:00Z</CreDtTm></GrpHdr>\n"
        "<OrgnlGrpInfAndSts><OrgnlMsgId>P26-00001</OrgnlMsgId>"
        "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        + (f"<OrgnlNbOfTxs>{count}</OrgnlNbOfTxs>" if count else "")
        + (f"<GrpSts>{group}</GrpSts>{why}" if group else "")
        + "</OrgnlGrpInfAndSts>\n"
        + (f"{wraps}{of}\n</OrgnlPmtInfAndSts>" if payments or all_of else "")
        + "</CstmrPmtStsRpt>",
    )


def details(
    reference: str = "", amount: str = "", *, currency: str = "KHR", returned: str = "",
    direction: str = "", code: str = "",
) -> str:  # fmt: skip
    """One movement of an entry."""
    name = f"<EndToEndId>{reference}</EndToEndId>" if reference else ""
    parts = [
        f"<Refs><AcctSvcrRef>T-1</AcctSvcrRef>{name}</Refs>",
        f'<Amt Ccy="{currency}">{amount}</Amt>' if amount else "",
        f"<CdtDbtInd>{direction}</CdtDbtInd>" if direction else "",
        _code(code) if code else "",
        f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else "",
    ]
    return f"<TxDtls>{''.join(parts)}</TxDtls>"


def entry(
    *movements: str, amount: str = "100000", direction: str = "DBIT", booked: str = "BOOK",
    reversal: str = "", currency: str = "KHR", day: str = "<Dt>2026-11-05</Dt>", code: str = "DMCT",
) -> str:  # fmt: skip
    """One entry of an account."""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
        + (f"<RvslInd>{reversal}</RvslInd>" if reversal else "")
        + f"<Sts><Cd>{booked}</Cd></Sts>"
        + (f"<BookgDt>{day}</BookgDt>" if day else "")
        + _code(code)
        + (f"<NtryDtls>{''.join(movements)}</NtryDtls>" if movements else "")
        + "<AddtlNtryInf>As the bank calls it</AddtlNtryInf></Ntry>\n"
    )


def _code(code: str) -> str:
    family = f"<Fmly><Cd>ICDT</Cd><SubFmlyCd>{code}</SubFmlyCd></Fmly>"
    return f"<BkTxCd><Domn><Cd>PMNT</Cd>{family}</Domn></BkTxCd>"


HEADER = "<GrpHdr><MsgId>S1</MsgId><CreDtTm>2026-11-06T08:00:00+07:00</CreDtTm></GrpHdr>\n"
ACCOUNT = "<Acct><Id><Othr><Id>000100000001</Id></Othr></Id></Acct>"
BALANCE = (
    "<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>"
    '<Amt Ccy="KHR">5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-05</Dt></Dt></Bal>\n'
)


def statement(*entries: str) -> io.BytesIO:
    """A camt.053 of these entries."""
    body = f"{HEADER}<Stmt><Id>1</Id>{ACCOUNT}{BALANCE}{''.join(entries)}</Stmt>"
    return message("camt.053.001.08", f"<BkToCstmrStmt>{body}</BkToCstmrStmt>")


def notification(*entries: str) -> io.BytesIO:
    """A camt.054 of these entries."""
    body = f"{HEADER}<Ntfctn><Id>1</Id>{ACCOUNT}{''.join(entries)}</Ntfctn>"
    return message("camt.054.001.08", f"<BkToCstmrDbtCdtNtfctn>{body}</BkToCstmrDbtCdtNtfctn>")


class Made(io.RawIOBase):
    """A file whose pieces are made when they are read; it can be read from the start twice."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces = pieces
        self.seek(0)

    def seek(self, offset: int, whence: int = 0) -> int:
        self.rest, self.left = b"", self._all()
        return 0

    def _all(self) -> Iterator[bytes]:
        yield from self.pieces

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and (piece := next(self.left, b"")):
            self.rest += piece
        given, self.rest = self.rest[:size], self.rest[size:]
        return given

    def readline(self, size: int | None = -1) -> bytes:
        if not self.rest:
            self.rest = next(self.left, b"")
        line, end, self.rest = self.rest.partition(b"\n")
        return line + end
