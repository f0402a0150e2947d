"""Units of a facility, their beds and patients, who is on duty, and where somebody is missing."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from spean.kernel.policy import policy
from spean.kernel.rows import only
from spean.locations import queries as locations
from spean.locations.queries import Facility
from spean.supplies.models import Beds, Census, Duty, Staff, Unit
from spean.supplies.rules import Gap, gaps, shift_at

DUTY, SHIFTS = "supplies.duty", "supplies.shifts"
AHEAD = 7


@dataclass(frozen=True, slots=True)
class InUnit:
    """A unit on a day: its beds, the patients of the last midnight, who is there now."""

    unit: Unit
    beds: int | None
    census: Census | None
    now: list[Staff]
    missing: list[Gap]

    @property
    def occupied(self) -> int | None:
        """Percent of the beds taken; above 100 some lie on the floor."""
        if not self.beds or self.census is None:
            return None
        return round(100 * self.census.patients / self.beds)


def units(*, facility: Facility, on: date) -> QuerySet[Unit]:
    """Give the units of a facility that are open on a day."""
    return Unit.objects.filter(locations.valid(on), facility=facility).order_by("kind")


def unit_for(unit_id: int) -> Unit:
    """Give a unit to an action that decides on access itself. Raises NotFound."""
    return only(Unit.objects.select_related("facility__place").filter(pk=unit_id))


def staff(*, facility: Facility, on: date) -> QuerySet[Staff]:
    """Give who works at a facility on a day."""
    rows = Staff.objects.filter(locations.valid(on), facility=facility)
    return rows.order_by("cadre", "name")


def staff_for(staff_id: int) -> Staff:
    """Give somebody of the staff to an action that decides on access itself. Raises NotFound."""
    return only(Staff.objects.select_related("facility__place").filter(pk=staff_id))


def duty_for(duty_id: int) -> Duty:
    """Give a duty to an action that decides on access itself. Raises NotFound."""
    return only(Duty.objects.select_related("unit__facility__place", "staff").filter(pk=duty_id))


def roster(*, facility: Facility, since: date, until: date) -> list[Duty]:
    """Give who is on duty at a facility from a day until another."""
    rows = Duty.objects.filter(unit__facility=facility, day__gte=since, day__lte=until)
    return list(rows.select_related("unit", "staff").order_by("day", "shift", "unit__kind"))


def shift_of(moment: datetime) -> tuple[date, str]:
    """Give the shift of a moment at the facility's clock, by the policy of its day."""
    row = policy.table(SHIFTS, on=moment.date()).rows["day"]
    return shift_at(moment, begins=int(row["begins"]), ends=int(row["ends"]))


def missing(
    facility: Facility, open_units: list[Unit], duties: list[Duty], *, since: date
) -> list[Gap]:
    """Give where somebody is missing from a day on, over a week."""
    counted = Counter((one.unit_id, one.day, one.shift, one.staff.cadre) for one in duties)
    days = [since + timedelta(days=number) for number in range(AHEAD)]
    needs = policy.table(DUTY, on=since).rows
    return gaps(needs, [(one.pk, one.kind) for one in open_units], counted, days)


def in_units(*, facility: Facility, moment: datetime) -> list[InUnit]:
    """Give each unit with its beds, patients, who is there now and who is missing this week."""
    day, shift = shift_of(moment)
    open_units = list(units(facility=facility, on=moment.date()))
    beds = {
        one.unit_id: one.number
        for one in Beds.objects.filter(locations.valid(moment.date()), unit__in=open_units)
    }
    censuses = {
        one.unit_id: one
        for one in Census.objects.filter(
            unit__in=open_units, day__gte=moment.date() - timedelta(days=1)
        ).order_by("day")
    }
    duties = roster(facility=facility, since=day, until=day + timedelta(days=AHEAD))
    absent = missing(facility, open_units, duties, since=day)
    if shift == "night":
        absent = [gap for gap in absent if (gap.day, gap.shift) != (day, "day")]
    return [
        InUnit(
            unit, beds.get(unit.pk), censuses.get(unit.pk),
            [one.staff for one in duties
             if (one.unit_id, one.day, one.shift) == (unit.pk, day, shift)],
            [gap for gap in absent if gap.unit == unit.pk],
        )
        for unit in open_units
    ]  # fmt: skip
