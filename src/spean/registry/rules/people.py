"""People and households as somebody tells us of them, before anything is recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from typing import Final

from spean.kernel.errors import N_, SpeanError
from spean.kernel.periods import age_on
from spean.kernel.phones import read_phone

OLDEST: Final = 120
YOUNGEST_USUAL_HEAD: Final = 10


class Sex(StrEnum):
    """Sex as recorded on civil documents."""

    FEMALE = "female"
    MALE = "male"


class BirthDatePrecision(StrEnum):
    """How much of the birth date is known."""

    EXACT = "exact"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"


class Relation(StrEnum):
    """Relation to the head of the household, as the census asks it."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    CHILD_IN_LAW = "child_in_law"
    PARENT = "parent"
    PARENT_IN_LAW = "parent_in_law"
    GRANDCHILD = "grandchild"
    SIBLING = "sibling"
    OTHER_RELATIVE = "other_relative"
    NOT_RELATED = "not_related"


class Function(StrEnum):
    """The six questions of the Washington Group short set."""

    SEEING = "seeing"
    HEARING = "hearing"
    WALKING = "walking"
    REMEMBERING = "remembering"
    SELF_CARE = "self_care"
    COMMUNICATING = "communicating"


class Difficulty(IntEnum):
    """The four answers of the Washington Group short set."""

    NONE = 1
    SOME = 2
    A_LOT = 3
    CANNOT = 4


class BornInTheFuture(SpeanError):
    """Refuse a birth that has not happened."""

    code = "registry.born_in_the_future"
    message = N_("The date of birth is in the future. Correct it.")
    field = "birth_date"


class BornTooLongAgo(SpeanError):
    """Refuse an age that nobody reaches."""

    code = "registry.born_too_long_ago"
    message = N_("This person would be older than %(years)s. Correct the date of birth.")
    field = "birth_date"


class PhoneWrong(SpeanError):
    """Refuse what no telephone in Cambodia, or abroad with its country code, answers to."""

    code = "registry.phone_wrong"
    message = N_("Write the phone as 012 345 678, or with its country code, as +66 81 234 5678.")
    field = "phone"


class FunctioningHalfAnswered(SpeanError):
    """Ask for all six answers, from 1 to 4, or none."""

    code = "registry.functioning_half_answered"
    message = N_("Answer all six questions on difficulties, or none.")
    field = "functioning"


class NoMembers(SpeanError):
    """Refuse a household of nobody."""

    code = "registry.no_members"
    message = N_("A household has at least one member. Add its head first.")
    field = "members"


class HeadsNotOne(SpeanError):
    """Ask for exactly one head of the household."""

    code = "registry.heads_not_one"
    message = N_("A household has exactly one head. Mark one member as head, and only one.")
    field = "relation"


class HeadVeryYoung(SpeanError):
    """Ask again about a head who is a small child: it happens, and is often a slip."""

    code = "registry.head_very_young"
    message = N_("The head of this household is aged %(age)s. Is that right?")
    field = "relation"


@dataclass(frozen=True, slots=True)
class NewMember:
    """One person to be recorded: names in one script or both, family name apart.

    `relation` is to the head of the household; `identifiers` maps a kind to a number;
    `functioning` maps the six questions of the Washington Group short set to answers 1 to 4.
    """

    family_name_km: str
    given_name_km: str
    family_name_latin: str
    given_name_latin: str
    sex: str
    birth_date: date
    relation: str
    birth_date_precision: str = "exact"
    phone: str = ""
    identifiers: Mapping[str, str] = field(default_factory=dict)
    functioning: Mapping[str, int] | None = None
    pregnant: bool = False


def check_birth_date(birth_date: date, on: date) -> date:
    """Give the date back; raise BornInTheFuture or BornTooLongAgo (over 120 years)."""
    if birth_date > on:
        raise BornInTheFuture
    if age_on(birth_date, on) > OLDEST:
        raise BornTooLongAgo(years=OLDEST)
    return birth_date


def check_phone(text: str) -> str:
    """Give a phone with its country code, as +85512345678; "" stays "".

    A Cambodian number has 8 or 9 digits after its 0. Raises PhoneWrong.
    """
    found = read_phone(text)
    if found is None:
        raise PhoneWrong
    return found


def phone_display(phone: str) -> str:
    """Give a stored phone as it is dialled in Cambodia: 012 345 678."""
    if not phone.startswith("+855"):
        return phone
    home = "0" + phone.removeprefix("+855")
    return " ".join((home[:3], home[3:6], home[6:])).strip()


def check_functioning(answers: Mapping[str, int]) -> None:
    """Raise FunctioningHalfAnswered unless all six questions have an answer from 1 to 4."""
    known = {level.value for level in Difficulty}
    if set(answers) != set(Function) or not set(answers.values()) <= known:
        raise FunctioningHalfAnswered


def is_disabled(answers: Mapping[str, int]) -> bool:
    """Tell whether at least one answer is "a lot of difficulty" or "cannot do it at all".

    The cut-off for international comparison of the Washington Group on Disability Statistics
    (Short Set analytic guideline). Raises FunctioningHalfAnswered.
    """
    check_functioning(answers)
    return any(answer >= Difficulty.A_LOT for answer in answers.values())


def check_household(members: Sequence[tuple[str, date]], on: date) -> tuple[SpeanError, ...]:
    """Check who lives together, given as relation and birth date.

    Raises NoMembers, HeadsNotOne. Gives what should be asked about and may well be true:
    HeadVeryYoung, since there are households of children alone.
    """
    if not members:
        raise NoMembers
    heads = [birth_date for relation, birth_date in members if relation == Relation.HEAD]
    if len(heads) != 1:
        raise HeadsNotOne
    age = age_on(heads[0], on)
    return (HeadVeryYoung(age=age),) if age < YOUNGEST_USUAL_HEAD else ()
