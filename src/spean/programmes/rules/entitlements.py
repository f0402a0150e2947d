"""What each household is owed under each programme on a day, with the criteria that held.

`entitle` takes a table with one row a household (village, area_class, status, and the counts of
`with_counts`) and adds `<programme>_<criterion>` and `<programme>_amount` (KHR; NULL where a
criterion fails). An expression: what runs for one family runs for the nation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import ibis
import ibis.expr.types as ir

from spean.kernel.policy import NotInForce, Policy, TableValue
from spean.programmes.rules.members import STAGES
from spean.programmes.rules.minimum import COLUMN, PERCENT_OF_IT
from spean.programmes.rules.shapes import Programme, total
from spean.programmes.rules.struck import Strike, is_struck

AREAS = ("phnom_penh_urban", "other_urban", "rural")
LEVELS = ("poor_1", "poor_2", "at_risk")
BY_AREA = tuple(f"{area}_{level}" for area, level in product(AREAS, LEVELS))
FOLDER = "programmes."
# The members who are counted for each row of a grant's rates.
COUNTS = {
    "disabled": "members_disabled",
    "elder": "members_60_and_over",
    "under_18": "members_under_18",
    "pregnant": "pregnant",
    "infant": "infant",
    "antenatal_visit": "pregnant",
    "delivery": "pregnant",
    "after_birth": "infant",
} | {stage: f"of_age_for_{stage}" for stage in STAGES}


@dataclass(frozen=True, slots=True)
class HouseholdTransfer:
    """An amount for the household, more for each member, by kind of area and poverty level.

    Also, or instead, a percentage of the household's minimum expenditure. The rows of `rates` are
    `<area>_<level>`: a level without a row takes no part. With `hit`, only households that one of
    those strikes struck do.
    """

    code: str
    rates: TableValue
    hit: tuple[Strike, ...] | None = None

    @property
    def policies(self) -> tuple[TableValue, ...]:
        """The policy values that it uses."""
        return (self.rates,)

    @property
    def needs_minimum(self) -> bool:
        """Tell whether a part of the household's minimum expenditure is paid."""
        return any(row.get(PERCENT_OF_IT) for row in self.rates.rows.values())

    @property
    def counts_stages(self) -> bool:
        """Tell that whoever is of age for school counts like any other member."""
        return False

    @property
    def _columns(self) -> list[str]:
        """The rates that are paid; minimum expenditure is worked out only where one needs it."""
        columns = dict.fromkeys(column for row in self.rates.rows.values() for column in row)
        return [one for one in columns if one != PERCENT_OF_IT or self.needs_minimum]

    def terms(self, homes: ir.Table) -> Mapping[str, ir.Value]:
        """Give whether level, area and place fit, and the rates of the household's row."""
        found: dict[str, ir.Value] = {
            "level": homes.status.isin(self._levels).fill_null(False),
            "area": homes.area_class.notnull(),
        }
        if self.hit is not None:
            found["hit"] = is_struck(homes, self.hit)
        return found | {f"rate_{column}": self._rate(homes, column) for column in self._columns}

    @property
    def _levels(self) -> list[str]:
        return [one for one in LEVELS if any(self._row(area, one) for area in AREAS)]

    def _rate(self, homes: ir.Table, column: str) -> ir.IntegerValue:
        """Give the rate of the household's row; what `terms` refuse may get any rate."""
        by_area = {
            area: [int(row.get(column, 0)) if (row := self._row(area, level)) else None
                   for level in self._levels]
            for area in AREAS
        }  # fmt: skip
        by_level = [
            _by(homes.status, dict(zip(self._levels, rates, strict=True)))
            for rates in by_area.values()
        ]
        if len(set(map(tuple, by_area.values()))) == 1:
            return by_level[0]
        return _cases(homes.area_class, dict(zip(AREAS, by_level, strict=True)))

    def _row(self, area: str, level: str) -> Mapping[str, Any] | None:
        return self.rates.rows.get(f"{area}_{level}")

    def widened(self, levels: Sequence[str]) -> "HouseholdTransfer":
        """Give the same for further levels too, at the rates of the last that takes part."""
        rows = dict(self.rates.rows)
        for area in AREAS:
            held = [row for level in LEVELS if (row := self._row(area, level))]
            more = [f"{area}_{level}" for level in levels if held and not self._row(area, level)]
            rows |= dict.fromkeys(more, held[-1] if held else {})
        return replace(self, rates=replace(self.rates, rows=rows))

    def members(self, homes: ir.Table) -> Mapping[str, ir.BooleanValue]:
        """Give no criterion: every household of the level takes part."""
        return {}

    def amount(self, homes: ir.Table) -> ir.IntegerValue:
        """Give the household's amount and what each of its counted members adds."""
        counted = {
            "household": ibis.literal(1, "int64"),
            "member": homes.members,
            "additional_member": homes.members - 1,
            "vulnerable": homes.vulnerable,
        }
        if self.needs_minimum:
            counted[PERCENT_OF_IT] = homes[COLUMN] // 100
        return total(homes[f"{self.code}_rate_{one}"] * counted[one] for one in self._columns)


