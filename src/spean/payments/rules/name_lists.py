"""Lists of names to whom nothing may be paid: how they are read, and when a payee is on one.

A payee is a hit where all words of the name, and no others, sound like those of a name listed, in
any order. Whether it is the same person, a person decides.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from spean.kernel.errors import N_
from spean.kernel.spreadsheets import FileRefused, read_rows
from spean.payments.rules.messages import is_xml

COLUMNS = ("reference", "name")
# The Consolidated List of the Security Council of the United Nations, as it publishes it.
PERSON, ALIAS = "INDIVIDUAL", "INDIVIDUAL_ALIAS/ALIAS_NAME"
NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
FEWEST_WORDS = 2
MOST_NAMES = 100_000


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
        "Rows without a reference, or without a name of at least two words: %(rows)s. "
        "Nothing was taken in: mend them and send the file again."
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
    """Read a list whole. Raises ListBroken, RowWithoutName, and what `read_rows` raises."""
    found = list(_xml(stream) if is_xml(stream) else _table(stream))
    if not found:
        raise ListBroken
    return list(dict.fromkeys(found))


def _table(stream: IO[bytes]) -> Iterator[Listed]:
    wrong: list[str] = []
    for row in read_rows(stream, "", required=COLUMNS, max_rows=MOST_NAMES):
        reference, name = (row.values[column] for column in COLUMNS)
        if reference and len(name.split()) >= FEWEST_WORDS:
            yield Listed(reference[:60], name[:210])
        else:
            wrong.append(str(row.number))
    if wrong:
        raise RowWithoutName(rows=", ".join(wrong[:20]))


def _xml(stream: IO[bytes]) -> Iterator[Listed]:
    try:
        for _event, element in iterparse(stream, forbid_dtd=True):
            if element.tag == PERSON:
                yield from _person(element)
                element.clear()
    except (ParseError, DefusedXmlException) as error:
        raise ListBroken from error


def _person(element: Element) -> Iterator[Listed]:
    """Give a person's name, their name in their own script, and their aliases of two words."""
    reference = (element.findtext("REFERENCE_NUMBER") or element.findtext("DATAID") or "").strip()
    parts = [element.findtext(part) or "" for part in NAME_PARTS]
    names = [" ".join(parts), element.findtext("NAME_ORIGINAL_SCRIPT") or ""]
    names += [one.text or "" for one in element.findall(ALIAS)]
    for name in names:
        plain = " ".join(name.split())
        if len(plain.split()) >= FEWEST_WORDS:
            yield Listed(reference[:60], plain[:210])
