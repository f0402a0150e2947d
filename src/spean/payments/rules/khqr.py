"""KHQR: a QR code by which any Cambodian banking app pays one family.

EMV QR Code, merchant-presented mode, with the National Bank of Cambodia's template for individuals
(tag 29) and its times (tag 99). Lengths count characters; the checksum is over UTF-8.
"""

from binascii import crc_hqx
from datetime import datetime, timedelta
from decimal import Decimal

from spean.kernel.errors import N_, SpeanError

LASTS = timedelta(minutes=15)  # ASSUMED: enough to pay, too short to be paid from a photograph
LONGEST_ACCOUNT, LONGEST_NAME, LONGEST_CITY, LONGEST_BILL = 32, 25, 15, 25
RIEL = "116"
NO_CATEGORY = "5999"


class NoCodeForThis(SpeanError):
    """Refuse a code that would not name its account or its payment in full."""

    code = "payments.no_code_for_this"
    message = N_("“%(text)s” is too long for a KHQR code. Pay this family by the channel's file.")


def khqr(*, account: str, name: str, city: str, amount: Decimal, bill: str, at: datetime) -> str:
    """Write the code of one payment in whole riel to a Bakong account, good for a quarter hour.

    A name or a city that is too long is cut. Raises NoCodeForThis for an account or a bill.
    """
    for text, most in ((account, LONGEST_ACCOUNT), (bill, LONGEST_BILL)):
        if not 0 < len(text) <= most:
            raise NoCodeForThis(text=text)
    times = _field("00", _milliseconds(at)) + _field("01", _milliseconds(at + LASTS))
    fields = [
        ("00", "01"), ("01", "12"), ("29", _field("00", account)), ("52", NO_CATEGORY),
        ("53", RIEL), ("54", f"{amount:f}"), ("58", "KH"), ("59", name[:LONGEST_NAME].strip()),
        ("60", city[:LONGEST_CITY].strip()), ("62", _field("01", bill)), ("99", times),
    ]  # fmt: skip
    body = "".join(_field(tag, value) for tag, value in fields) + "6304"
    return f"{body}{checksum(body)}"


def checksum(text: str) -> str:
    """Give the CRC-16/CCITT-FALSE of a text, in four hexadecimal digits."""
    return f"{crc_hqx(text.encode(), 0xFFFF):04X}"


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
