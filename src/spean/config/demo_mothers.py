"""The demo's mothers and children: a year of pregnancies, births, contacts, doses and measures."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from spean.kernel.access import Actor
from spean.kernel.periods import age_on
from spean.maternal_child import actions as care
from spean.maternal_child.actions import Measured, NewDose

PREGNANCY = timedelta(weeks=39)
CONTACTS = (80, 150, 200, 245)  # days of the pregnancy on which care is sought
# Doses by vaccine and day of life; most children get most of them, on time or late.
DOSES = (
    ("bcg", 0), ("hepb", 0), ("penta", 42), ("opv", 42), ("pcv", 42), ("penta", 70), ("opv", 70),
    ("pcv", 70), ("penta", 98), ("opv", 98), ("pcv", 98), ("ipv", 98), ("mr", 274), ("je", 274),
)  # fmt: skip
MEASURED = (45, 100, 180, 275, 370)  # days of life


def bear(woman: Any, chance: Random, *, since: date, by: Actor, today: date) -> None:
    """Let a woman be pregnant and give birth on some day since she was registered."""
    room = (today - since).days
    if room < 60 or not 18 <= age_on(woman.birth_date, today) < 42:
        return
    day = today - timedelta(days=chance.randint(5, room - 40))
    began = day - PREGNANCY
    pregnancy = care.record_pregnancy(
        person_id=woman.pk, dating=care.Dating(last_period_on=began), by=by,
        on=max(since, began + timedelta(days=60)),
    )  # fmt: skip
    for age in CONTACTS[: chance.choice((2, 3, 4, 4, 4))]:
        seen = began + timedelta(days=age)
        if seen < day:
            _see(woman, "antenatal", seen, by, today, treatments=["iron"])
    care.record_birth(
        pregnancy_id=pregnancy.pk, birth=_birth(day, chance), babies=[_baby(chance)],
        others=True, by=by, on=today,
    )  # fmt: skip
    if chance.random() < 0.8:
        newborn = pregnancy.babies.get(outcome="live").person
        for who, kind in ((woman, "postnatal"), (newborn, "newborn")):
            _see(who, kind, day + timedelta(days=1), by, today)


def _birth(day: date, chance: Random) -> care.Birth:
    place, who = ("home", "traditional") if chance.random() < 0.15 else ("health_centre", "midwife")
    return care.Birth(day=day, place=place, attendant=who, mode="normal")


def _baby(chance: Random) -> care.NewBaby:
    weight = chance.choice((2300, 2800, 3000, 3100, 3300, 3500))
    return care.NewBaby(outcome="live", sex=chance.choice(("female", "male")), weight_g=weight)


def look_after(child: Any, chance: Random, *, since: date, by: Actor, today: date) -> None:
    """Give a small child doses and measures; one of ten is seldom brought."""
    born: date = child.birth_date
    keen = chance.random() > 0.1
    doses = [
        NewDose(vaccine, born + timedelta(days=age + chance.randint(0, 12)))
        for vaccine, age in DOSES
        if chance.random() < (0.95 if keen else 0.3)
    ]
    if given := [one for one in doses if one.day <= today]:
        care.record_doses(person_id=child.pk, doses=given, by=by, on=today)
    for age in MEASURED:
        day = born + timedelta(days=age + chance.randint(0, 20))
        if since <= day <= today and keen:
            months = Decimal(age) / 30
            weight = Decimal("3.3") + months * Decimal("0.55") - chance.randint(0, 12) / Decimal(10)
            length = Decimal(50) + months * 2 - chance.randint(0, 40) / Decimal(10)
            _see(child, "child", day, by, today, weight_kg=round(weight, 1),
                 length_cm=round(length, 1), lying=True)  # fmt: skip


def _see(who: Any, kind: str, day: date, by: Actor, today: date, **found: Any) -> None:
    if day <= today:
        care.record_contact(
            person_id=who.pk, kind=kind, day=day, place="facility", measured=Measured(**found),
            sure=True, by=by, on=today,
        )  # fmt: skip


def women_of(members: Sequence[Any]) -> list[Any]:
    """Give the wives and heads among the members of a household."""
    return [
        one.person for one in members
        if one.relation in ("head", "spouse") and one.person.sex == "female"
    ]  # fmt: skip
