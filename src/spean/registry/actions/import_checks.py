"""What is wrong with the rows of a file, found for the whole file in a handful of questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.locations import queries as locations
from spean.locations.queries import Place
from spean.registry.actions.checking import Notes, checked_members
from spean.registry.rules.import_columns import IDENTIFIERS
from spean.registry.rules.import_households import ReadHousehold, RowProblem
from spean.registry.rules.names import search_text
from spean.registry.rules.people import NewMember


class OutsideYourArea(SpeanError):
    """Refuse a household of a village for which the actor has no such right."""

    code = "registry.import_outside_area"
    message = N_("The village %(village)s is not in your area. Leave its households to its office.")


class SamePersonTwice(SpeanError):
    """Refuse one person in two rows."""

    code = "registry.import_same_person_twice"
    message = N_("Row %(row)s is the same person: same name, sex and date of birth. Remove one.")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The households of a file that can be taken in, and all that is wrong with the others."""

    good: tuple[ReadHousehold, ...]
    problems: tuple[RowProblem, ...]
    villages: dict[str, Place]


def check_households(
    households: Sequence[ReadHousehold],
    problems: Iterable[RowProblem],
    *,
    by: Actor,
    on: date,
    namesakes: bool = False,
) -> CheckedFile:
    """Check every household against the gazetteer, the actor's area and what is recorded.

    One person stands once in the file; where it is so large that there are `namesakes` born on one
    day, once in a household.
    """
    found = list(problems)
    villages = _villages(households, found, by=by, on=on)
    _check_members(households, found, by=by, on=on)
    for together in [[h] for h in households] if namesakes else [households]:
        _find_same_people(together, found)
    bad = {problem.row for problem in found}
    good = tuple(h for h in households if not bad.intersection(h.rows))
    in_order = sorted(set(found), key=lambda p: (p.row, p.column))
    return CheckedFile(good, tuple(in_order), villages)


def _villages(
    households: Sequence[ReadHousehold], found: list[RowProblem], *, by: Actor, on: date
) -> dict[str, Place]:
    codes = {h.village_code for h in households if h.village_code}
    known = {p.code: p for p in locations.places("village", on=on).filter(code__in=codes)}
    wrong: dict[str, SpeanError] = {}
    for code in codes:
        if not access.allows(by, "registry.import", area=code):
            wrong[code] = OutsideYourArea(village=code)
        elif code not in known:
            wrong[code] = _why_no_village(code, on)
    for household in households:
        if household.village_code in wrong:
            error = wrong[household.village_code]
            found += [RowProblem(row, "village_code", error) for row in household.rows]
    return known


def _why_no_village(code: str, on: date) -> SpeanError:
    try:
        locations.place(code, on)
    except SpeanError as error:
        return error
    raise AssertionError(code)


def _check_members(
    households: Sequence[ReadHousehold], found: list[RowProblem], *, by: Actor, on: date
) -> None:
    """Pass all people of the file through the checks of a clerk's form, at once."""
    places = [(h, row) for h in households for row in h.members]
    notes = Notes()
    clean = checked_members([h.members[row] for h, row in places], by=by, on=on, notes=notes)
    for (household, row), member in zip(places, clean, strict=True):
        household.members[row] = member
    for problem in notes.problems:
        if problem.member is not None:
            row = places[problem.member][1]
            found.append(RowProblem(row, _column(problem.field), problem.error))


def _column(field: str) -> str:
    """Name the column of a field such as identifiers.national_id."""
    last = field.rpartition(".")[2]
    if last in IDENTIFIERS or last not in {"functioning", "identifiers"}:
        return last
    return "seeing" if last == "functioning" else IDENTIFIERS[0]


def _find_same_people(households: Sequence[ReadHousehold], found: list[RowProblem]) -> None:
    seen: dict[tuple[str, str, date], int] = {}
    for household in households:
        for row, member in household.members.items():
            first = seen.setdefault(_who(member), row)
            if first != row:
                found.append(RowProblem(row, "given_name_km", SamePersonTwice(row=first)))


def _who(member: NewMember) -> tuple[str, str, date]:
    names = (member.family_name_km, member.given_name_km) if member.given_name_km else (
        member.family_name_latin, member.given_name_latin,
    )  # fmt: skip
    return search_text(*names), member.sex, member.birth_date
