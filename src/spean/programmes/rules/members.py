"""The members of each household counted by what rules ask of them, as one expression.

Completed years are compared by the birth date itself: whoever is born on or before the last day
that gives an age has reached it (`kernel.periods.age_on` says when a birthday falls).

Up to five counts are summed as the digits of one number (base 1,024), which a double holds exactly:
three sums over the nation's people, and three numbers through the join, take half the time of one
for each count.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from spean.kernel.periods import last_birth_of_age
from spean.kernel.policy import TableValue

# Ages that the scorecard compares; see `registry.rules.facts`, which counts one household.
EARNER, ADULT, OLD, INFANT = 15, 18, 60, 2
UNBORN = -1
BITS = 10
MOST = 2**BITS - 1
Ages = tuple[int, int | None]  # from, and the first that is too old
STAGES = ("primary", "lower_secondary", "upper_secondary")


def with_counts(
    homes: ir.Table, people: ir.Table, kinds: TableValue, on: date, *, stages: bool
) -> ir.Table:
    """Add to each household the counts that scorecard and programmes read.

    `people` are the members on the day: household, sex, birth_date, relation, disabled, pregnant.
    All counts of a household of more than MOST members are NULL; so are those of the stages of
    school unless they are asked for.
    """
    by_age = {"by_age": _ages(kinds)} | ({"by_stage": _stages(kinds)} if stages else {})
    others = _conditions(people, kinds, on)
    packs = {pack: list(ages) for pack, ages in by_age.items()} | {"by_other": list(others)}
    summed = people.group_by("household").aggregate(
        by_other=_sum(_digits(list(others.values()))),
        **{pack: _sum(_digits_of_age(people, list(ages.values()), on))
           for pack, ages in by_age.items()},
    )  # fmt: skip
    joined = homes.left_join(summed, "household")
    # Its highest digit has no bound, so it tells when there are too many for the digits.
    fits = joined.by_other < 1 << BITS * len(others)
    whole = {pack: fits.ifelse(joined[pack], ibis.null("int64")) for pack in packs}
    counts = {
        one: ((whole[pack] >> BITS * digit) & MOST).cast("int32")
        for pack, names in packs.items()
        for digit, one in enumerate(names)
    }
    if not stages:
        counts |= {one: ibis.null("int32") for one in _stages(kinds)}
    return (
        joined.mutate(**counts)
        .drop("household_right", *packs)
        .mutate(
            female_head=lambda counted: counted.women_heading > 0,
            dependants=lambda counted: counted.members - counted.members_of_working_age,
        )
    )


def _sum(digits: ir.IntegerValue) -> ir.IntegerScalar:
    """Sum as a double, which engines do faster than whole numbers, and is as exact up to 2**53."""
    return digits.cast("float64").sum().cast("int64")


def _digits(conditions: Sequence[Sequence[ir.BooleanValue]]) -> ir.IntegerValue:
    """Give a 1 in the digit of each condition of whose alternatives one holds.

    Each alternative is asked of those alone for whom none before it holds: half the time of OR.
    """
    zero = ibis.literal(0, "int64")
    first, *rest = (
        ibis.cases(*((one, ibis.literal(1 << BITS * digit, "int64")) for one in held), else_=zero)
        for digit, held in enumerate(conditions)
    )
    return sum(rest, first)


def _digits_of_age(people: ir.Table, ages: Sequence[Ages], on: date) -> ir.IntegerValue:
    """Give a 1 in the digit of each range of ages that a member is in: one look at the age."""

    def digits(age: int) -> ir.IntegerValue:
        held = [
            1 << BITS * digit
            for digit, (first, end) in enumerate(ages)
            if first <= age and (end is None or age < end)
        ]
        return ibis.literal(sum(held), "int64")

    bounds = {age for pair in ages for age in pair if age is not None and age > UNBORN}
    older = [
        (people.birth_date <= ibis.literal(last_birth_of_age(age, on)), digits(age))
        for age in sorted(bounds, reverse=True)
    ]
    unknown = (people.birth_date.isnull(), ibis.literal(0, "int64"))
    return ibis.cases(unknown, *older, else_=digits(UNBORN))


def _ages(kinds: TableValue) -> Mapping[str, Ages]:
    """Give each count's range of ages, by the count's name."""
    return {
        "members_under_2": (UNBORN, INFANT),
        "members_under_18": (UNBORN, ADULT),
        "members_60_and_over": (OLD, None),
        "members_of_working_age": (EARNER, OLD),
        "infant": ages_of(kinds, "infant"),
    }


def _stages(kinds: TableValue) -> Mapping[str, Ages]:
    """Give the ages of each stage of school."""
    return {f"of_age_for_{stage}": ages_of(kinds, stage) for stage in STAGES}


def ages_of(kinds: TableValue, kind: str) -> tuple[int, int]:
    """Give the ages of a kind of member: from, and the first that is too old."""
    return int(kinds.cell(kind, "from")), int(kinds.cell(kind, "to")) + 1


def _conditions(
    people: ir.Table, kinds: TableValue, on: date
) -> Mapping[str, tuple[ir.BooleanValue, ...]]:
    """Give each other count's condition, by its alternatives; `members` has the highest digit."""

    def of_kind(kind: str) -> ir.BooleanValue:
        last, too_old = (last_birth_of_age(age, on) for age in ages_of(kinds, kind))
        return people.birth_date.between(too_old + timedelta(days=1), last)

    return {
        "members_disabled": (people.disabled,),
        "pregnant": (people.pregnant,),
        "vulnerable": (of_kind("child"), of_kind("elder"), people.disabled),
        "women_heading": ((people.relation == "head") & (people.sex == "female"),),
        "members": (ibis.literal(True),),
    }
