"""The demo's ambulances and boats, and who was brought by them: invented, for a laptop only."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from spean.kernel.access import Actor, Purpose
from spean.referrals import actions
from spean.registry import queries as registry

BY = Actor.system("seed_demo", purpose=Purpose.CARE)
HOSPITAL, RIVERSIDE, UPLAND = "DEMO-H1", "DEMO-0101", "DEMO-0103"
# number, kind, facility, who lies, who sits, driver, telephone
FLEET = (
    ("RTK-A1", "ambulance", HOSPITAL, 1, 3, "ផាន សុខុម", "012200101"),
    ("RTK-A2", "ambulance", HOSPITAL, 1, 3, "រិន វិចិត្រ", "012200102"),
    ("SESAN-1", "motor_boat", RIVERSIDE, 1, 5, "ឆាយ ប៊ុនធឿន", "012200103"),
    ("NHANG-1", "motorcycle_trailer", UPLAND, 1, 1, "លាង សំណាង", "012200104"),
)
UNDER_REPAIR, WHY = "RTK-A2", "ហ្វ្រាំង"  # brakes
SIGNS = (("bleeding", "emergency"), ("convulsions", "emergency"), ("labour", "emergency"),
         ("fever", "urgent"), ("injury", "urgent"), ("lethargic", "emergency"))  # fmt: skip
FINISHED = 14


def seed(people: Sequence[Any], *, now: datetime) -> int:
    """Take vehicles into the fleet and let some of the people be referred; give how many were."""
    fleet = {row[0]: _vehicle(row, now - timedelta(days=90)) for row in FLEET}
    actions.report_vehicle(
        vehicle_id=fleet[UNDER_REPAIR].pk, state="under_repair", reason=WHY,
        at=now - timedelta(days=2), by=BY, now=now,
    )  # fmt: skip
    chance = Random(1625)  # noqa: S311 - invented trips, the same on every machine
    chosen = chance.sample(list(people), min(len(people), FINISHED + 2))
    for n, person in enumerate(chosen[2:]):  # the earliest first: a vehicle goes from trip to trip
        asked = now - timedelta(days=1 + (FINISHED - n) * 2, minutes=chance.randint(0, 600))
        _brought(person, fleet, chance, asked)
    for n, person in enumerate(chosen[:2]):  # one waits too long, one is on the way
        made = _ask(person, SIGNS[n], now - timedelta(minutes=40), chance, now)
        if n:
            _send(made, fleet, now - timedelta(minutes=25), now)
            _step(made, "picked_up", now - timedelta(minutes=5), now)
    return len(chosen)


def _vehicle(row: tuple[Any, ...], since: datetime) -> Any:
    number, kind, facility, lying, seats, driver, phone = row
    made = actions.register_vehicle(
        number=number, kind=kind, facility=facility, lying=lying, seats=seats, by=BY, now=since
    )
    actions.add_crew(
        vehicle_id=made.pk, name=driver, job="driver", phone=phone, by=BY, on=since.date()
    )
    return made


def _ask(person: Any, why: tuple[str, str], at: datetime, chance: Random, now: datetime) -> Any:
    sign, urgency = why
    noticed = at - timedelta(minutes=chance.randint(20, 400))
    need = actions.Need(urgency, [sign], ways=["road", "water"], noticed_at=noticed)
    village = registry.villages_of([person.pk])[person.pk]
    goal = RIVERSIDE if village.startswith("160101") and chance.random() < 0.5 else HOSPITAL
    return actions.request_referral(
        person_id=person.pk, need=need, to_facility=goal, at=at, by=BY, now=now
    )


def _send(made: Any, fleet: dict[str, Any], at: datetime, now: datetime) -> None:
    vehicle = fleet["SESAN-1" if made.to_facility.code == RIVERSIDE else "RTK-A1"]
    actions.dispatch(referral_id=made.pk, vehicle_id=vehicle.pk, at=at, by=BY, now=now)


def _step(made: Any, step: str, at: datetime, now: datetime) -> None:
    actions.take_step(referral_id=made.pk, step=step, at=at, by=BY, now=now)


def _brought(person: Any, fleet: dict[str, Any], chance: Random, asked: datetime) -> None:
    """Let a person be asked for, fetched, brought, taken over and answered for."""
    at = asked
    now = asked + timedelta(hours=12)
    made = _ask(person, chance.choice(SIGNS), at, chance, now)

    def later(least: int, most: int) -> datetime:
        nonlocal at
        at += timedelta(minutes=chance.randint(least, most))
        return at

    _step(made, "accepted", later(2, 8), now)
    _send(made, fleet, later(3, 40), now)
    _step(made, "picked_up", later(15, 70), now)
    _step(made, "arrived", later(20, 110), now)
    _step(made, "handed_over", later(3, 30), now)
    told = actions.Told("គ្រុនចាញ់", "បានព្យាបាល", "volunteer", "ចុះសួរសុខទុក្ខ")
    actions.give_feedback(referral_id=made.pk, told=told, by=BY, now=now)
