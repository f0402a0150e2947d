"""The order that a bank gets: valid by ISO 20022's own schema, whatever people are called."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

import spean.payments.rules.iso20022 as iso20022
from spean.payments.rules import CreditTransfer, Debtor, Instruction, write_credit_transfer

SCHEMAS = Path(iso20022.__file__).parent / "schemas"
NAMES = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
DEBTOR = Debtor("Ministry & Fund", "000100000001", "DEMOKHPP", "Office <1>")
ORDER = CreditTransfer(
    "P26-00001", datetime(2026, 11, 5, 9, 30, 1, 5, timezone(timedelta(hours=7))), 1,
    Decimal(100_000), "Flood, November",
)  # fmt: skip
ONE = Instruction(
    "P26-00001-0000001", Decimal(100_000), "ឈ្មោះ", "Sok Dara", "+85512345678", "16010101"
)


def _read(*instructions: Instruction, order: CreditTransfer = ORDER) -> etree._ElementTree:
    text = b"".join(write_credit_transfer(instructions, order=order, debtor=DEBTOR))
    document = etree.fromstring(text).getroottree()
    etree.XMLSchema(file=str(SCHEMAS / "pain.001.001.09.xsd")).assertValid(document)
    return document


def _at(document: etree._ElementTree, path: str) -> list[str]:
    steps = "/".join(step if step == ".." else f"p:{step}" for step in path.split("/"))
    return [str(found) for found in document.xpath(f"//{steps}/text()", namespaces=NAMES)]


def test_the_order_says_who_pays_whom_what_and_why() -> None:
    document = _read(ONE)

    said = {
        path: _at(document, path)
        for path in (
            "GrpHdr/MsgId", "GrpHdr/CreDtTm", "GrpHdr/NbOfTxs", "GrpHdr/CtrlSum", "InitgPty/Nm",
            "PmtMtd", "ReqdExctnDt/Dt", "Dbtr/Nm", "DbtrAcct/Id/Othr/Id",
            "DbtrAgt/FinInstnId/BICFI", "PmtId/EndToEndId", "Amt/InstdAmt", "Cdtr/Nm",
            "CdtrAcct/Prxy/Id", "RmtInf/Ustrd",
        )
    }  # fmt: skip
    assert said == {
        "GrpHdr/MsgId": ["P26-00001"],
        "GrpHdr/CreDtTm": ["2026-11-05T09:30:01+07:00"],
        "GrpHdr/NbOfTxs": ["1"],
        "GrpHdr/CtrlSum": ["100000"],
        "InitgPty/Nm": ["Office <1>"],
        "PmtMtd": ["TRF"],
        "ReqdExctnDt/Dt": ["2026-11-05"],
        "Dbtr/Nm": ["Ministry & Fund"],
        "DbtrAcct/Id/Othr/Id": ["000100000001"],
        "DbtrAgt/FinInstnId/BICFI": ["DEMOKHPP"],
        "PmtId/EndToEndId": ["P26-00001-0000001"],
        "Amt/InstdAmt": ["100000"],
        "Cdtr/Nm": ["Sok Dara"],
        "CdtrAcct/Prxy/Id": ["+85512345678"],
        "RmtInf/Ustrd": ["Flood, November"],
    }
    assert document.xpath("//@Ccy") == ["KHR"]


@pytest.mark.parametrize(
    ("khmer", "latin", "written"),
    [
        ("សុខ ដារ៉ា", "", "សុខ ដារ៉ា"),
        ("ឈ្មោះ", "A & B <\"'> ]]> {name} %s", "A & B <\"'> ]]> {name} %s"),
        ("ឈ្មោះ", "x" * 210, "x" * 140),
        ("ក្ក" * 70, "", ("ក្ក" * 70)[:139]),
        ("", "a\x00b\x0bc\ufffe \n d", "abc d"),
        ("", " ", "P26-00001-0000001"),
    ],
)
def test_whatever_somebody_is_called_the_order_stays_valid(
    khmer: str, latin: str, written: str
) -> None:
    document = _read(replace(ONE, name=khmer, latin_name=latin))

    assert _at(document, "Cdtr/Nm") == [written]


def test_a_long_purpose_is_cut_and_an_empty_one_is_the_number() -> None:
    assert _at(_read(ONE, order=replace(ORDER, purpose="&" * 200)), "Ustrd") == ["&" * 140]
    assert _at(_read(ONE, order=replace(ORDER, purpose="")), "Ustrd") == ["P26-00001"]


def test_a_hundred_thousand_payments_are_written_as_they_are_read() -> None:
    asked = 0

    def many() -> Iterator[Instruction]:
        nonlocal asked
        for asked in range(1, 100_001):
            yield replace(ONE, reference=f"P26-00001-{asked:07d}")

    sizes, ahead, written = [], [], 0
    for piece in write_credit_transfer(many(), order=ORDER, debtor=DEBTOR):
        sizes.append(len(piece))
        written += piece.count(b"<CdtTrfTxInf>")
        ahead.append(asked - written)

    assert written == 100_000
    assert max(ahead) == 0
    assert max(sizes) < 300_000
