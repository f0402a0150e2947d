"""The least that a household must spend in a month: a dated basket, and needs by age.

A home for the household, and for each member food and other needs, each in percent of a grown
person's by the scale of its age. An expression, as the entitlements are.
"""

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from spean.kernel.periods import last_birth_of_age
from spean.kernel.policy import Policy, ScaleValue, TableValue, policy

COLUMN = "minimum"
PERCENT_OF_IT = "percent_of_minimum"
# Two sums of percents are the digits of one number, which a double holds exactly.
BASE = 1 << 20
NOTE = 100  # riel: the smallest note


@dataclass(frozen=True, slots=True)
class Minimum:
    """The basket by kind of area (KHR a month), and what each age needs of it (percent)."""

    basket: TableValue
    food: ScaleValue
    other: ScaleValue


def minimum_on(on: date, rules: Policy = policy) -> Minimum:
    """Give the minimum expenditure in force on a day. Raises NotInForce before there was one."""
    return Minimum(
        rules.table("programmes.minimum_basket", on=on),
        rules.scale("programmes.food_needs", on=on),
        rules.scale("programmes.other_needs", on=on),
    )


def with_minimum(homes: ir.Table, people: ir.Table, held: Minimum, on: date) -> ir.Table:
    """Add `minimum`: riel a month, in notes; NULL where the kind of area is not known."""
    summed = people.group_by("household").aggregate(
        needs=_needs(people, held, on).cast("float64").sum().cast("int64")
    )
    joined = homes.left_join(summed, "household").drop("household_right")
    area = {
        column: ibis.cases(
            *((joined.area_class == kind, ibis.literal(int(row[column]), "int64"))
              for kind, row in held.basket.rows.items()),
            else_=ibis.null("int64"),
        )
        for column in ("home", "food", "other")
    }  # fmt: skip
    food, other = joined.needs % BASE, joined.needs // BASE
    each = (area["food"] * food + area["other"] * other) // 100
    spent = (area["home"] + each) // NOTE * NOTE
    return joined.mutate(**{COLUMN: spent.cast("int64")}).drop("needs")


def _needs(people: ir.Table, held: Minimum, on: date) -> ir.IntegerValue:
    """Give one member's needs, food in the lower digit; of unknown age, a grown person's."""
    starts = sorted({int(one.start) for scale in (held.food, held.other) for one in scale.brackets})

    def needs(age: int) -> ir.IntegerValue:
        return ibis.literal(int(held.food.at(age)) + BASE * int(held.other.at(age)), "int64")

    older = [
        (people.birth_date <= ibis.literal(last_birth_of_age(age, on)), needs(age))
        for age in reversed(starts[1:])
    ]
    unknown = (people.birth_date.isnull(), ibis.literal(100 + BASE * 100, "int64"))
    return ibis.cases(unknown, *older, else_=needs(starts[0]))
