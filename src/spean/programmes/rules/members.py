"""The members of each household counted by what rules ask of them, as one expression.

Completed years are compared by the birth date itself: whoever is born on or before the last day
that gives an age has reached it (`kernel.periods.age_on` says when a birthday falls).
"""

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from spean.kernel.periods import last_birth_of_age
from spean.kernel.policy import TableValue

# Ages that the scorecard compares; see `registry.rules.facts`, which counts one household.
EARNER, ADULT, OLD, INFANT = 15, 18, 60, 2


def count_members(people: ir.Table, kinds: TableValue, on: date) -> ir.Table:
    """Give one row a household with the counts that scorecard and programmes read.

    `people` are the members on the day: household, sex, birth_date, relation, disabled, pregnant.
    """
    counted = {name: _count(held) for name, held in _conditions(people, kinds, on).items()}
    head = (people.relation == "head") & (people.sex == "female")
    counts = people.group_by("household").aggregate(
        members=people.count(), **counted, female_head=_count(head) > 0
    )
    return counts.mutate(dependants=counts.members - counts.members_of_working_age)


def _count(held: ir.BooleanValue) -> ir.IntegerScalar:
    """Count where something holds, as every engine does fast: PostgreSQL sums no truth values."""
    return held.ifelse(1, ibis.null("int8")).count()


def _conditions(people: ir.Table, kinds: TableValue, on: date) -> Mapping[str, ir.BooleanValue]:
    """Give each count's condition, by the count's name."""

    def reached(age: int) -> ir.BooleanValue:
        return people.birth_date <= ibis.literal(last_birth_of_age(age, on))

    def of_kind(kind: str) -> ir.BooleanValue:
        row = kinds.rows[kind]
        return reached(int(row["from"])) & ~reached(int(row["to"]) + 1)

    earns = reached(EARNER) & ~reached(OLD)
    vulnerable = of_kind("child") | of_kind("elder") | people.disabled
    return {
        "members_under_2": ~reached(INFANT),
        "members_under_18": ~reached(ADULT),
        "members_60_and_over": reached(OLD),
        "members_disabled": people.disabled,
        "members_of_working_age": earns,
        "pregnant": people.pregnant,
        "infant": of_kind("infant"),
        "vulnerable": vulnerable,
    }
