"""Lists of names to whom nothing may be paid: how they are read, and when a payee is on one.

A payee is a hit where all words of the name, and no others, sound like those of a name listed, in
any order. Whether it is the same person, a person decides.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from spean.kernel.errors import N_
from spean.kernel.spreadsheets import FileRefused, NotUnicode, WrongHeader

COLUMNS = ("reference", "name")
# The Consolidated List of the Security Council of the United Nations, as it publishes it.
PEOPLE, ALIASES = ("INDIVIDUAL",), ("INDIVIDUAL_ALIAS",)
NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
FEWEST_WORDS = 2
BEFORE_XML = b"\xef\xbb\xbf \t\r\n"


class HitState(StrEnum):
    """What a person decided about a payee whose name is on a list."""

    WAITING = "waiting"
    CLEARED = "cleared"
    UPHELD = "upheld"


class ListBroken(FileRefused):
    """Refuse a list that is broken off or isn't one; the list that was there stays."""

    code = "payments.list_broken"
    message = N_(
        "This is neither a CSV file with the columns reference and name, nor the Consolidated List "
        "of the United Nations as XML, whole. The list that was in use stays in use."
    )


class RowWithoutName(FileRefused):
    """Refuse a list with a row that names nobody."""

    code = "payments.row_without_name"
    message = N_(
        "Rows %(rows)s have no reference or no name of at least two words. Nothing was taken in: "
        "mend them and send the file again."
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A name on a list, with the list's own reference to the person."""

    reference: str
    name: str


def sounds(name: str, keys_of: Callable[[str], Collection[str]]) -> str:
    """Give the sound keys of a name's words, in order: two names that sound alike give one text."""
    keys = {key for word in name.split() for key in keys_of(word)}
    return " ".join(sorted(keys)) if len(keys) >= FEWEST_WORDS else ""


def read_list(stream: IO[bytes]) -> list[Listed]:
    """Read a list whole. Raises ListBroken, NotUnicode, WrongHeader, RowWithoutName."""
    start = stream.read(100)
    stream.seek(0)
    found = list(_xml(stream) if start.lstrip(BEFORE_XML).startswith(b"<") else _csv(stream))
    if not found:
        raise ListBroken
    return list(dict.fromkeys(found))


def _csv(stream: IO[bytes]) -> Iterator[Listed]:
    rows = csv.reader(io.TextIOWrapper(stream, "utf-8-sig", newline=""))
    wrong: list[str] = []
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        if missing := [column for column in COLUMNS if column not in header]:
            raise WrongHeader(missing=", ".join(missing), found=", ".join(header)[:200] or "–")
        reference, name = (header.index(column) for column in COLUMNS)
        for number, cells in enumerate(rows, start=2):
            padded = [*(cell.strip() for cell in cells), *[""] * len(header)]
            if padded[reference] and len(padded[name].split()) >= FEWEST_WORDS:
                yield Listed(padded[reference][:60], padded[name][:210])
            elif any(padded):
                wrong.append(str(number))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotUnicode from error
    if wrong:
        raise RowWithoutName(rows=", ".join(wrong[:20]))


def _xml(stream: IO[bytes]) -> Iterator[Listed]:
    try:
        for _event, element in iterparse(stream, forbid_dtd=True):
            if element.tag in PEOPLE:
                yield from _person(element)
                element.clear()
    except (ParseError, DefusedXmlException) as error:
        raise ListBroken from error


def _person(element: Element) -> Iterator[Listed]:
    """Give a person's name, their name in their own script, and their aliases of two words."""
    reference = (element.findtext("REFERENCE_NUMBER") or element.findtext("DATAID") or "").strip()
    parts = [element.findtext(part) or "" for part in NAME_PARTS]
    names = [" ".join(parts), element.findtext("NAME_ORIGINAL_SCRIPT") or ""]
    names += [one.findtext("ALIAS_NAME") or "" for tag in ALIASES for one in element.findall(tag)]
    for name in names:
        plain = " ".join(name.split())
        if len(plain.split()) >= FEWEST_WORDS:
            yield Listed(reference[:60], plain[:210])


def remembering(keys_of: Callable[[str], Collection[str]]) -> Callable[[str], Collection[str]]:
    """Work out each word once: a nation's names are made of some thousands."""
    return cache(keys_of)
