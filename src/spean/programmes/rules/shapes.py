"""What every programme is to the expression, whatever its shape."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import ibis
import ibis.expr.types as ir

from spean.kernel.policy import TableValue


class Programme(Protocol):
    """A programme of some shape, as expressions over households.

    `terms` are columns that depend on the household alone (its place, its level): the criteria
    that they decide, and the rates that apply. `members` are the criteria on its members.
    """

    @property
    def code(self) -> str: ...

    @property
    def policies(self) -> tuple[TableValue, ...]: ...

    @property
    def needs_minimum(self) -> bool: ...

    @property
    def counts_stages(self) -> bool: ...

    def terms(self, homes: ir.Table) -> Mapping[str, ir.Value]: ...

    def members(self, homes: ir.Table) -> Mapping[str, ir.BooleanValue]: ...

    def amount(self, homes: ir.Table) -> ir.IntegerValue: ...


def total(parts: Iterable[ir.IntegerValue]) -> ir.IntegerValue:
    """Add some amounts up; of none, the sum is 0."""
    first, *rest = [*parts] or [ibis.literal(0, "int64")]
    return sum(rest, first)
