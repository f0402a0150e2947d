"""The least that a household must spend in a month: a dated basket, and needs by age.

A home for the household, and for each member food and other needs, each in percent of a grown
person's by the scale of its age. An expression, as the entitlements are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from spean.kernel.periods import last_birth_of_age
from spean.kernel.policy import Policy, ScaleValue, TableValue, policy

COLUMN = "minimum"
PERCENT_OF_IT = "percent_of_minimum"
BASKET, FOOD, OTHER = (
    f"programmes.{name}" for name in ("minimum_basket", "food_needs", "other_needs")
)
# Two sums of percents are the digits of one number, which a double holds exactly.
BASE = 1 << 20
NOTE = 100  # riel: the smallest note


@dataclass(frozen=True, slots=True)
class Minimum:
    """The basket by kind of area (KHR a month), and what each age needs of it (percent)."""

    basket: TableValue
    food: ScaleValue
    other: ScaleValue

    @property
    def needs(self) -> tuple[ScaleValue, ScaleValue]:
        """The scales by which its members count."""
        return self.food, self.other


def minimum_on(on: date, rules: Policy = policy) -> Minimum:
    """Give the minimum expenditure in force on a day. Raises NotInForce before there was one."""
    return Minimum(rules.table(BASKET, on=on), rules.scale(FOOD, on=on), rules.scale(OTHER, on=on))


def with_minimum(
    homes: ir.Table, people: ir.Table, held: Mapping[str, Minimum], on: date
) -> ir.Table:
    """Add a column for each minimum: riel a month, in notes; NULL where the area is not known.

    Members are counted once, also where several minimums are worked out beside each other.
    """
    counted = dict.fromkeys(one.needs for one in held.values())
    needs = {scales: f"needs_{n}" for n, scales in enumerate(counted)}
    summed = people.group_by("household").aggregate(
        **{name: _needs(people, scales, on).cast("float64").sum().cast("int64")
           for scales, name in needs.items()}
    )  # fmt: skip
    joined = homes.left_join(summed, "household").drop("household_right")
    least = {
        column: _least(joined, joined[needs[one.needs]], one.basket) for column, one in held.items()
    }
    return joined.mutate(**least).drop(*needs.values())


def _least(joined: ir.Table, needs: ir.IntegerValue, basket: TableValue) -> ir.IntegerValue:
    """Give what a household of these needs must spend in its kind of area."""
    area = {
        column: ibis.cases(
            *((joined.area_class == kind, ibis.literal(int(row[column]), "int64"))
              for kind, row in basket.rows.items()),
            else_=ibis.null("int64"),
        )
        for column in ("home", "food", "other")
    }  # fmt: skip
    each = (area["food"] * (needs % BASE) + area["other"] * (needs // BASE)) // 100
    return ((area["home"] + each) // NOTE * NOTE).cast("int64")


def _needs(people: ir.Table, scales: tuple[ScaleValue, ScaleValue], on: date) -> ir.IntegerValue:
    """Give one member's needs, food in the lower digit; of unknown age, a grown person's."""
    food, other = scales
    starts = sorted({int(one.start) for scale in scales for one in scale.brackets})

    def needs(age: int) -> ir.IntegerValue:
        return ibis.literal(int(food.at(age)) + BASE * int(other.at(age)), "int64")

    older = [
        (people.birth_date <= ibis.literal(last_birth_of_age(age, on)), needs(age))
        for age in reversed(starts[1:])
    ]
    unknown = (people.birth_date.isnull(), ibis.literal(100 + BASE * 100, "int64"))
    return ibis.cases(unknown, *older, else_=needs(starts[0]))
