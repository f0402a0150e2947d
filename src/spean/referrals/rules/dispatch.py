"""Which vehicles could fetch a patient, the nearest first, and what a trip costs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from spean.kernel.decisions import Criterion, Decision
from spean.kernel.policy import Policy, policy
from spean.referrals.rules.journey import Urgency

DETOUR, SPEED, COST = "referrals.detour", "referrals.speed", "referrals.trip_cost"


class VehicleKind(StrEnum):
    """What carries a patient."""

    AMBULANCE = "ambulance"
    CAR = "car"
    MOTORCYCLE_TRAILER = "motorcycle_trailer"
    MOTORCYCLE = "motorcycle"
    MOTOR_BOAT = "motor_boat"


class Way(StrEnum):
    """By what a place can be reached; it changes with the season."""

    ROAD = "road"
    WATER = "water"


class VehicleState(StrEnum):
    """How a vehicle is, apart from the trip that it may be on."""

    READY = "ready"
    UNDER_REPAIR = "under_repair"
    WITHDRAWN = "withdrawn"


WAY_OF: Final[Mapping[VehicleKind, Way]] = {
    kind: Way.WATER if kind is VehicleKind.MOTOR_BOAT else Way.ROAD for kind in VehicleKind
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A vehicle as it stands: `crow_km` from the patient (None: unknown), `trip` while it is out.

    `lying` is how many patients it carries lying down, `crew` how many are on it.
    """

    vehicle: UUID
    kind: VehicleKind
    state: VehicleState
    lying: int
    crew: int
    crow_km: float | None
    trip: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A vehicle that could go or could not, with the criteria; km and minutes to the patient."""

    candidate: Candidate
    criteria: tuple[Criterion, ...]
    km: int | None
    minutes: int | None

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against it."""
        return all(one.held for one in self.criteria)


def proposals(
    candidates: Collection[Candidate], *, urgency: Urgency, ways: Collection[str], on: date,
    rules: Policy = policy,
) -> list[Proposal]:  # fmt: skip
    """Judge each vehicle: those that fit first, the nearest first. Raises NotInForce."""
    speed = rules.table(SPEED, on=on)
    found = []
    for one in candidates:
        km = None if one.crow_km is None else way_km(one.crow_km, WAY_OF[one.kind], on, rules)
        minutes = None if km is None else round(km * 60 / speed.cell(one.kind, "km_per_hour"))
        found.append(Proposal(one, _criteria(one, urgency, ways), km, minutes))
    return sorted(found, key=lambda p: (not p.fits, p.minutes is None, p.minutes or 0))


def _criteria(one: Candidate, urgency: Urgency, ways: Collection[str]) -> tuple[Criterion, ...]:
    lies = urgency is not Urgency.EMERGENCY or one.lying > 0
    return (
        Criterion("ready", one.state is VehicleState.READY, one.state),
        Criterion("free", not one.trip, one.trip or None),
        Criterion("way", WAY_OF[one.kind] in ways, WAY_OF[one.kind]),
        Criterion("crew", one.crew > 0, one.crew),
        Criterion("lying", lies, one.lying),
    )


def way_km(crow_km: float, way: Way, on: date, rules: Policy = policy) -> int:
    """Give the length of a way by what the crow flies. Raises NotInForce."""
    percent = rules.table(DETOUR, on=on).cell(way, "percent")
    return round(crow_km * float(percent) / 100)


def trip_cost(
    kind: VehicleKind, km: int, *, on: date, rules: Policy = policy
) -> tuple[Decimal, Decision]:
    """Give what a trip costs in riel, by the rates of its day, and why. Raises NotInForce."""
    rates = rules.table(COST, on=on)
    start, per_km = rates.cell(kind, "start"), rates.cell(kind, "per_km")
    amount = (start + per_km * km).quantize(Decimal(1), ROUND_HALF_UP)
    facts = {"kind": str(kind), "km": km, "start": str(start), "per_km": str(per_km)}
    return amount, Decision("referrals.trip_cost", str(amount), on, (), facts, (rates.ref,))
