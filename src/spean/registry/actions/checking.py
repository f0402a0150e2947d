"""Everything that can be wrong with people about to be recorded, found at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NN_, SpeanError
from spean.registry.models import Identifier
from spean.registry.models.households import Relation
from spean.registry.models.people import BirthDatePrecision, Difficulty, Sex
from spean.registry.queries.people import villages_of
from spean.registry.rules import identifiers, names, people
from spean.registry.rules.people import FunctioningHalfAnswered as FunctioningHalfAnswered
from spean.registry.rules.people import HeadsNotOne as HeadsNotOne
from spean.registry.rules.people import NewMember, check_phone
from spean.registry.rules.people import NoMembers as NoMembers

YOUNGEST_PREGNANT = 10
FUNCTIONS = ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")
PERSONAL_IDENTIFIERS = tuple(k for k in Identifier.Kind if k != Identifier.Kind.EQUITY_CARD)


class NotAnAnswer(SpeanError):
    """Refuse a word that is not one of the answers."""

    code = "registry.not_an_answer"
    message = N_("Choose one of the answers: %(answers)s.")


class CannotBePregnant(SpeanError):
    """Refuse a pregnancy of a man or a small child: one of the answers is wrong."""

    code = "registry.cannot_be_pregnant"
    message = N_(
        "Only a woman of %(years)s or older can be recorded as pregnant. Correct the answer."
    )
    field = "pregnant"


class IdentifierTaken(SpeanError):
    """Refuse a number that somebody else holds; say who only to those who may see it."""

    code = "registry.identifier_taken"
    message = N_(
        "This number is already recorded for %(holder)s. Check the number; if it is right, "
        "the person is already in the registry."
    )
    status = 409


class IdentifierTwice(SpeanError):
    """Refuse one number for two members."""

    code = "registry.identifier_twice"
    message = N_("Two members have the same number. Correct one of them.")


ELSEWHERE = N_("another person")


@dataclass(frozen=True, slots=True)
class MemberProblem:
    """One thing that is wrong: the member (None for the household itself), the field, why."""

    member: int | None
    field: str
    error: SpeanError

    @property
    def path(self) -> str:
        """The field as the API writes it: members.0.birth_date."""
        return self.field if self.member is None else f"members.{self.member}.{self.field}"


class Problems(SpeanError):
    """Refuse answers, naming everything that is wrong with them beside its field."""

    code = "registry.answers_wrong"
    message, many = NN_(
        "%(count)s answer is missing or wrong. Correct it, then send again.",
        "%(count)s answers are missing or wrong. Correct each of them, then send again.",
    )

    def __init__(self, problems: Iterable[MemberProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(count=len(self.problems))

    @classmethod
    def of(cls, member: int | None, field: str, error: SpeanError) -> "Problems":
        """Refuse for one reason."""
        return cls([MemberProblem(member, field, error)])

    @property
    def field_errors(self) -> tuple[tuple[str, SpeanError], ...]:
        """Pairs of field and error, for pages and for the API."""
        return tuple((problem.path, problem.error) for problem in self.problems)


class Notes:
    """Collects problems while answers are read."""

    def __init__(self) -> None:
        self.problems: list[MemberProblem] = []

    def add(self, member: int | None, field: str, error: SpeanError) -> None:
        self.problems.append(MemberProblem(member, field, error))

    def read(self, member: int | None, field: str, check: Callable[[str], str], text: str) -> str:
        """Give the text as the check gives it back; note what the check raises."""
        try:
            return check(text)
        except SpeanError as error:
            self.add(member, field, error)
            return text

    def raise_any(self) -> None:
        if self.problems:
            raise Problems(self.problems)


NAME_CHECKS: dict[str, Callable[[str], str]] = {
    "family_name_km": names.check_khmer_name,
    "given_name_km": names.check_khmer_name,
    "family_name_latin": names.check_latin_name,
    "given_name_latin": names.check_latin_name,
}


def checked_members(
    members: Sequence[NewMember], *, by: Actor, on: date, notes: Notes
) -> list[NewMember]:
    """Give the members tidied; everything that is wrong goes to `notes`."""
    clean = [checked_member(member, at=n, on=on, notes=notes) for n, member in enumerate(members)]
    check_identifiers_free(
        [(n, kind, value) for n, m in enumerate(clean) for kind, value in m.identifiers.items()],
        by=by,
        notes=notes,
    )
    return clean


def checked_member(member: NewMember, *, at: int | None, on: date, notes: Notes) -> NewMember:
    """Give one member tidied (names, phone, numbers)."""
    tidy: dict[str, Any] = check_facts(
        {name: getattr(member, name) for name in (*NAME_CHECKS, "phone")}, at=at, notes=notes
    )
    _one_of(member.sex, Sex.values, at, "sex", notes)
    _one_of(member.relation, Relation.values, at, "relation", notes)
    _one_of(member.birth_date_precision, BirthDatePrecision.values, at,
            "birth_date_precision", notes)  # fmt: skip
    check_birth_date(member.birth_date, at=at, on=on, notes=notes)
    if member.pregnant and not may_be_pregnant(member.sex, member.birth_date, on):
        notes.add(at, "pregnant", CannotBePregnant(years=YOUNGEST_PREGNANT))
    if member.functioning is not None and not is_answered(member.functioning):
        notes.add(at, "functioning", FunctioningHalfAnswered())
    tidy["identifiers"] = _checked_identifiers(member, at, notes)
    return replace(member, **tidy)


def check_facts(facts: dict[str, str], *, at: int | None, notes: Notes) -> dict[str, str]:
    """Give names and phone tidied; a person needs a name in at least one script."""
    tidy = {
        field: notes.read(at, field, NAME_CHECKS.get(field, check_phone), text)
        for field, text in facts.items()
    }
    try:
        names.check_has_name(*(tidy[name] for name in NAME_CHECKS))
    except SpeanError as error:
        notes.add(at, "given_name_km", error)
    return tidy


def check_birth_date(born: date, *, at: int | None, on: date, notes: Notes) -> None:
    """Note a birth after the day, or an age that nobody reaches."""
    try:
        people.check_birth_date(born, on)
    except SpeanError as error:
        notes.add(at, "birth_date", error)


def may_be_pregnant(sex: str, born: date, on: date) -> bool:
    """Say whether a pregnancy can be true of somebody of this sex and age."""
    return sex == Sex.FEMALE and on.year - born.year >= YOUNGEST_PREGNANT


def is_answered(functioning: Any) -> bool:
    """Say whether all six questions have an answer from 1 to 4."""
    return set(functioning) == set(FUNCTIONS) and all(
        answer in Difficulty.values for answer in functioning.values()
    )


def _one_of(value: str, answers: Sequence[str], at: int | None, field: str, notes: Notes) -> None:
    if value not in answers:
        notes.add(at, field, NotAnAnswer(answers=", ".join(answers)))


def _checked_identifiers(member: NewMember, at: int | None, notes: Notes) -> dict[str, str]:
    clean = {}
    for kind, value in member.identifiers.items():
        if not value.strip():
            continue
        if kind not in PERSONAL_IDENTIFIERS:
            _one_of(kind, PERSONAL_IDENTIFIERS, at, "identifiers", notes)
            continue
        clean[kind] = notes.read(at, f"identifiers.{kind}", partial(identifiers.check, kind), value)
    return clean


def check_identifiers_free(
    wanted: Sequence[tuple[int | None, str, str]], *, by: Actor, notes: Notes
) -> None:
    """Note each (member, kind, number) that another person holds, or that stands here twice."""
    uses = Counter((kind, value) for _, kind, value in wanted)
    taken = _holders([(kind, value) for _, kind, value in wanted], by)
    for at, kind, value in wanted:
        if (kind, value) in taken:
            notes.add(at, f"identifiers.{kind}", IdentifierTaken(holder=taken[kind, value]))
        elif uses[kind, value] > 1:
            notes.add(at, f"identifiers.{kind}", IdentifierTwice())


def _holders(numbers: Sequence[tuple[str, str]], by: Actor) -> dict[tuple[str, str], str]:
    """Give each number already held, with its holder's name where the actor may see it."""
    if not numbers:
        return {}
    found = Identifier.objects.filter(
        withdrawn=False, value__in={value for _, value in numbers}
    ).select_related("person")
    rows = [row for row in found if (row.kind, row.value) in set(numbers)]
    villages = villages_of([row.person_id for row in rows if row.person_id])
    holders = {}
    for row in rows:
        area = villages.get(row.person_id) if row.person_id else None
        seen = area is not None and access.allows(by, "registry.view_household", area=area)
        holders[row.kind, row.value] = str(row.person) if seen else ELSEWHERE
    return holders
