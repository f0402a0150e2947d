"""Equipment with its history; units, beds and patients; who is on duty and where one is missing."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed
from spean.locations.models import Facility
from spean.supplies import actions, queries
from spean.supplies.models import Beds, Duty, Staff, Unit
from spean.supplies.rules import Gap, gaps, shift_at
from tests.supplies.conftest import DAY, TODAY

NIGHT = datetime(2026, 6, 30, 22, 0)


@pytest.mark.parametrize(
    ("moment", "gives"),
    [
        (datetime(2026, 6, 30, 7, 0), (date(2026, 6, 30), "day")),
        (datetime(2026, 6, 30, 16, 59), (date(2026, 6, 30), "day")),
        (datetime(2026, 6, 30, 17, 0), (date(2026, 6, 30), "night")),
        (datetime(2026, 7, 1, 6, 59), (date(2026, 6, 30), "night")),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(
    moment: datetime, gives: tuple[date, str]
) -> None:
    assert shift_at(moment, begins=7, ends=17) == gives


def test_a_gap_is_where_fewer_of_a_cadre_are_on_duty_than_must_be() -> None:
    needs = {"maternity": {"midwife_day": Decimal(2), "midwife_night": Decimal(1)}}
    on_duty = {(1, DAY, "day", "midwife"): 1, (1, DAY, "night", "midwife"): 1}

    assert gaps(needs, [(1, "maternity"), (2, "pharmacy")], on_duty, [DAY]) == [
        Gap(1, DAY, "day", "midwife", needed=2, there=1)
    ]


@pytest.fixture
def maternity(centre: Facility, chief: Actor) -> Unit:
    """Open a maternity with four beds."""
    made = actions.open_unit(facility=centre.code, kind="maternity", since=DAY, by=chief, on=TODAY)
    actions.set_beds(unit_id=made.pk, number=4, since=DAY, by=chief)
    return made


@pytest.fixture
def midwife(centre: Facility, chief: Actor) -> Staff:
    """Employ a midwife."""
    return actions.enter_staff(
        facility=centre.code, name="នួន ស្រីពៅ", cadre="midwife", since=DAY, by=chief, on=TODAY
    )


def plan(unit: Unit, who: Staff, by: Actor, day: date = TODAY, shift: str = "night") -> Duty:
    return actions.put_on_duty(unit_id=unit.pk, staff_id=who.pk, day=day, shift=shift, by=by)


def test_a_maternity_without_a_midwife_at_night_is_told(
    centre: Facility, maternity: Unit, midwife: Staff, chief: Actor
) -> None:
    plan(maternity, midwife, chief)

    [one] = queries.in_units(facility=centre, moment=NIGHT)

    assert one.now == [midwife]
    missing = [(gap.day, gap.shift) for gap in one.missing]
    assert (TODAY, "night") not in missing
    assert (TODAY, "day") not in missing, "the day is over"
    assert (TODAY + timedelta(days=1), "day") in missing
    assert (TODAY + timedelta(days=1), "night") in missing
    assert len(missing) == 12


def test_a_nurse_is_no_midwife(centre: Facility, maternity: Unit, chief: Actor) -> None:
    nurse = actions.enter_staff(
        facility=centre.code, name="Nurse", cadre="nurse", since=DAY, by=chief, on=TODAY
    )
    plan(maternity, nurse, chief)

    [one] = queries.in_units(facility=centre, moment=NIGHT)

    assert (TODAY, "night") in [(gap.day, gap.shift) for gap in one.missing]


def test_nobody_is_on_duty_in_two_places_at_once(
    centre: Facility, maternity: Unit, midwife: Staff, chief: Actor
) -> None:
    other = actions.open_unit(
        facility=centre.code, kind="outpatients", since=DAY, by=chief, on=TODAY
    )
    made = plan(maternity, midwife, chief)

    with pytest.raises(actions.OnDutyAlready):
        plan(other, midwife, chief)
    actions.take_off_duty(duty_id=made.pk, by=chief)
    plan(other, midwife, chief)


def test_only_who_works_there_is_put_on_duty(
    maternity: Unit, midwife: Staff, chief: Actor, facility_of: Callable[..., Facility],
    system: Actor,
) -> None:  # fmt: skip
    facility_of("HC2", "health_centre", "16010201")
    other = actions.enter_staff(
        facility="HC2", name="Other", cadre="midwife", since=DAY, by=system, on=TODAY
    )
    with pytest.raises(actions.NotOfUnit):
        plan(maternity, other, system)
    with pytest.raises(actions.NotOfUnit):
        plan(maternity, midwife, chief, DAY - timedelta(days=1))
    with pytest.raises(actions.WordUnknown):
        plan(maternity, midwife, chief, shift="dusk")


def test_who_leaves_is_taken_off_the_roster(maternity: Unit, midwife: Staff, chief: Actor) -> None:
    kept, gone = plan(maternity, midwife, chief), plan(maternity, midwife, chief, date(2026, 7, 9))

    actions.end_staff(staff_id=midwife.pk, end=date(2026, 7, 5), by=chief)

    assert list(Duty.objects.values_list("pk", flat=True)) == [kept.pk]
    assert gone.pk != kept.pk
    with pytest.raises(actions.EndsTooEarly):
        actions.end_staff(staff_id=midwife.pk, end=DAY, by=chief)


def test_occupancy_is_what_lay_there_at_midnight_by_the_beds_of_the_day(
    centre: Facility, maternity: Unit, keeper: Actor, chief: Actor
) -> None:
    day = TODAY - timedelta(days=1)
    actions.record_census(unit_id=maternity.pk, patients=3, day=day, by=keeper, on=TODAY)
    assert queries.in_units(facility=centre, moment=NIGHT)[0].occupied == 75

    actions.record_census(unit_id=maternity.pk, patients=5, day=day, by=keeper, on=TODAY)
    assert queries.in_units(facility=centre, moment=NIGHT)[0].occupied == 125
    actions.set_beds(unit_id=maternity.pk, number=10, since=TODAY, by=chief)
    assert queries.in_units(facility=centre, moment=NIGHT)[0].occupied == 50
    assert list(Beds.objects.order_by("start").values_list("number", "end")) == [
        (4, TODAY), (10, None),
    ]  # fmt: skip


def test_beds_and_patients_that_cannot_be_are_refused(
    maternity: Unit, keeper: Actor, chief: Actor
) -> None:
    for number in (-1, 1001):
        with pytest.raises(actions.BedsWrong):
            actions.set_beds(unit_id=maternity.pk, number=number, since=TODAY, by=chief)
        with pytest.raises(actions.BedsWrong):
            actions.record_census(
                unit_id=maternity.pk, patients=number, day=DAY, by=keeper, on=TODAY
            )
    with pytest.raises(actions.BedsDated):
        actions.set_beds(unit_id=maternity.pk, number=5, since=DAY, by=chief)
    with pytest.raises(actions.DayToCome):
        actions.record_census(
            unit_id=maternity.pk, patients=1, day=TODAY + timedelta(days=1), by=keeper, on=TODAY
        )
    with pytest.raises(NotAllowed):
        actions.set_beds(unit_id=maternity.pk, number=5, since=TODAY, by=keeper)


def test_a_facility_has_one_open_unit_of_a_kind(
    centre: Facility, maternity: Unit, chief: Actor
) -> None:
    with pytest.raises(actions.UnitOpen):
        actions.open_unit(facility=centre.code, kind="maternity", since=TODAY, by=chief, on=TODAY)
    with pytest.raises(actions.WordUnknown):
        actions.open_unit(facility=centre.code, kind="casino", since=TODAY, by=chief, on=TODAY)
    actions.close_unit(unit_id=maternity.pk, end=TODAY, by=chief)
    actions.open_unit(facility=centre.code, kind="maternity", since=TODAY, by=chief, on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(facility=centre, kind="maternity", start=TODAY)


def test_staff_have_a_name_and_a_cadre(centre: Facility, chief: Actor) -> None:
    with pytest.raises(actions.NameMissing):
        actions.enter_staff(
            facility=centre.code, name=" ", cadre="nurse", since=DAY, by=chief, on=TODAY
        )
    with pytest.raises(actions.WordUnknown):
        actions.enter_staff(
            facility=centre.code, name="A", cadre="wizard", since=DAY, by=chief, on=TODAY
        )


def test_equipment_keeps_its_history_and_its_state_follows(
    centre: Facility, maternity: Unit, keeper: Actor, chief: Actor
) -> None:
    due = date(2027, 1, 1)
    made = actions.add_equipment(
        facility=centre.code, kind="resuscitator", serial=" R-1 ", day=DAY, by=chief, on=TODAY,
        service_due=TODAY,
    )  # fmt: skip

    def note(kind: str, **more: object) -> str:
        return actions.note_equipment(
            equipment_id=made.pk,
            kind=kind,
            day=TODAY,
            by=keeper,
            on=TODAY,
            **more,  # type: ignore[arg-type]
        ).state

    states = [note("serviced", service_due=due), note("broke", note="Valve"), note("sent_off"),
              note("repaired", cost=40_000), note("moved", unit_id=maternity.pk),
              note("retired")]  # fmt: skip

    assert states == ["working", "broken", "in_repair", "working", "working", "retired"]
    made.refresh_from_db()
    assert (made.serial, made.unit, made.service_due) == ("R-1", maternity, due)
    assert list(made.events.order_by("pk").values_list("kind", flat=True)) == [
        "came", "serviced", "broke", "sent_off", "repaired", "moved", "retired",
    ]  # fmt: skip
    with pytest.raises(actions.EquipmentRetired):
        note("broke")


def test_equipment_that_cannot_be_is_refused(
    centre: Facility, maternity: Unit, chief: Actor, facility_of: Callable[..., Facility],
    system: Actor,
) -> None:  # fmt: skip
    facility_of("HC2", "health_centre", "16010201")

    def add(by: Actor = chief, **change: object) -> None:
        told = {"facility": centre.code, "kind": "scale", "serial": "S", "day": DAY} | change
        actions.add_equipment(by=by, on=TODAY, **told)  # type: ignore[arg-type]

    add()
    for change, refusal in (
        ({}, actions.EquipmentKnown),
        ({"serial": " "}, actions.SerialMissing),
        ({"serial": "T", "kind": "spoon"}, actions.WordUnknown),
        ({"serial": "T", "day": TODAY + timedelta(days=1)}, actions.DayToCome),
        ({"serial": "T", "facility": "HC2", "unit_id": maternity.pk}, actions.UnitElsewhere),
    ):
        with pytest.raises(refusal):
            add(system, **change)