@dataclass(frozen=True, slots=True)
class MemberGrant:
    """An amount for each member of some kinds, in households of some levels.

    With `limits`, it is paid for what is confirmed (`rules.confirmed`); the amount is then what
    falls due on the average of a month, in whole riel.
    """

    code: str
    rates: TableValue
    levels: TableValue
    limits: TableValue | None = None

    @property
    def policies(self) -> tuple[TableValue, ...]:
        """The policy values that it uses."""
        return (self.rates, self.levels, *([self.limits] if self.limits else []))

    @property
    def needs_minimum(self) -> bool:
        """Tell that an amount a member asks for no minimum expenditure."""
        return False

    @property
    def counts_stages(self) -> bool:
        """Tell whether members are counted by the stage of school that they are of age for."""
        return any(stage in self.rates.rows for stage in STAGES)

    def terms(self, homes: ir.Table) -> Mapping[str, ir.Value]:
        """Give whether the level fits."""
        eligible = [level for level, row in self.levels.rows.items() if row["eligible"]]
        return {"level": homes.status.isin(eligible).fill_null(False)}

    def widened(self, levels: Sequence[str]) -> "MemberGrant":
        """Give the same for further levels too."""
        rows = dict(self.levels.rows) | {one: {"eligible": Decimal(1)} for one in levels}
        return replace(self, levels=replace(self.levels, rows=rows))

    def members(self, homes: ir.Table) -> Mapping[str, ir.BooleanValue]:
        """Give whether a member of the kinds is there."""
        there = [homes[COUNTS[kind]] > 0 for kind in self.rates.rows]
        return {"member": ibis.or_(*there).fill_null(False)}

    def amount(self, homes: ir.Table) -> ir.IntegerValue:
        """Give the sum over the kinds of member."""
        return total(
            homes[COUNTS[kind]] * average(self.rates, self.limits, kind) for kind in self.rates.rows
        )


def average(rates: TableValue, limits: TableValue | None, kind: str) -> int:
    """Give the riel of a row of a grant's rates; with limits, on the average of a month."""
    each = sum(rates.rows[kind].values())
    if limits:
        each = each * limits.cell(kind, "most") / limits.cell(kind, "months")
    return int(each)


def _by(key: ir.StringValue, rates: Mapping[str, int | None]) -> ir.IntegerValue:
    """Give the rate by a key, which isn't compared where all rates are one."""
    values = {one: ibis.literal(rate, "int32") for one, rate in rates.items()}
    if len(set(rates.values())) == 1:
        return next(iter(values.values()))
    return _cases(key, values)


def _cases(key: ir.StringValue, values: Mapping[str, ir.IntegerValue]) -> ir.IntegerValue:
    branches = [(key == one, value) for one, value in values.items()]
    return ibis.cases(*branches, else_=ibis.null("int32")).cast("int32")


def in_force(key: str, on: date, rules: Policy) -> TableValue | None:
    """Give a table of the programmes if it is in force: one that has ceased pays nobody."""
    key = f"{FOLDER}{key}"
    try:
        return rules.table(key, on=on) if key in rules.all_keys else None
    except NotInForce:
        return None


def entitle(homes: ir.Table, running: Sequence[Programme]) -> ir.Table:
    """Add each programme's criteria and amount to households with their counts."""
    terms = {f"{p.code}_{n}": value for p in running for n, value in p.terms(homes).items()}
    homes = homes.mutate(**terms)
    columns: dict[str, ir.Value] = {}
    for programme in running:
        about_members = {f"{programme.code}_{n}": t for n, t in programme.members(homes).items()}
        about_home = [homes[name] for name in terms if _is_criterion(name, programme)]
        holds = ibis.and_(*about_home, *about_members.values())
        columns |= about_members
        columns[f"{programme.code}_amount"] = holds.ifelse(
            programme.amount(homes), ibis.null("int64")
        )
    rates = [name for p in running for name in terms if name.startswith(f"{p.code}_rate_")]
    return homes.mutate(**columns).drop(*rates)


def _is_criterion(name: str, programme: Programme) -> bool:
    prefix = f"{programme.code}_"
    return name.startswith(prefix) and not name.startswith(f"{prefix}rate_")
