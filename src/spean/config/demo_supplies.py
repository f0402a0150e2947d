"""The demo's health centre: a store that was out of stock, a warm refrigerator, its staff."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from spean.config.demo import CENTRES, COMMUNE
from spean.kernel.access import Actor
from spean.supplies import actions, queries

CENTRE = CENTRES[COMMUNE]
# Item, used in a week, what came (days ago, quantity, days until its expiry from today).
STORE = (
    ("PARA500", 150, ((170, 3000, 500), (40, 2000, 700))),
    ("AMOX500", 60, ((170, 600, 400), (30, 1000, 45))),
    ("ORS", 20, ((170, 400, 300), (20, 300, 600))),
    ("ZINC20", 10, ((160, 700, 800),)),
    ("IRONFOL", 200, ((150, 4000, 600),)),
    ("OXY10", 3, ((150, 100, 200),)),
    ("GLOVES", 30, ((170, 500, 900),)),
    ("MEB500", 5, ((165, 600, -10),)),
    ("PENTA", 8, ((100, 200, 250),)),
    ("MR", 5, ((100, 150, 75),)),
)
STAFF = (
    ("នួន ស្រីពៅ", "midwife"), ("យឹម ចន្ថា", "midwife"), ("រស់ វិបុល", "nurse"),
    ("ហេង បូរ៉ា", "pharmacist"),
)  # fmt: skip


def stock(*, by: Actor, on: date) -> None:
    """Fill the store over half a year: amoxicillin was out of stock for a time."""
    for item, weekly, came in STORE:
        for number, (ago, quantity, left) in enumerate(came):
            _enter("receipt", item, quantity, on - timedelta(days=ago), by, on,
                   batch=f"{item[:4]}-{number + 1}", expiry=on + timedelta(days=left),
                   maker="ASSUMED")  # fmt: skip
        first = max(ago for ago, _, _ in came)
        for ago in range(first - 7, 0, -7):
            try:
                _enter("issue", item, weekly, on - timedelta(days=ago), by, on, to="patient")
            except actions.NotEnough:
                continue
    _enter("loss", "GLOVES", 12, on - timedelta(days=9), by, on, batch="GLOV-1", reason="spoiled")


def _enter(kind: str, item: str, quantity: int, day: date, by: Actor, on: date,
           **more: object) -> None:  # fmt: skip
    entry = actions.Entry(kind=kind, item=item, quantity=quantity, day=day, **more)  # type: ignore[arg-type]
    actions.record_movement(facility=CENTRE, entry=entry, by=by, on=on)


def cold_chain(*, by: Actor, on: date) -> None:
    """Let the refrigerator be too warm on one night; one batch was released, the others wait."""
    fridge = actions.add_equipment(
        facility=CENTRE, kind="fridge", serial="DEMO-TCW-2043", model="Vestfrost VLS 054",
        day=on - timedelta(days=400), service_due=on + timedelta(days=30), by=by, on=on,
    )  # fmt: skip
    for ago in range(12, 0, -1):
        for hour in (7, 16):
            warm = ago == 3 and hour == 16
            at = timezone.make_aware(datetime.combine(on - timedelta(days=ago), time(hour)))
            actions.record_reading(
                equipment_id=fridge.pk, at=at, celsius=Decimal("11.4" if warm else "4.8"), by=by,
                now=timezone.now(),
            )  # fmt: skip
    for held in queries.quarantines(by=by).filter(batch__item__code="PENTA"):
        actions.decide_quarantine(
            quarantine_id=held.pk, decision="released", by=by, on=on,
            reason="VVM of every vial at stage 1",
        )  # fmt: skip
    actions.add_equipment(
        facility=CENTRE, kind="resuscitator", serial="DEMO-R-7", day=on - timedelta(days=700),
        service_due=on - timedelta(days=20), by=by, on=on,
    )  # fmt: skip


def units(*, by: Actor, on: date) -> None:
    """Open a maternity and out-patients, and plan the week with one night that nobody covers."""
    since = on - timedelta(days=300)
    maternity, patients = (
        actions.open_unit(facility=CENTRE, kind=kind, since=since, by=by, on=on)
        for kind in ("maternity", "outpatients")
    )
    actions.set_beds(unit_id=maternity.pk, number=4, since=since, by=by)
    actions.record_census(
        unit_id=maternity.pk, patients=3, day=on - timedelta(days=1), by=by, on=on
    )
    people = [
        actions.enter_staff(facility=CENTRE, name=name, cadre=cadre, since=since, by=by, on=on)
        for name, cadre in STAFF
    ]
    for ahead in range(-1, 7):
        day = on + timedelta(days=ahead)
        planned = [(maternity, people[0], "day"), (patients, people[2], "day")]
        if ahead != 2:
            planned.append((maternity, people[1], "night"))
        for unit, who, shift in planned:
            actions.put_on_duty(unit_id=unit.pk, staff_id=who.pk, day=day, shift=shift, by=by)
