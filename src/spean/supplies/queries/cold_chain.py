"""Equipment with its history; temperatures, excursions, and batches held back."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.policy import policy
from spean.kernel.rows import only
from spean.locations.queries import Facility
from spean.supplies.models import COOLS, Balance, Equipment, Quarantine, Reading
from spean.supplies.queries.places import VIEW
from spean.supplies.rules import Degrees, Excursion, excursions

COLD_CHAIN = "supplies.cold_chain"
SHOWN_DAYS = 90


def equipment(*, facility: Facility) -> QuerySet[Equipment]:
    """Give the equipment of a facility (`facility_for` has said that the actor may see it)."""
    rows = Equipment.objects.filter(facility=facility).select_related("unit")
    return rows.order_by("kind", "serial")


def one_equipment(equipment_id: UUID, *, by: Actor) -> Equipment:
    """Give one piece of equipment. Raises NotFound, NotAllowed."""
    found = equipment_for(equipment_id)
    access.require(by, VIEW, area=found.facility.place.code)
    return found


def equipment_for(equipment_id: UUID, *, lock: bool = False) -> Equipment:
    """Give equipment to an action that decides on access itself. Raises NotFound."""
    rows = Equipment.objects.select_related("facility__place").filter(pk=equipment_id)
    return only(rows, lock=lock)


def degrees(cools: Equipment, *, on: date) -> Degrees | None:
    """Give the temperatures allowed in what cools, by the policy of a day; None for the rest."""
    if cools.kind not in COOLS:
        return None
    row = policy.table(COLD_CHAIN, on=on).rows[COOLS[cools.kind]]  # type: ignore[index]
    return Degrees(row["lowest"], row["highest"])


def readings(cools: Equipment, *, until: date) -> list[Reading]:
    """Give the temperatures of the last months, the newest first."""
    since = until - timedelta(days=SHOWN_DAYS)
    return list(cools.readings.filter(at__date__gte=since, at__date__lte=until).order_by("-at"))


def excursions_of(cools: Equipment, *, until: date) -> list[Excursion]:
    """Give when it was too warm or too cold in the last months, the newest first."""
    allowed = degrees(cools, on=until)
    if allowed is None:
        return []
    rows = ((one.at, one.celsius) for one in readings(cools, until=until))
    return excursions(rows, allowed)[::-1]


def held_in(facility: Facility, *, band: str, day: date) -> list[Balance]:
    """Give the batches kept at a temperature that a facility has, and had by a day."""
    rows = Balance.objects.filter(
        facility=facility, quantity__gt=0, batch__item__band=band,
        batch__movements__facility=facility, batch__movements__day__lte=day,
    )  # fmt: skip
    return list(rows.select_related("batch__item").distinct())


def quarantines(*, by: Actor) -> QuerySet[Quarantine]:
    """Give the batches of the actor's areas that wait for a decision, the oldest first."""
    rows = Quarantine.objects.filter(decision="").select_related(
        "facility__place", "batch__item", "reading__equipment"
    )
    return access.within(rows, by, VIEW, code="facility__place__code").order_by("id")


def quarantine_for(quarantine_id: UUID, *, lock: bool = False) -> Quarantine:
    """Give a quarantine to an action that decides on access itself. Raises NotFound."""
    rows = Quarantine.objects.select_related("facility__place", "batch__item", "reading")
    return only(rows.filter(pk=quarantine_id), lock=lock)
