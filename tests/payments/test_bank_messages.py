"""Whatever a bank's message says of a payment is read, and whatever it says of none is reported."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import IO

import pytest

from spean.kernel.errors import SpeanError
from spean.payments.rules import Answer, Outcome, Unreadable, read_answers
from spean.payments.rules.iso20022 import MessageInvalid, MessageUnknown, UnsafeMessage
from tests.payments.messages import (
    Made,
    details,
    entry,
    message,
    notification,
    report,
    statement,
    status,
)

A, B = "P26-00001-0000001", "P26-00001-0000002"
PAID_1 = entry(details(A, "100000"))


def _codes(file: IO[bytes]) -> list[str]:
    """Give what became of each movement: its outcome, or the code of why it can't be read."""
    return [
        one.error.code.removeprefix("payments.") if isinstance(one, Unreadable) else one.outcome
        for _, one in read_answers(file)
    ]


def _refused(file: IO[bytes]) -> SpeanError:
    with pytest.raises(SpeanError) as refused:
        list(read_answers(file))
    return refused.value


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        *((word, Outcome.PAID) for word in ("ACSC", "ACCC")),
        *((word, Outcome.ACCEPTED) for word in ("ACCP", "ACSP", "ACTC", "PDNG", "RCVD", "ACWP")),
        *((word, Outcome.FAILED) for word in ("RJCT", "CANC")),
        ("BLCK", "status_not_read"),
        ("acsc", "status_not_read"),
    ],
)
def test_each_status_has_its_outcome(said: str, outcome: str) -> None:
    assert _codes(report(status(A, said))) == [outcome]


def test_a_status_report_is_read_with_its_amount_day_and_reason() -> None:
    rejected, accepted = read_answers(
        report(status(A, "RJCT", amount="150000.00", why="AC04"), status(B, "ACSP"))
    )

    day = date(2026, 11, 6)  # 20:00 UTC of the fifth
    assert rejected == (1, Answer(A, Outcome.FAILED, Decimal(150_000), day, "", "AC04"))
    assert accepted == (2, Answer(B, Outcome.ACCEPTED, None, day, "", ""))


def test_a_payment_without_a_status_has_that_of_all() -> None:
    assert _codes(report(status(A, ""), all_of="ACSP")) == [Outcome.ACCEPTED]
    assert _codes(report(status(A, ""), group="RCVD")) == [Outcome.ACCEPTED]
    assert _codes(report(status(A, ""))) == ["status_not_read"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (report(group="RJCT"), ["whole_order_answered"]),
        (report(group="ACTC"), ["whole_order_answered"]),
        (report(all_of="RJCT"), ["whole_order_answered"]),
        (report(), ["whole_order_answered"]),
        (report(status(A, "RJCT"), all_of="RJCT"), ["failed", "whole_order_answered"]),
        (report(status(A, "RJCT"), group="RJCT", count="1"), ["failed"]),
        (report(status(A, "RJCT"), group="RJCT", count="2"), ["failed", "whole_order_answered"]),
        (report(status(A, "RJCT"), group="PART", count="2"), ["failed"]),
    ],
)
def test_what_is_said_of_all_payments_without_naming_them_is_reported(
    given: IO[bytes], expected: list[str]
) -> None:
    assert _codes(given) == expected


def test_a_refused_order_says_which_and_why() -> None:
    ((_, said),) = read_answers(report(group="RJCT"))

    assert isinstance(said, Unreadable)
    assert said.error.facts == {"status": "RJCT", "order": "P26-00001", "why": "AM04"}


@pytest.mark.parametrize("made", [statement, notification])
def test_a_movement_is_read_with_its_amount_day_and_reason(
    made: Callable[..., IO[bytes]],
) -> None:
    back = entry(
        details(A, "100000", returned="AC04"), direction="CRDT",
        day="<DtTm>2026-11-06T23:30:00Z</DtTm>",
    )  # fmt: skip

    assert [one for _, one in read_answers(made(PAID_1, back))] == [
        Answer(A, Outcome.SETTLED, Decimal(100_000), date(2026, 11, 5), "T-1", ""),
        Answer(A, Outcome.RETURNED, Decimal(100_000), date(2026, 11, 7), "T-1", "AC04"),
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (entry(details(A, "1"), booked="PDNG"), ["accepted"]),
        (entry(details(A, "1"), booked="ODD"), ["status_not_read"]),
        (entry(details(A, "1"), direction="CRDT", reversal="true"), ["returned"]),
        (entry(details(A, "1"), direction="CRDT", reversal=" 1 "), ["returned"]),
        (entry(details(A, "1"), direction="CRDT", reversal="false"), ["not_a_payment"]),
        (entry(details(A, "1"), reversal="true"), ["not_a_payment"]),
        (entry(details(A, "1", returned="AC04")), ["not_a_payment"]),
        (entry(details(A, "1"), direction="CRDT"), ["not_a_payment"]),
        (entry(details(A, "1", direction="CRDT", returned="AC04")), ["returned"]),
        (entry(details("", "1")), ["no_reference"]),
        (entry(details("NOTPROVIDED", "1")), ["no_reference"]),
        (entry(details("not ours", "1")), ["reference_unreadable"]),
        (entry(code="CHRG"), ["no_details"]),
        (entry(details(A, "1"), code="CHRG"), ["not_a_payment"]),
        (entry(details(A, "1", code="FEES")), ["not_a_payment"]),
        (entry(details(A, "1", currency="USD")), ["currency_not_paid"]),
        (entry(details(A), currency="USD"), ["currency_not_paid"]),
        (entry(details(A, "1.5")), ["kernel.not_an_amount"]),
        (entry(details(A, "1"), details(B, "2"), details("", "3"), amount="6"),
         ["settled", "settled", "no_reference"]),
        (entry() + PAID_1 + entry(), ["no_details", "settled", "no_details"]),
        ("", []),
    ],
)  # fmt: skip
def test_no_entry_is_dropped(given: str, expected: list[str]) -> None:
    assert _codes(statement(given)) == expected
    assert _codes(notification(given)) == expected


