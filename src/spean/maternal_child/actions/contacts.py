"""A contact with care is recorded, with the vaccines given at it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from spean.kernel import audit, outbox
from spean.kernel.access import Actor
from spean.kernel.actions import store_decision
from spean.kernel.decisions import Decision
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.maternal_child.actions.checking import (
    RECORD,
    BeforeBirth,
    DayToCome,
    OutOfBounds,
    Wrong,
    facility_wrong,
    lives,
    one_of,
    refuse,
    save_once,
    unknown,
    where,
)
from spean.maternal_child.actions.doses import NewDose, doses_wrong, forbidden_among, give
from spean.maternal_child.actions.growing import assess, unlikely, wasted
from spean.maternal_child.events import ContactCompleted
from spean.maternal_child.models import (
    BOUNDS,
    Contact,
    ContactKind,
    ContactPlace,
    Ending,
    Pregnancy,
    Protein,
    Result,
    Topic,
    Treatment,
)
from spean.maternal_child.rules import SIGNS, Care, VisitKind, decide, schedule_of
from spean.maternal_child.rules.growth import Assessment
from spean.registry.queries import Membership, records_of

NEWBORN_DAYS, CHILD_DAYS = 60, 1826  # under two months, under five years (IMCI)
MOST_KG = {"child": 60, "adult": 250}
OF_A_MOTHER = (ContactKind.ANTENATAL, ContactKind.POSTNATAL)
# How the units on paper become those that are kept: kilograms, centimetres, degrees.
KEPT = {
    "weight_kg": ("weight_g", 1000), "length_cm": ("length_mm", 10), "head_cm": ("head_mm", 10),
    "temperature": ("temperature_dc", 10),
}  # fmt: skip
SIGNS_OF = {
    ContactKind.ANTENATAL: VisitKind.PREGNANCY, ContactKind.POSTNATAL: VisitKind.AFTER_BIRTH,
    ContactKind.NEWBORN: VisitKind.NEWBORN, ContactKind.CHILD: VisitKind.CHILD,
}  # fmt: skip


class ContactAlready(Conflict):
    """Refuse the same contact a second time."""

    code = "maternal_child.contact_already"
    message = N_("This contact is recorded already for this person and day.")
    field = "day"


class NoPregnancy(SpeanError):
    """Ask for the pregnancy first."""

    code = "maternal_child.no_pregnancy"
    message = N_("No pregnancy is recorded for this day. Record the pregnancy first.")
    field = "day"


class NoBirth(SpeanError):
    """Ask for the birth first."""

    code = "maternal_child.no_birth"
    message = N_("No birth is recorded in the weeks before this day. Record the birth first.")
    field = "day"


class NotAChild(SpeanError):
    """Refuse a child's contact of somebody older."""

    code = "maternal_child.not_a_child"
    message = N_("This is for children under five. Look whom the contact is about.")


class WeightInGrams(SpeanError):
    """Ask about a weight that looks like grams."""

    code = "maternal_child.weight_in_grams"
    message = N_("%(typed)s looks like grams. Write the weight in kilograms: %(kg)s.")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a contact found and did; what was not looked at stays empty.

    Weight in kilograms, lengths in centimetres, arm in millimetres, temperature in degrees.
    """

    weight_kg: Decimal | None = None
    length_cm: Decimal | None = None
    lying: bool | None = None
    head_cm: Decimal | None = None
    muac_mm: int | None = None
    oedema: bool | None = None
    systolic: int | None = None
    diastolic: int | None = None
    temperature: Decimal | None = None
    breaths: int | None = None
    haemoglobin: int | None = None
    fundal_height_cm: int | None = None
    fetal_heart: int | None = None
    protein: int | None = None
    hiv: str = ""
    syphilis: str = ""
    hepatitis_b: str = ""
    malaria: str = ""
    danger_signs: Sequence[str] = ()
    treatments: Sequence[str] = ()
    topics: Sequence[str] = ()


FOUND = tuple(field.name for field in fields(Measured))
TESTS = ("hiv", "syphilis", "hepatitis_b", "malaria")


@transaction.atomic
def record_contact(
    *, person_id: UUID, kind: str, day: date, place: str, facility: str = "", measured: Measured,
    doses: Collection[NewDose] = (), note: str = "", sure: bool = False, by: Actor, on: date,
) -> Contact:  # fmt: skip
    """Record a contact of a mother or child, what follows from it, and the vaccines given at it.

    `facility`: its code, if known. `sure`: an unlikely measure or a forbidden vaccine is right.
    Raises NotFound, NotAllowed, NoPregnancy, NoBirth, ContactAlready, AnswersWrong.
    """
    home = lives(person_id, permission=RECORD, by=by, day=day)
    refuse(one_of("kind", kind, ContactKind.values) + one_of("place", place, ContactPlace.values))
    kept, wrong = kept_of(measured, kind)
    wrong += facility_wrong(facility, day, there=place != ContactPlace.HOME)
    refuse(wrong + wrong_of(kind, day, measured, home, on) + _doses_wrong(kind, doses, home, on))
    grown = grown_of(kind, measured, home, day)
    if grown is not None and not sure:
        refuse(unlikely(grown) + forbidden_among(doses, home))
    made = Contact(
        person=home.person, household=home.household, village=home.household.village, kind=kind,
        day=day, place=place, facility=where(facility, day),
        pregnancy=_pregnancy(kind, home.person_id, day), note=note.strip()[:300],
        recorded_by=by.name, **kept,
    )  # fmt: skip
    made.decision = store_decision(decision_of(made, home, grown), subject=made, by=by)
    save_once(made, or_raise=ContactAlready)
    given = give(doses, home=home, contact=made, by=by)
    audit.write(by=by, action=RECORD, subject=made, area=made.village.code, kind=made.kind)
    tell(made, vaccinated=bool(given), on=on)
    return made


def tell(made: Contact, *, vaccinated: bool, on: date) -> None:
    """Announce a contact as it is complete now; whoever hears it twice does nothing twice."""
    village = made.village.code
    outbox.announce(
        ContactCompleted(
            contact=made.pk, household=made.household_id, person=made.person_id, village=village,
            kind=made.kind, place=made.place, vaccinated=vaccinated, day=made.day, recorded_on=on,
            facility=made.facility.code if made.facility else "",
        )
    )  # fmt: skip


def kept_of(measured: Measured, kind: str) -> tuple[dict[str, object], Wrong]:
    """Give the values in the units kept, and what can't be."""
    values: dict[str, object] = {name: getattr(measured, name) for name in FOUND}
    values |= {
        name: sorted(set(getattr(measured, name)))
        for name in ("danger_signs", "treatments", "topics")
    }
    wrong: Wrong = []
    for name, (kept, factor) in KEPT.items():
        typed = values.pop(name)
        values[kept] = None if typed is None else round(Decimal(str(typed)) * factor)
    most = MOST_KG["adult" if kind in OF_A_MOTHER else "child"]
    asked = {kept: name for name, (kept, _) in KEPT.items()}
    for name, (least, largest) in BOUNDS.items():
        value = values[name]
        field, factor = asked.get(name, name), KEPT.get(asked.get(name, ""), ("", 1))[1]
        if name == "weight_g" and measured.weight_kg is not None and measured.weight_kg > most:
            kg = measured.weight_kg / 1000
            wrong.append((field, WeightInGrams(typed=f"{measured.weight_kg:f}", kg=f"{kg:f}")))
        elif value is not None and not least <= int(str(value)) <= largest:
            wrong.append(
                (field, OutOfBounds(least=f"{least / factor:g}", most=f"{largest / factor:g}"))
            )
    return values, wrong


