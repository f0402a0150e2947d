"""The mother-and-child card as a document to print: one page of the mother, one of each child."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, override

from spean.kernel import audit, curve_charts, documents, formats
from spean.kernel.access import Actor
from spean.kernel.curves import Curves
from spean.kernel.errors import N_, NotAllowed, NotFound
from spean.kernel.periods import age_on
from spean.locations import queries as locations
from spean.maternal_child.models import (
    Attendant,
    BirthPlace,
    Condition,
    Contact,
    Mode,
    Pregnancy,
    Risk,
    Sign,
    Treatment,
)
from spean.maternal_child.queries.on_record import CareRecord, care_record
from spean.maternal_child.queries.records import charts_of
from spean.maternal_child.queries.words import line_words, measures_of, standing_words
from spean.maternal_child.rules import SIGNS, Care, Line, Schedules, Status, Verdict, VisitKind

TEMPLATE = Path(__file__).parents[1] / "documents" / "care_card.typ"
CONTACTS_SHOWN = 12
TEXTS = {
    "title": N_("Mother and child card"),
    "ministry": N_("Ministry of Health"),
    "mother": N_("Mother"),
    "child": N_("Child"),
    "born": N_("Date of birth"),
    "lives": N_("Lives in"),
    "expected": N_("Expected on"),
    "period": N_("First day of the last period"),
    "risks": N_("Risks"),
    "birth": N_("Birth"),
    "contacts": N_("Contacts"),
    "day": N_("Day of the contact"),
    "found": N_("What was found"),
    "given": N_("What was given"),
    "planned": N_("What is due"),
    "due": N_("Due"),
    "state": N_("State"),
    "vaccines": N_("Vaccines"),
    "vaccine": N_("Vaccine"),
    "given_on": N_("Given on"),
    "batch": N_("Batch"),
    "weight": N_("Weight at birth (g)"),
    "against": N_("Against vaccines"),
    "growth": N_("Growth"),
    "danger": N_("Go to the health centre at once for any of these"),
    "printed": N_("Printed on"),
    "nothing": N_("Nothing is recorded yet."),
}
Both = dict[str, str]


def care_card(person_id: UUID, *, by: Actor, on: date) -> bytes:
    """Give the card of a mother with the children of her last birth, or of a child, as a PDF.

    Raises NotFound, NotAllowed; each printing is an audit line.
    """
    record = care_record(person_id, by=by, on=on)
    audit.read(by=by, action="maternal_child.card_printed", subject=record.person,
               area=record.home.household.village.code)  # fmt: skip
    return documents.render_pdf(TEMPLATE, face(record, by=by, on=on), on=on)


def face(record: CareRecord, *, by: Actor, on: date) -> dict[str, object]:
    """Give everything that stands on the card, each text as {km, en}."""
    mother, pregnancy, children = _family(record, by, on)
    return {
        "texts": {name: _both(partial(gettext, text)) for name, text in TEXTS.items()},
        "printed": _both(lambda: formats.day(on)),
        "mother": _mother(mother, pregnancy, on) if mother and pregnancy else None,
        "children": [_child(one, on) for one in children],
    }


def _family(
    record: CareRecord, by: Actor, on: date
) -> tuple[CareRecord | None, Pregnancy | None, Sequence[CareRecord]]:
    """Give the mother with the pregnancy, and the children, as far as the actor may see them."""
    if record.birth is not None:
        mine = record.birth.pregnancy
        return next(_records([mine.person_id], by, on), None), mine, [record]
    if record.pregnancies:
        last = record.pregnancies[-1]
        alive = [baby.person_id for baby in last.babies.all() if baby.person_id is not None]
        return record, last, list(_records(alive, by, on))
    return None, None, [record]


def _records(people: Sequence[UUID], by: Actor, on: date) -> Iterator[CareRecord]:
    for person in people:
        with suppress(NotFound, NotAllowed):
            yield care_record(person, by=by, on=on)


def _both(said: Callable[[], str]) -> Both:
    written = {}
    for language in ("km", "en"):
        with override(language):
            written[language] = str(said())
    return written


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%d/%m/%Y}"


def _person(record: CareRecord, on: date) -> dict[str, Any]:
    person = record.person
    steps = locations.path(record.home.household.village.code, on)
    return {
        "name": {"km": person.name_km, "en": person.name_en},
        "born": _day(person.birth_date),
        "age": _both(lambda: formats.number(age_on(person.birth_date, on))),
        "sex": _both(lambda: person.get_sex_display()),
        "lives": {
            "km": " · ".join(step.name_km for step in reversed(steps)),
            "en": " · ".join(step.name_en for step in reversed(steps)),
        },
    }


def _mother(record: CareRecord, mine: Pregnancy, on: date) -> dict[str, Any]:
    contacts = [
        one for one in record.contacts if one.pregnancy_id == mine.pk and one.withdrawn_on is None
    ]
    return _person(record, on) | {
        "expected": _day(mine.expected_on),
        "period": _day(mine.last_period_on),
        "risks": _listed([Risk(one) for one in mine.risks]),
        "birth": _birth(mine),
        "contacts": [_contact(one) for one in contacts[-CONTACTS_SHOWN:]],
        "planned": _planned(mine, contacts, on),
        "danger": _listed([Sign(one) for one in SIGNS[VisitKind.PREGNANCY]]),
    }


def _listed(choices: Sequence[Any]) -> Both:
    return _both(lambda: ", ".join(str(one.label) for one in choices))


def _birth(mine: Pregnancy) -> Both | None:
    if not mine.place:
        return None
    choices = [BirthPlace(mine.place), Attendant(mine.attendant), Mode(mine.mode)]
    return _both(lambda: ", ".join([_day(mine.ended_on), *(str(one.label) for one in choices)]))


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "day": _day(contact.day),
        "found": _both(
            lambda: ", ".join(f"{words} {value}" for words, value in measures_of(contact).values())
        ),
        "given": _listed([Treatment(one) for one in contact.treatments]),
        "signs": _listed([Sign(one) for one in contact.danger_signs]),
    }


def _planned(mine: Pregnancy, contacts: Sequence[Contact], on: date) -> list[dict[str, Any]]:
    """Give each line of the schedules of the pregnancy or, once it ended in a birth, after it."""
    schedules = Schedules(on)
    done = {kind: [one.day for one in contacts if one.kind == kind]
            for kind in ("antenatal", "postnatal")}  # fmt: skip
    asked = [(Care.ANTENATAL, mine.started_on, done["antenatal"])]
    if mine.place and mine.ended_on is not None:
        asked = [(Care.POSTNATAL, mine.ended_on, done["postnatal"])]
    return [
        _line(care, line)
        for care, since, days in asked
        for line in schedules.lines(care, since, days)
    ]


def _line(care: Care, line: Line) -> dict[str, Any]:
    return {
        "what": _both(lambda: line_words(care, line.code)),
        "due": _day(line.due),
        "state": _both(lambda: standing_words(line)),
        "status": str(line.status),
    }


def _child(record: CareRecord, on: date) -> dict[str, Any]:
    birth, sex = record.birth, record.person.sex
    charts = [_chart(one) for one in charts_of(record.growth, sex, on)]
    against = [
        Condition(one.condition)
        for one in record.contraindications
        if one.withdrawn_on is None and (one.until is None or on < one.until)
    ]
    kind = VisitKind.NEWBORN if (on - record.person.birth_date).days < 28 else VisitKind.CHILD
    return _person(record, on) | {
        "weight": str(birth.weight_g) if birth and birth.weight_g else "",
        "vaccines": list(_vaccines(record, on)),
        "against": _listed(against),
        "contacts": [
            _contact(one)
            for one in record.contacts
            if one.pregnancy_id is None and one.withdrawn_on is None
        ][-CONTACTS_SHOWN:],
        "charts": charts[:1],
        "danger": _listed([Sign(one) for one in SIGNS[kind]]),
    }


def _chart(chart: Curves) -> dict[str, Any]:
    """Draw a chart without its words: set as text they are shaped, in a picture Khmer is not."""
    words = {"title": chart.title, "whose": chart.subtitle, "note": chart.note,
             "x": chart.x_title, "y": chart.y_title}  # fmt: skip
    bare = replace(chart, title="", subtitle="", note="", x_title="", y_title="")
    with override("km"):
        picture = curve_charts.drawn(bare)
    return {name: _both(partial(gettext, text)) for name, text in words.items()} | {
        "picture": picture
    }


def _vaccines(record: CareRecord, on: date) -> Iterator[dict[str, Any]]:
    """Give each line of the child's schedule: given, due, or yet to come."""
    programme, person = Schedules(on).programme, record.person
    given = {
        one.line: dose
        for dose, said in record.doses
        for one in said
        if one.verdict == Verdict.VALID
    }
    following = {line.code: line for line in record.forecast}
    for lines in programme.series(person.sex).values():
        forbidden = False  # then so is what comes after it
        for asked in lines:
            dose, line = given.get(asked.code), following.get(asked.code)
            forbidden |= line is not None and line.status == Status.FORBIDDEN
            due = line.due if line else person.birth_date + timedelta(days=asked.due)
            later = str(line.status) if line else str(Status.FORBIDDEN) if forbidden else ""
            yield {
                "what": _both(partial(line_words, Care.IMMUNISATION, asked.code)),
                "due": _day(due),
                "given": _day(dose.day) if dose else "",
                "batch": dose.batch if dose else "",
                "state": _both(partial(standing_words, line)) if line else None,
                "status": "done" if dose else later,
            }
