"""Numbers that identify a person or a household: how each kind is read, checked and shown.

The equity card's and the health ID's numbers are ours: digits that end in two check digits by
ISO/IEC 7064 MOD 97-10, which finds every wrong digit and every swap of neighbours.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from spean.kernel.errors import N_, SpeanError

PROVINCE_DIGITS: Final = 2
CARD_SERIAL_DIGITS: Final = 8
HEALTH_SERIAL_DIGITS: Final = 9
LONGEST_CERTIFICATE: Final = 40
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"⁄": "/", "∕": "/"})
_BLANKS = re.compile("[\\s\u200b-\u200d\u2060\ufeff]+")


class IdentifierKind(StrEnum):
    """The kinds of number that the registry keeps."""

    NATIONAL_ID = "national_id"
    PERSONAL_CODE = "personal_code"
    BIRTH_CERTIFICATE = "birth_certificate"
    EQUITY_CARD = "equity_card"
    HEALTH_ID = "health_id"


class Holder(StrEnum):
    """Whose number it is."""

    PERSON = "person"
    HOUSEHOLD = "household"


class IdentifierWrongLength(SpeanError):
    """Refuse a number with digits missing or too many."""

    code = "registry.identifier_wrong_length"
    message = N_("This number has %(wanted)s digits; %(given)s were given. Read the number again.")


class IdentifierWrongCharacters(SpeanError):
    """Refuse what is not a digit in a number."""

    code = "registry.identifier_wrong_characters"
    message = N_("This number has digits only. Read the number again.")


class IdentifierWrongCheckDigit(SpeanError):
    """Refuse a number whose last two digits don't fit the others."""

    code = "registry.identifier_wrong_check_digit"
    message = N_(
        "One digit of this number is wrong or two are swapped: its last two digits don't fit. "
        "Read the number again."
    )


class CertificateNumberWrong(SpeanError):
    """Refuse what can't be the number of a birth certificate."""

    code = "registry.certificate_number_wrong"
    message = N_(
        "The number of a birth certificate has digits, dashes and slashes only, "
        "at most %(longest)s. Read the number again."
    )


class NoSuchIdentifierKind(SpeanError):
    """Refuse a number of a kind that the registry doesn't keep."""

    code = "registry.no_such_identifier_kind"
    message = N_("The registry keeps no number of this kind. Choose a kind from the list.")


class SerialUsedUp(SpeanError):
    """Refuse a serial number, or a province, that the number has no room for."""

    code = "registry.serial_used_up"
    message = N_("No number can be made of this. Tell your administrator.")
    status = 500


@dataclass(frozen=True, slots=True)
class _Form:
    """What is particular to one kind: whose it is, its digits, how they are grouped when shown."""

    holder: Holder
    digits: int
    groups: tuple[int, ...]
    has_check_digits: bool = False


# ASSUMED - nine digits on the national identity card: common knowledge, no public source found.
# The personal code of ten digits was announced in 2017 (Phnom Penh Post, "New ID system set out").
_FORMS: Final = {
    IdentifierKind.NATIONAL_ID: _Form(Holder.PERSON, 9, (3, 3, 3)),
    IdentifierKind.PERSONAL_CODE: _Form(Holder.PERSON, 10, (4, 3, 3)),
    IdentifierKind.EQUITY_CARD: _Form(Holder.HOUSEHOLD, 12, (2, 4, 4, 2), has_check_digits=True),
    IdentifierKind.HEALTH_ID: _Form(Holder.PERSON, 11, (3, 3, 3, 2), has_check_digits=True),
}


def _kind(kind: str) -> IdentifierKind:
    try:
        return IdentifierKind(kind)
    except ValueError as error:
        raise NoSuchIdentifierKind from error


def holder(kind: str) -> Holder:
    """Tell whether a number of this kind belongs to a person or to a household."""
    form = _FORMS.get(_kind(kind))
    return form.holder if form else Holder.PERSON


def normalise(kind: str, text: str) -> str:
    """Give the number as it is stored: ASCII digits, without blanks and dashes.

    A birth certificate's number keeps its dashes and slashes.
    """
    plain = "".join(str(unicodedata.digit(c, "")) or c for c in text)
    plain = _BLANKS.sub("", plain).translate(_DASHES)
    if _kind(kind) is IdentifierKind.BIRTH_CERTIFICATE:
        return plain
    return plain.replace("-", "")


def check(kind: str, text: str) -> str:
    """Give the number normalised, or raise the named error that says what is wrong with it."""
    number = normalise(kind, text)
    form = _FORMS.get(_kind(kind))
    if form is None:
        return _check_certificate(number)
    if not re.fullmatch("[0-9]*", number):
        raise IdentifierWrongCharacters
    if len(number) != form.digits:
        raise IdentifierWrongLength(wanted=form.digits, given=len(number))
    if form.has_check_digits and not _has_right_check_digits(number):
        raise IdentifierWrongCheckDigit
    return number


def _check_certificate(number: str) -> str:
    """Give the number of a birth certificate.

    ASSUMED - the civil registry's books number freely, in digits, dashes and slashes.
    """
    fits = re.fullmatch("[0-9]+(?:[-/][0-9]+)*", number)
    if not fits or len(number) > LONGEST_CERTIFICATE:
        raise CertificateNumberWrong(longest=LONGEST_CERTIFICATE)
    return number


def _has_right_check_digits(number: str) -> bool:
    try:
        mod_97_10.validate(number)
    except ValidationError:
        return False
    # 00, 01 and 98 are congruent to 97, 98 and 01: only one of each pair is ever issued.
    return bool(mod_97_10.calc_check_digits(number[:-2]) == number[-2:])


def display(kind: str, number: str) -> str:
    """Give a stored number in the groups in which people read it aloud."""
    form = _FORMS.get(_kind(kind))
    if form is None or len(number) != form.digits:
        return number
    ends = [sum(form.groups[: n + 1]) for n in range(len(form.groups))]
    return " ".join(number[end - size : end] for size, end in zip(form.groups, ends, strict=True))


def _with_check_digits(head: str, serial: int, digits: int) -> str:
    if not 0 < serial < 10**digits:
        raise SerialUsedUp
    body = f"{head}{serial:0{digits}d}"
    return f"{body}{mod_97_10.calc_check_digits(body)}"


def make_equity_card_number(province_code: str, serial: int) -> str:
    """Give a new card's 12 digits: province, serial number (1 to 99,999,999), check digits."""
    if not re.fullmatch(f"[0-9]{{{PROVINCE_DIGITS}}}", province_code):
        raise SerialUsedUp
    return _with_check_digits(province_code, serial, CARD_SERIAL_DIGITS)


def make_health_id(serial: int) -> str:
    """Give a new health ID's 11 digits: serial number (1 to 999,999,999), check digits."""
    return _with_check_digits("", serial, HEALTH_SERIAL_DIGITS)


def _checker(kind: IdentifierKind) -> Callable[[str], str]:
    def checker(text: str) -> str:
        """Give the number normalised, or raise what `check` raises."""
        return check(kind, text)

    return checker


check_national_id = _checker(IdentifierKind.NATIONAL_ID)
check_equity_card_number = _checker(IdentifierKind.EQUITY_CARD)
check_health_id = _checker(IdentifierKind.HEALTH_ID)
