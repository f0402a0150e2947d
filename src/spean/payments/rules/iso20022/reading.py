"""How a bank's message is read: safely, checked against its schema, and never whole in memory."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from lxml import etree

from spean.kernel.errors import N_
from spean.kernel.money import Currency, NotAnAmount
from spean.kernel.spreadsheets import FileRefused
from spean.payments.rules.messages import CurrencyNotPaid, DayUnreadable

SCHEMAS = Path(__file__).parent / "schemas"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
PIECE = 64 * 1024
BYTES_IN_WORDS = re.compile(r"^line \d+: b(['\"])(.*)\1$")  # so lxml words some faults
IN_NAMESPACE = re.compile(r"\{[^{}]*\}")
CAMBODIA = timezone(timedelta(hours=7))


class MessageInvalid(FileRefused):
    """Refuse a file that is broken off, broken, or not by its schema: nothing of it counts."""

    code = "payments.message_invalid"
    message = N_(
        "Line %(line)s is not as ISO 20022 has it: %(why)s "
        "Nothing of this file was taken in. Ask the bank for it again."
    )


class UnsafeMessage(FileRefused):
    """Refuse declarations of entities, with which a sender could reach files or exhaust memory."""

    code = "payments.unsafe_message"
    message = N_(
        "This file declares a document type or entities, which no bank's message does, so it was "
        "not read. Tell your administrator."
    )


class MessageUnknown(FileRefused):
    """Refuse another message, or another version of one."""

    code = "payments.message_unknown"
    message = N_("This file is “%(found)s”. Read are %(read)s. Ask the bank for one of these.")


def message_in(stream: IO[bytes]) -> str:
    """Tell which message an XML file holds, such as "camt.053.001.08"; go back to its start.

    Raises UnsafeMessage before anything else sees the file, and MessageInvalid.
    """
    try:
        _, root = next(iterparse(stream, events=("start",), forbid_dtd=True))
    except DefusedXmlException as error:
        raise UnsafeMessage from error
    except (ParseError, ValueError, LookupError, StopIteration) as error:
        line = getattr(error, "position", (1, 0))[0]
        raise MessageInvalid(line=line, why=_sentence(str(error))) from error
    finally:
        stream.seek(0)
    return str(root.tag).removeprefix("{").rpartition("}")[0].removeprefix(NAMESPACE) or root.tag


def whole_elements(stream: IO[bytes], message: str, *names: str) -> Iterator[tuple[str, Any]]:
    """Give each element of these names once it is whole, and forget it when the next is asked for.

    What stands before it in its parent stays to be looked at. The file is read as UTF-8, and has
    passed `message_in`: libxml2 gets no DTD to see. Raises MessageInvalid.
    """
    root = f"{{{NAMESPACE}{message}}}Document"
    tags = [root, *(f"{{{NAMESPACE}{message}}}{name}" for name in names)]
    # Not resolve_entities=False: with a schema, lxml 6.1 then lets a broken-off file pass.
    parser = etree.XMLPullParser(
        ["end"], tag=tags, schema=_schema(message), encoding="utf-8", resolve_entities="internal",
        load_dtd=False, no_network=True, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    is_whole = False
    for _ in _fed(parser, stream):
        for _, element in parser.read_events():
            if element.tag == root:
                is_whole = True
                continue
            yield etree.QName(element).localname, element
            element.clear()
            before = element.getprevious()
            if before is not None and before.tag == element.tag:
                before.getparent().remove(before)
    if not is_whole:
        raise MessageInvalid(line="–", why=_sentence("The end is missing"))


@cache
def _schema(message: str) -> Any:
    return etree.XMLSchema(file=str(SCHEMAS / f"{message}.xsd"))


def _fed(parser: Any, stream: IO[bytes]) -> Iterator[None]:
    """Feed the parser line by line: where a schema doesn't hold, lxml doesn't say in which."""
    line = 1
    try:
        while piece := stream.readline(PIECE):
            parser.feed(piece)
            for fault in parser.feed_error_log:
                raise MessageInvalid(line=line, why=_sentence(fault.message))
            yield
            line += piece.count(b"\n")
        parser.close()
    except etree.XMLSyntaxError as error:
        why = BYTES_IN_WORDS.sub(r"\2", error.msg or "")
        raise MessageInvalid(line=error.lineno or line, why=_sentence(why)) from error


def _sentence(why: str) -> str:
    return f"{IN_NAMESPACE.sub('', why)[:200].rstrip('. ')}."


def text(element: Any, *paths: str) -> str:
    """Give the first of these that is filled in, or nothing."""
    names = {None: etree.QName(element).namespace}
    found = (element.findtext(path, namespaces=names) or "" for path in paths)
    return next((one.strip() for one in found if one.strip()), "")


def find(element: Any, path: str) -> Any:
    """Give the first element at this path, or None."""
    return element.find(path, namespaces={None: etree.QName(element).namespace})


def riel(amount: Any) -> Decimal:
    """Read an amount, whole though it may be written 100000.00. Raises CurrencyNotPaid."""
    if amount.get("Ccy") != Currency.KHR:
        raise CurrencyNotPaid(text=amount.get("Ccy"))
    value = Decimal(amount.text.strip())
    if value != value.to_integral_value():
        raise NotAnAmount(text=amount.text)
    return value.quantize(Decimal(1))


def day(written: str) -> date:
    """Read a day, or a moment as the day that it is in Cambodia. Raises DayUnreadable."""
    try:
        if "T" not in written:
            return date.fromisoformat(written[:10])
        moment = datetime.fromisoformat(written)
        return (moment.astimezone(CAMBODIA) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        raise DayUnreadable(text=written[:40]) from None
