"""Everything that is due to a mother or a child on a day, from what was done so far."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from spean.kernel.policy import Policy, policy
from spean.maternal_child.rules.doses import Barrier, Given
from spean.maternal_child.rules.immunisation import History, Programme, history
from spean.maternal_child.rules.schedules import (
    AWAITED,
    Care,
    Line,
    Status,
    lines,
    open_line,
    schedule_of,
)

Days = Collection[date]


@dataclass(frozen=True, slots=True)
class MotherFacts:
    """A pregnancy from its first day to the birth, and the days of what was done."""

    started_on: date
    born_on: date | None = None
    antenatal: Days = ()
    postnatal: Days = ()
    planning: Days = ()


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """A child's birth and sex, and the days of what was done."""

    born: date
    sex: str
    postnatal: Days = ()
    weighed: Days = ()
    vitamin_a: Days = ()
    deworming: Days = ()
    doses: Collection[Given] = field(default_factory=tuple)
    barriers: Collection[Barrier] = ()


@dataclass(frozen=True, slots=True)
class Awaited:
    """One line that is due or overdue, and of which schedule."""

    care: Care
    line: Line


class Schedules:
    """The schedules in force on a day, read once for many people."""

    def __init__(self, on: date, rules: Policy = policy) -> None:
        self.on = on
        self.of = {care: schedule_of(care, on=on, rules=rules) for care in Care}
        self.programme = Programme.of(on, rules)

    def lines(self, care: Care, since: date, done: Days) -> Iterator[Line]:
        """Give each line of a schedule of contacts."""
        return lines(self.of[care], since=since, done=done, on=self.on)

    def mother(self, facts: MotherFacts) -> list[Awaited]:
        """Give what is due to a mother, the most overdue first."""
        if facts.born_on is None:
            asked = {Care.ANTENATAL: (facts.started_on, facts.antenatal)}
        else:
            asked = {
                Care.POSTNATAL: (facts.born_on, facts.postnatal),
                Care.FAMILY_PLANNING: (facts.born_on, facts.planning),
            }
        return self._awaited(asked)

    def child(self, facts: ChildFacts) -> list[Awaited]:
        """Give what is due to a child, the most overdue first."""
        asked = {
            Care.POSTNATAL: (facts.born, facts.postnatal),
            Care.GROWTH: (facts.born, facts.weighed),
            Care.VITAMIN_A: (facts.born, facts.vitamin_a),
            Care.DEWORMING: (facts.born, facts.deworming),
        }
        doses = self.history(facts).forecast
        return self._awaited(asked, [Awaited(Care.IMMUNISATION, line) for line in doses])

    def history(self, facts: ChildFacts) -> History:
        """Hold a child's doses against the immunisation programme."""
        return history(
            facts.doses, born=facts.born, sex=facts.sex, on=self.on, programme=self.programme,
            barriers=facts.barriers,
        )  # fmt: skip

    def _awaited(
        self, asked: dict[Care, tuple[date, Days]], more: Collection[Awaited] = ()
    ) -> list[Awaited]:
        found = [
            Awaited(care, line)
            for care, (since, done) in asked.items()
            if (line := open_line(self.of[care], since=since, done=done, on=self.on)) is not None
        ]
        found += [one for one in more if one.line.status in AWAITED]
        return sorted(found, key=lambda one: (one.line.status != Status.OVERDUE, one.line.due))
