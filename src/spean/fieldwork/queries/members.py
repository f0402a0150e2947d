"""A member as the forms ask for one."""

from datetime import date

from spean.fieldwork.rules import Answers
from spean.fieldwork.rules.answers import AnswerMissing
from spean.kernel.errors import N_, SpeanError
from spean.kernel.periods import add_months
from spean.registry.actions import NewMember

QUESTIONS = ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")
NATIONAL_ID = "national_id"


class AgeImpossible(SpeanError):
    """Refuse an age or a year of birth that nobody can have."""

    code = "fieldwork.age_impossible"
    message = N_("An age of %(age)s is not possible. Correct the age or the year of birth.")


def new_member(answers: Answers, on: date) -> NewMember:
    """Read one member as they were described on a day.

    Raises AnswerMissing, AnswerNotADate, AnswerNotANumber, AgeImpossible.
    """
    born, precision = _birth(answers, on)
    number = answers.text(NATIONAL_ID)
    return NewMember(
        family_name_km=answers.text("family_name_km"),
        given_name_km=answers.text("given_name_km"),
        family_name_latin=answers.text("family_name_latin"),
        given_name_latin=answers.text("given_name_latin"),
        sex=answers.required("sex"),
        birth_date=born,
        birth_date_precision=precision,
        relation=answers.required("relation"),
        identifiers={NATIONAL_ID: number} if number else {},
        functioning=_functioning(answers),
        pregnant=answers.is_yes("pregnant"),
    )


def _birth(answers: Answers, on: date) -> tuple[date, str]:
    known = answers.text("birth_known")
    if known == "age":
        age = _possible(answers.number("age_years"))
        return add_months(on, -12 * age), "estimated"
    if known == "year":
        year = answers.number("birth_year")
        _possible(None if year is None else on.year - year)
        return date(year or on.year, 1, 1), "year"
    born = answers.day("birth_date")
    if born is None:
        raise AnswerMissing(question="birth_date")
    return born, "exact"


def _possible(age: int | None) -> int:
    if age is None:
        raise AnswerMissing(question="age_years")
    if not 0 <= age <= 120:
        raise AgeImpossible(age=age)
    return age


def _functioning(answers: Answers) -> dict[str, int] | None:
    """Give the six answers; 1 for each where the family said that nobody has a difficulty."""
    said = answers.text("difficulty_any")
    if not said:
        return None
    if said == "no":
        return dict.fromkeys(QUESTIONS, 1)
    given = {question: answers.number(f"functioning/{question}") for question in QUESTIONS}
    return {question: answer for question, answer in given.items() if answer is not None}
