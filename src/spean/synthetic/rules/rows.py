"""What was drawn, as the rows of the files: numbers become the texts that a clerk types."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute as pc

from spean.kernel.policy import Scorecard
from spean.synthetic.rules import names
from spean.synthetic.rules.families import RELATIONS, Ints
from spean.synthetic.rules.margins import GROUPS
from spean.synthetic.rules.people import FUNCTIONS, NO_NUMBER, Dates, Homes, People

BLOCK = 200_000
PAGES = 500
# A power of 3 scatters serial numbers over the thousand million possible ones without a repeat.
SCATTER, OFFSET, NUMBERS = 3**18, 271_828_182, 10**9
FUNCTION_NAMES = ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")


def household_keys(province: str, number: int) -> pa.Array:
    """Give the key of each household of a province: 16-0000001."""
    return _joined(f"{province}-", _padded(np.arange(number), 7))


def household_rows(
    homes: Homes, people: People, keys: pa.Array, columns: Sequence[str]
) -> Iterator[pa.Table]:
    """Give the rows in the registry's import format, every column of it, block by block."""
    villages, phones = _padded(homes.village, 8), _padded(homes.phone, 9)
    for start in range(0, max(len(people.home), 1), BLOCK):
        some = people.take(slice(start, start + BLOCK))
        of_home = {
            "household_key": keys.take(pa.array(some.home)),
            "village_code": villages.take(pa.array(some.home)),
            "household_phone": phones.take(pa.array(some.home)),
        }
        filled = of_home | _of_person(some) | _functioning(some)
        empty = pa.repeat(pa.scalar(""), len(some.home))
        yield pa.table({name: filled.get(name, empty) for name in columns})


def interview_rows(
    keys: pa.Array,
    days: Dates,
    group: Ints,
    answers: Mapping[str, Ints],
    card: Scorecard,
    asked: npt.NDArray[np.bool_],
) -> pa.Table:
    """Give one row for each household that was asked: key, day, level, answers."""
    questions = {question.code: question for question in card.questions}
    table = {
        "household_key": keys,
        "interviewed_on": pa.array(days),
        "level": _words(GROUPS, group),
        **{
            code: _words([one.code for one in questions[code].answers], given)
            for code, given in answers.items()
        },
    }
    return pa.table(table).filter(pa.array(asked))


def truth_rows(people: People, keys: pa.Array) -> Iterator[pa.Table]:
    """Give, for each row of the households, who it truly is, block by block."""
    member = np.arange(len(people.home)) - np.searchsorted(people.home, people.home) + 1
    for start in range(0, max(len(people.home), 1), BLOCK):
        some = slice(start, start + BLOCK)
        yield pa.table({
            "household_key": keys.take(pa.array(people.home[some])),
            "member": member[some],
            "person": people.person[some],
        })  # fmt: skip


def _of_person(people: People) -> dict[str, pa.Array]:
    khmer, latin = names.names().khmer.texts, names.names().latin.texts
    return {
        "relation": _words(RELATIONS, people.relation),
        "family_name_km": khmer.take(pa.array(people.family_km)),
        "given_name_km": khmer.take(pa.array(people.given_km)),
        "family_name_latin": latin.take(pa.array(people.family_latin)),
        "given_name_latin": latin.take(pa.array(people.given_latin)),
        "sex": _words(("female", "male"), people.male),
        "birth_date": pa.array(people.birth),
        "birth_date_precision": _words(("exact", "year"), people.year_only),
        "national_id": national_ids(people.national_id),
        "birth_certificate": certificates(people.certificate),
        "pregnant": _words(("no", "yes"), people.pregnant),
    }


def _functioning(people: People) -> dict[str, pa.Array]:
    """Give the six answers: the worst for one function, 1 for the others, or none at all."""
    found = {}
    for place, function in enumerate(FUNCTION_NAMES[:FUNCTIONS]):
        here = people.difficult_in == place
        answer = np.where(here, people.difficulty, np.minimum(people.difficulty, 1))
        found[function] = _words(("", "1", "2", "3", "4"), answer)
    return found


def national_ids(serial: Ints) -> pa.Array:
    """Give a nine-digit number for each serial number: as many numbers, none twice."""
    scattered = (serial * SCATTER + OFFSET) % NUMBERS
    return _padded(np.where(serial == NO_NUMBER, NO_NUMBER, scattered), 9)


def certificates(serial: Ints) -> pa.Array:
    """Give book and page for each serial number, none twice."""
    book, page = serial // PAGES + 1, serial % PAGES + 1
    whole = pc.binary_join_element_wise(
        pa.array(book).cast(pa.string()), pa.array(page).cast(pa.string()), "/"
    )
    return pc.if_else(pa.array(serial != NO_NUMBER), whole, "")


def _padded(numbers: Ints, width: int) -> pa.Array:
    """Write numbers with zeros in front; "" for NO_NUMBER."""
    texts = pc.ascii_lpad(pa.array(numbers).cast(pa.string()), width=width, padding="0")
    return pc.if_else(pa.array(numbers != NO_NUMBER), texts, "")


def _joined(before: str, texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(pa.scalar(before), texts, "")


def _words(words: Sequence[str], places: Any) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(places.astype(np.int8)))
