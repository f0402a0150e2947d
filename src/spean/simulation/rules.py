"""What a draft of policy would do, as figures: cost, coverage, errors, poverty.

*Without* is what families would spend without any transfer, *now* with what is in force, *draft*
with what the draft says. All are sums over a group of households; their ratios are worked out here.
A draft may also measure otherwise, by another poverty line or minimum expenditure: all sides are
then measured by what is in force, and again by the draft's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from spean.kernel.policy import Rows

Changes = Mapping[str, Rows | None]
SIDES = ("now", "draft")
STRUCK = ("families", "left_out", "paid_by")
NOT_POOR = "not_poor"
LINE, MINIMUM = "line", "minimum"
MEASURED_BY = {
    "poverty_rate": LINE, "poverty_gap": LINE, "exclusion_error": LINE, "inclusion_error": LINE,
    "below_minimum": MINIMUM, "adequacy": MINIMUM,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """What is simulated: the day whose rules hold, for whom, and what the draft changes.

    `area` is a place code ("" is the nation). `hit` are places struck, `families` struck besides
    and `left_out` not (numbers of households); `paid_by` pay for it, or, where it is empty, all
    that pay in a shock. With `only_hit` nobody else counts. `changes` gives other rows for a
    policy table by its key; None abolishes it.
    """

    on: date
    area: str = ""
    hit: tuple[str, ...] = ()
    only_hit: bool = False
    changes: Changes | None = None
    families: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    paid_by: tuple[str, ...] = ()

    @property
    def families_as_json(self) -> dict[str, list[str]]:
        """What is kept of it beside the places."""
        return {name: list(getattr(self, name)) for name in STRUCK}


@dataclass(frozen=True, slots=True)
class Side:
    """What a policy does to a group: riel a year, whom it pays, who is poor with it.

    `gap` is the sum over the poor people of how far below the line they are, as a share of it.
    `minimum` is what the families paid must at least spend in a year; `below` the people whose
    families spend less than that.
    """

    cost: int
    households: int
    people: int
    poor_paid: int
    poor: int
    gap: float
    minimum: int = 0
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of households: of what kind, how many, and what each side does to it.

    `by_draft` is the same group measured by the draft's poverty line and minimum expenditure.
    """

    kind: str
    code: str
    households: int
    people: int
    poor: int
    gap: float
    winners: int
    losers: int
    now: Side
    draft: Side
    below: int | None = None
    by_draft: "Group | None" = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Group":
        """Read a group from a flat row: now_cost, draft_cost, …

        Of a day without a minimum expenditure, and in what was kept before there was one, nobody is
        known to be below it.
        """
        plain = {name: row[name] for name in cls.__slots__ if name in row}
        if again := row.get("by_draft"):
            plain["by_draft"] = cls.from_row(again)
        now, draft = (
            Side(**{n: row[f"{side}_{n}"] for n in Side.__slots__ if f"{side}_{n}" in row})
            for side in SIDES
        )
        return cls(**plain, now=now, draft=draft)

    def side(self, name: str) -> Side:
        """Give what one side does."""
        return self.now if name == "now" else self.draft

    def measures(self, name: str) -> dict[str, float | None]:
        """Give the ratios of a side, in percent; None where there is nothing to divide by.

        Coverage: people paid. Inclusion error: of those paid, who is not poor without transfers.
        Exclusion error: of the poor, who is not paid. Rate and gap: poverty with the transfers.
        Below minimum: people whose families spend less than they must. Adequacy: transfers, of
        what the families paid must at least spend.
        """
        side = self.side(name)
        return {
            "coverage": _percent(side.people, self.people),
            "inclusion_error": _percent(side.people - side.poor_paid, side.people),
            "exclusion_error": _percent(self.poor - side.poor_paid, self.poor),
            "poverty_rate": _percent(side.poor, self.people),
            "poverty_gap": _percent(side.gap, self.people),
            "below_minimum": _percent(side.below, self.people),
            "adequacy": _percent(side.cost, side.minimum),
        }

    @property
    def without(self) -> dict[str, float | None]:
        """Give poverty without any transfer, in percent."""
        return {
            "poverty_rate": _percent(self.poor, self.people),
            "poverty_gap": _percent(self.gap, self.people),
            "below_minimum": _percent(self.below, self.people),
        }


@dataclass(frozen=True, slots=True)
class Move:
    """Households that a drafted scorecard takes from one level to another, or leaves there."""

    level: str
    draft_level: str
    households: int
    people: int
    poor: int
    poor_by_draft: int | None = None

    def level_of(self, side: str) -> str:
        """Give the level on one side."""
        return self.level if side == "now" else self.draft_level


@dataclass(frozen=True, slots=True)
class OfLevel:
    """The households of a level on both sides, and who comes to it and leaves it."""

    level: str
    now: int | None
    draft: int | None
    come: int | None
    leave: int | None
    poor_now: float | None
    poor_draft: float | None


def of_level(level: str, moves: Sequence[Move]) -> OfLevel:
    """Add up the moves from and to one level; poor: people below the line, in percent."""
    held = {side: [one for one in moves if one.level_of(side) == level] for side in SIDES}
    stay = sum(one.households for one in held["now"] if one.draft_level == level)
    now, draft = (sum(one.households for one in held[side]) for side in SIDES)
    poor = [
        _percent(sum(one.poor for one in held[side]), sum(one.people for one in held[side]))
        for side in SIDES
    ]
    return OfLevel(level, now, draft, draft - stay, now - stay, *poor)


def errors(
    moves: Sequence[Move], side: str, *, by_draft: bool = False
) -> tuple[float | None, float | None]:
    """Give the errors of one side's levels, in percent of people, by one poverty line.

    Of those on a level, who is not poor; and of the poor, who is on none.
    """
    if by_draft:
        moves = [replace(one, poor=one.poor_by_draft or 0) for one in moves]
    on_level = [one for one in moves if one.level_of(side) != NOT_POOR]
    people, found = sum(one.people for one in on_level), sum(one.poor for one in on_level)
    poor = sum(one.poor for one in moves)
    return _percent(people - found, people), _percent(poor - found, poor)


@dataclass(frozen=True, slots=True)
class Apart:
    """How a figure comes about: as it is now, by another yardstick alone, by the transfers alone.

    Another line or minimum changes who is below it without paying anybody. None where there is
    nothing in force to measure by.
    """

    now: float | None
    yardstick: float | None
    transfers: float
    draft: float


def apart(group: Group, figure: Callable[[Side], float | None]) -> Apart | None:
    """Take the change of a figure apart; None where the draft has no yardstick of its own."""
    again = group.by_draft
    if again is None:
        return None
    now, moved, then = (figure(side) for side in (group.now, again.now, again.draft))
    if moved is None or then is None:
        return None
    return Apart(now, None if now is None else moved - now, then - moved, then)


def _percent(part: float | None, whole: float) -> float | None:
    return 100 * part / whole if whole and part is not None else None