def test_what_is_not_ours_is_named_by_the_bank_s_own_words() -> None:
    ((_, fee),) = read_answers(statement(entry(amount="400.00", code="CHRG")))

    assert isinstance(fee, Unreadable)
    assert fee.error.facts == {"amount": "400.00 KHR", "what": "As the bank calls it"}


def test_an_amount_and_a_day_that_are_left_out_are_those_of_the_entry_and_the_message() -> None:
    one, _, _ = (answer for _, answer in read_answers(
        statement(entry(details(A), day=""), entry(details(A), details(B), amount="200000"))
    ))  # fmt: skip

    assert isinstance(one, Answer)
    assert (one.amount, one.on) == (Decimal(100_000), date(2026, 11, 6))


@pytest.mark.parametrize(
    ("change", "line", "why"),
    [
        ((b">100000</Amt><CdtDbtInd>DBIT", b">100,000</Amt><CdtDbtInd>DBIT"), 5, "100,000"),
        ((b"DBIT", b"DEBIT"), 5, "CdtDbtInd"),
        ((b"<Id>1</Id>", b""), 4, "Acct"),
        ((b"</Ntry>", b"</Entry>"), 5, "Ntry"),
        ((b"As the bank", b"As & the bank"), 5, "xmlParseEntityRef"),
        ((b"As the bank", b"\xff"), 5, "encoding"),
        ((b"As the bank", b"&bank;"), 5, "bank"),
    ],
)
def test_a_file_that_is_not_by_its_schema_is_refused_with_its_line(
    change: tuple[bytes, bytes], line: int, why: str
) -> None:
    error = _refused(io.BytesIO(statement(PAID_1).read().replace(*change, 1)))

    assert isinstance(error, MessageInvalid)
    assert error.facts["line"] == line
    assert why in str(error.facts["why"])
    assert "{urn" not in str(error)


@pytest.mark.parametrize("end", [3, 12, 200, 500, -1, -12])
def test_a_file_that_is_broken_off_is_refused(end: int) -> None:
    whole = statement(PAID_1, PAID_1).read()

    assert isinstance(_refused(io.BytesIO(whole[:end])), MessageInvalid)


def test_what_follows_the_end_is_a_fault() -> None:
    whole = statement(PAID_1).read()

    assert _codes(io.BytesIO(whole + b"\n\n")) == ["settled"]
    for more in (b"x", b"\n<x/>", b"\n" + whole):
        assert isinstance(_refused(io.BytesIO(whole + more)), MessageInvalid)


def test_a_comment_cuts_nothing() -> None:
    whole = statement(PAID_1).read().decode()
    text = whole.replace(A, f"{A[:5]}<!-- x -->{A[5:9]}<?y z?><![CDATA[{A[9:]}]]>")

    ((_, one),) = read_answers(io.BytesIO(text.encode()))

    assert isinstance(one, Answer)
    assert one.reference == A


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Document [<!ENTITY a "ha"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE Document SYSTEM "http://127.0.0.1/x.dtd">',
        "<!DOCTYPE Document>",
    ],
)
def test_a_file_with_a_document_type_is_not_read(prolog: str) -> None:
    text = statement(PAID_1).read().decode().replace(A, "&x;")
    file = io.BytesIO(text.replace("?>", f"?>{prolog}", 1).encode())

    assert isinstance(_refused(file), UnsafeMessage)


def test_another_message_or_version_names_those_that_are_read() -> None:
    for name in ("camt.053.001.02", "pain.001.001.09"):
        error = _refused(message(name, "<BkToCstmrStmt/>"))
        assert isinstance(error, MessageUnknown)
        assert error.facts == {
            "found": name, "read": "pain.002.001.12, camt.053.001.08, camt.054.001.08",
        }  # fmt: skip
    assert isinstance(_refused(io.BytesIO(b"<html/>")), MessageUnknown)


def test_a_file_is_known_by_its_content_and_not_by_its_byte_order_mark() -> None:
    file = io.BytesIO(b"\xef\xbb\xbf" + statement(PAID_1).read())

    assert _codes(file) == ["settled"]
    utf_16 = statement(PAID_1).read().decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert isinstance(_refused(io.BytesIO(utf_16)), MessageInvalid)


def test_a_batch_of_any_length_is_read_as_it_comes() -> None:
    start, end = statement(entry("CUT")).read().split(b"CUT")
    made = 0

    def pieces() -> Iterator[bytes]:
        nonlocal made
        made = 0
        yield start.partition(b"\n")[0] + b"\n"
        yield start.partition(b"\n")[2] + b"\n"
        for _ in range(20_000):
            made += 1
            yield details(A, "1").encode() + b"\n"
        yield end

    class Again:
        def __iter__(self) -> Iterator[bytes]:
            return pieces()

    ahead = [made - row for row, _ in read_answers(Made(Again()))]  # type: ignore[arg-type]

    assert len(ahead) == 20_000
    assert max(ahead) <= 1
