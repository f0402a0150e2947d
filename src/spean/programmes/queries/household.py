"""What one household is owed on a day, by the very expression that works out the nation's."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.decisions import Decision
from spean.locations import queries as locations
from spean.programmes.queries.expression import Terms, compiled, struck, terms
from spean.programmes.queries.tables import frequency
from spean.programmes.rules import COLUMN, decisions
from spean.registry import queries as registry
from spean.targeting import queries as targeting

PERMISSION, KIND = "programmes.view_entitlements", "programmes."
ARROW = {"int32": pa.int32(), "string": pa.string(), "date": pa.date32(), "boolean": pa.bool_()}


@dataclass(frozen=True, slots=True)
class Entitlements:
    """The decisions about one household: one for each programme in force on the day."""

    household_id: UUID
    village: str
    on: date
    policy_version: str
    decisions: tuple[Decision, ...]
    minimum: int | None

    @property
    def a_month(self) -> Decimal:
        """Give what all programmes together owe in a month, on the average of a year, in riel."""
        times = frequency(self.on)
        codes = {one.kind.removeprefix(KIND): one for one in self.decisions}
        year = sum(times[code] * (one.facts["amount"] or 0) for code, one in codes.items())
        return (Decimal(year) / 12).quantize(Decimal(1))

    @property
    def adequacy(self) -> Decimal | None:
        """Give what that is of the household's minimum expenditure, in percent, if it is known."""
        return 100 * self.a_month / self.minimum if self.minimum else None

    def amount_of(self, programme: str) -> int:
        """Give the riel that a programme owes; 0 where it gives nothing or is not in force."""
        return self.facts_of(programme).get("amount") or 0

    def facts_of(self, programme: str) -> dict[str, Any]:
        """Give what a programme's decision rests on: its facts, and each criterion by name."""
        for one in self.decisions:
            if one.kind == f"{KIND}{programme}":
                return dict(one.facts) | {f"{programme}_{c.name}": c.held for c in one.criteria}
        return {}


def entitlements_of(household_id: UUID, *, by: Actor, on: date) -> Entitlements:
    """Work out what a household is owed on a day. Some milliseconds.

    Raises NotFound, NotYetRegistered, NotAllowed, NotInForce.
    """
    state = registry.household_as_of(household_id, by=by, on=on)
    access.require(by, PERMISSION, area=state.village.code)
    held = terms(on, hit=struck(on)).with_minimum
    area = locations.area_class(state.village.code, on)
    status = targeting.household_status(household_id, on=on)
    home: dict[str, Any] = {
        "household": 1,
        "household_id": str(household_id),
        "village": state.village.code,
        "area_class": area.kind if area else None,
        "status": status.level if status else None,
    }
    row = determine_one(home, [_member(one) for one in state.members], held)
    found = decisions(row, held.programmes, on)
    return Entitlements(
        household_id, state.village.code, on, held.policy_version, tuple(found), row.get(COLUMN)
    )


def _member(one: registry.MemberState) -> dict[str, Any]:
    return {
        "household": 1,
        "sex": one.facts.sex,
        "birth_date": one.facts.birth_date,
        "relation": one.relation,
        "disabled": one.disabled,
        "pregnant": one.pregnant,
    }


def determine_one(
    home: dict[str, Any], people: Sequence[dict[str, Any]], held: Terms
) -> dict[str, Any]:
    """Run the national expression on one household."""
    engine = _engine()
    for name, rows in (("households", [home]), ("people", list(people))):
        schema = pa.schema([(column, ARROW[kind]) for column, kind in held.reads[name].items()])
        engine.register(name, pa.Table.from_pylist(rows, schema=schema))
    found = engine.execute(_sql(held))
    names = [column[0] for column in found.description or ()]
    return dict(zip(names, found.fetchall()[0], strict=True))


_local = threading.local()


def _engine() -> duckdb.DuckDBPyConnection:
    """Give this thread's engine."""
    if not hasattr(_local, "engine"):
        _local.engine = duckdb.connect(config={"threads": 1})
    engine: duckdb.DuckDBPyConnection = _local.engine
    return engine


_kept: dict[tuple[object, ...], str] = {}


def _sql(held: Terms) -> str:
    """Compile the terms of a day once: the next family of the day takes milliseconds."""
    key = (held.on, held.policy_version, held.hit, tuple(p.code for p in held.programmes),
           held.minimum is None)  # fmt: skip
    if key not in _kept:
        if len(_kept) > 64:
            _kept.clear()
        _kept[key] = compiled(held)
    return _kept[key]
