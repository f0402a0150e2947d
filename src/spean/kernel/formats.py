"""How numbers, dates and telephone numbers are written in the reader's language.

In Khmer the digits are Khmer (០-៩) and the months Khmer; the calendar is Gregorian in both.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext

from spean.kernel.digits import KHMER_DIGITS, latin_digits

_TO_KHMER = str.maketrans("0123456789", KHMER_DIGITS)
_COUNTRY = re.compile(r"^(?:\+|00)?855")


def language() -> str:
    """Give "km" or "en", the two languages that we write."""
    return "en" if (get_language() or "").startswith("en") else "km"


def digits(value: object) -> str:
    """Write the digits of a text in the reader's script."""
    return str(value).translate(_TO_KHMER) if language() == "km" else str(value)


def number(value: int | float | Decimal, places: int | None = None) -> str:
    """Write a number with its thousands separated: 12,345 or ១២,៣៤៥."""
    pattern = None if places is None else "#,##0" + ("." + "0" * places if places else "")
    return digits(format_decimal(value, format=pattern, locale=language()))


def short(value: int) -> str:
    """Write a number in little room: 950, 12k, 1.3m, 2bn (thousands, millions, milliards)."""
    for size, mark in ((10**9, "bn"), (10**6, "m"), (10**3, "k")):
        if value >= size:
            places = 1 if value < 10 * size else 0
            return digits(f"{value / size:.{places}f}") + mark
    return digits(value)


def riel(value: int | Decimal) -> str:
    """Write an amount of riel: 40,000 riel or ៤០,០០០ រៀល."""
    return gettext("%(amount)s riel") % {"amount": number(value, 0)}


def day(value: date) -> str:
    """Write a date: 23 November 2026 or ២៣ វិច្ឆិកា ២០២៦."""
    if isinstance(value, datetime):
        value = _here(value).date()
    return digits(format_date(value, "d MMMM y", locale=language()))


def month(value: date) -> str:
    """Write the month of a date: November 2026 or វិច្ឆិកា ២០២៦."""
    return digits(format_date(value, "MMMM y", locale=language()))


def moment(value: datetime) -> str:
    """Write a date and a time of day, at Phnom Penh's clock."""
    here = _here(value)
    return gettext("%(day)s, %(time)s") % {"day": day(here), "time": digits(f"{here:%H:%M}")}


def tel(value: str) -> str:
    """Write a Cambodian telephone number in groups: 012 345 678; others are left as they are."""
    national = _COUNTRY.sub("0", re.sub(r"[\s().-]", "", latin_digits(value)))
    if not re.fullmatch(r"0\d{8,9}", national):
        return value
    return f"{national[:3]} {national[3:6]} {national[6:]}"


def tel_link(value: str) -> str:
    """Give what a phone dials: +85512345678."""
    bare = re.sub(r"[^\d+]", "", latin_digits(value))
    return "+855" + bare[1:] if bare.startswith("0") and not bare.startswith("00") else bare


def _here(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