def wrong_of(kind: str, day: date, measured: Measured, home: Membership, on: date) -> Wrong:
    """Give everything else that can't be."""
    wrong: Wrong = []
    born = home.person.birth_date
    if day > on:
        wrong.append(("day", DayToCome()))
    elif day < born:
        wrong.append(("day", BeforeBirth(born=born.isoformat())))
    elif kind not in OF_A_MOTHER and (day - born).days > CHILD_DAYS:
        wrong.append(("kind", NotAChild()))
    wrong += unknown("danger_signs", measured.danger_signs, SIGNS[SIGNS_OF[ContactKind(kind)]])
    wrong += unknown("treatments", measured.treatments, Treatment.values)
    wrong += unknown("topics", measured.topics, Topic.values)
    for name in TESTS:
        wrong += one_of(name, getattr(measured, name), ("", *Result.values))
    if measured.protein is not None:
        wrong += one_of("protein", str(measured.protein), [str(one) for one in Protein.values])
    return wrong


def _doses_wrong(kind: str, doses: Collection[NewDose], home: Membership, on: date) -> Wrong:
    if kind in OF_A_MOTHER:
        return unknown("doses", [dose.vaccine for dose in doses], ())
    return doses_wrong(doses, home.person.birth_date, on)


def _pregnancy(kind: str, person_id: UUID, day: date) -> Pregnancy | None:
    """Give the pregnancy that a mother's contact belongs to. Raises NoPregnancy, NoBirth."""
    mine = Pregnancy.objects.filter(person__in=records_of([person_id]), started_on__lte=day)
    if kind == ContactKind.ANTENATAL:
        found = mine.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day)).first()
        if found is None:
            raise NoPregnancy
        return found
    if kind != ContactKind.POSTNATAL:
        return None
    last = schedule_of(Care.POSTNATAL, on=day).contacts[-1].latest or 0
    weeks = (day - timedelta(days=last), day)
    born = mine.filter(ending=Ending.BIRTH, ended_on__range=weeks).order_by("-ended_on").first()
    if born is None:
        raise NoBirth
    return born


def grown_of(kind: str, measured: Measured, home: Membership, day: date) -> Assessment | None:
    """Assess what was measured of a child; nothing of a mother."""
    if kind in OF_A_MOTHER:
        return None
    child = home.person
    return assess(measured, sex=child.sex, age_days=(day - child.birth_date).days, on=day)


def decision_of(made: Contact, home: Membership, grown: Assessment | None) -> Decision:
    """Say what follows from what a contact found."""
    age = (made.day - home.person.birth_date).days
    name = made.kind
    if made.kind not in OF_A_MOTHER:
        name = ContactKind.NEWBORN if age <= NEWBORN_DAYS else ContactKind.CHILD
    facts = {
        **{name: getattr(made, name) for name in (*BOUNDS, *TESTS, "protein", "oedema")},
        "danger_signs": made.danger_signs,
        **({} if grown is None else {"age_days": age, "wasting": wasted(grown, made.day)}),
    }
    return decide(name, facts, on=made.day)
