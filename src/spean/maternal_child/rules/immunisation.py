"""Which doses count (evaluation), and which come next (forecast), by any schedule given as data.

The concepts are those on which clinical decision support has settled (CDC, CDSi logic
specification): series, dose, lowest age, earliest, recommended, latest, shortest intervals, grace,
gap between live vaccines, late starts. Doses are looked at by day, so the order in which they are
written down changes nothing. All doses, old ones too, are judged by the schedule of the day asked.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from spean.kernel.decisions import PolicyRef
from spean.kernel.policy import Contact, Policy, ScheduleValue, policy
from spean.maternal_child.rules.doses import (
    EXTRANEOUS,
    REACTION,
    Barrier,
    Evaluated,
    Given,
    Reason,
)
from spean.maternal_child.rules.schedules import Care, Line, Status, schedule_of, standing

GRACE, LIVE_GAP = (f"maternal_child.immunisation.{name}" for name in ("grace", "live_gap"))


@dataclass(frozen=True, slots=True)
class Programme:
    """An immunisation schedule with its days of grace and its gap between live vaccines."""

    schedule: ScheduleValue
    grace: int
    live_gap: int
    sources: tuple[PolicyRef, ...]
    live: frozenset[str]
    by_sex: Mapping[str, Mapping[str, list[Contact]]]

    @classmethod
    def of(cls, on: date, rules: Policy = policy) -> "Programme":
        """Give the programme in force on a day. Raises NotInForce."""
        schedule = schedule_of(Care.IMMUNISATION, on=on, rules=rules)
        grace, gap = (rules.value(key, on=on) for key in (GRACE, LIVE_GAP))
        lines = schedule.contacts
        return cls(
            schedule, grace.whole, gap.whole, (schedule.ref, grace.ref, gap.ref),
            live=vaccines_of([line for line in lines if line.live]),
            by_sex={sex: _series(lines, sex) for sex in ("female", "male")},
        )  # fmt: skip

    def series(self, sex: str) -> Mapping[str, list[Contact]]:
        """Give the lines of each series that is meant for this sex ("female", "male")."""
        return self.by_sex[sex]

    def choices(self, sex: str) -> list[list[str]]:
        """Give the series of which one is enough: most stand alone."""
        found: dict[str, list[str]] = {}
        for name, lines in self.by_sex[sex].items():
            found.setdefault(lines[0].instead_of or name, []).append(name)
        return list(found.values())


def _series(lines: Sequence[Contact], sex: str) -> dict[str, list[Contact]]:
    found: dict[str, list[Contact]] = {}
    for line in lines:
        if line.sex in ("", sex):
            found.setdefault(line.series, []).append(line)
    return found


@dataclass(frozen=True, slots=True)
class History:
    """One child's doses held against the programme: what each is worth, and what comes next.

    The forecast has one line for each series that isn't complete.
    """

    evaluated: tuple[Evaluated, ...]
    forecast: tuple[Line, ...]

    @property
    def complete(self) -> bool:
        """Say whether nothing is left to be given, now or later."""
        return not self.forecast


@dataclass(slots=True)
class _Series:
    """How far a series has come: the next line, the days of its lines, the last dose that counts.

    A dose that was too young or too soon doesn't meet its line, but the next one keeps its
    interval from it.
    """

    lines: Sequence[Contact]
    vaccines: frozenset[str]
    born: date
    next: int = 0
    met: dict[str, date] = field(default_factory=dict)
    last: date | None = None
    last_valid: date | None = None

    def open_lines(self) -> list[Contact]:
        """Give the lines still to be met, without those that a late start makes unneeded."""
        age = -1 if self.last_valid is None else (self.last_valid - self.born).days
        return [
            line
            for line in self.lines[self.next :]
            if line.not_needed_from is None or age < line.not_needed_from
        ]

    def wanted(self, on: date) -> Contact | None:
        """Give the first open line that the child isn't too old for, else the first, if any."""
        still = self.open_lines()
        age = (on - self.born).days
        fitting = [line for line in still if line.latest is None or age <= line.latest]
        return next(iter(fitting or still), None)

    def earliest(self, line: Contact) -> date:
        """Give the first day of a line by its lowest age and its intervals, without grace."""
        days = [self.born + timedelta(days=line.earliest)]
        if self.last is not None:
            days.append(self.last + timedelta(days=line.shortest_interval or 0))
        if line.after in self.met:
            days.append(self.met[line.after] + timedelta(days=line.after_interval))
        return max(days)

    def progress(self, on: date) -> tuple[bool, int]:
        """Say how far the series has come: whether it is met, and by how many doses that count."""
        return self.wanted(on) is None, len(self.met)

    def take(self, dose: Given, line: Contact, reason: Reason | None) -> None:
        """Go on by one dose."""
        if reason is None:
            self.next = self.lines.index(line) + 1
            self.met[line.code] = self.last_valid = dose.day
        if reason is None or reason not in (*EXTRANEOUS, Reason.BEFORE_BIRTH):
            self.last = dose.day


def history(
    given: Collection[Given],
    *,
    born: date,
    sex: str,
    on: date,
    programme: Programme,
    barriers: Collection[Barrier] = (),
) -> History:
    """Judge each dose given until a day, and say what comes next and when.

    Of series that stand in for each other the one that has come the furthest is followed.
    """
    doses = sorted(dose for dose in given if dose.day <= on)
    live = [dose for dose in doses if dose.vaccine in programme.live and dose.day >= born]
    evaluated: list[Evaluated] = []
    forecast: list[Line] = []
    stands = [one for one in barriers if one.holds(on)]
    for names in programme.choices(sex):
        tried = [_tried(name, born, sex, doses, live, programme) for name in names]
        state, judged = max(tried, key=lambda one: one[0].progress(on))
        evaluated += judged
        evaluated += [
            one
            for other, theirs in tried
            if other is not state
            for one in theirs
            if one.dose.vaccine not in state.vaccines
        ]
        forecast += [_unless(line, state, stands) for line in _next(state, live, on, programme)]
    known = {one.dose for one in evaluated}
    strange = (dose for dose in doses if dose not in known)
    evaluated += [Evaluated(dose, "", "", Reason.NOT_IN_SCHEDULE) for dose in strange]
    return History(tuple(evaluated), tuple(forecast))


def _tried(
    name: str, born: date, sex: str, doses: Sequence[Given], live: Sequence[Given],
    programme: Programme,
) -> tuple[_Series, list[Evaluated]]:  # fmt: skip
    """Follow one series through all doses that it takes."""
    lines = programme.series(sex)[name]
    state = _Series(lines, vaccines_of(lines), born)
    mine = [dose for dose in doses if dose.vaccine in state.vaccines]
    return state, list(_judged(name, mine, state, live, programme))


def _unless(line: Line, state: _Series, barriers: Collection[Barrier]) -> Line:
    """Say of what comes next that it is forbidden, or to be given with care, and why."""
    (asked,) = (one for one in state.lines if one.code == line.code)
    if against := _against(asked, state.vaccines, barriers):
        return replace(line, status=Status.FORBIDDEN, because=against)
    held = sorted({one.condition for one in barriers})
    return replace(line, because=tuple(one for one in held if one in asked.careful_with))


def _against(
    line: Contact, vaccines: Collection[str], barriers: Collection[Barrier]
) -> tuple[str, ...]:
    """Give the conditions for which a line's dose is forbidden; `vaccines` are its series'."""
    held = sorted({one.condition for one in barriers if one.condition in line.not_with})
    reacted = any(one.condition == REACTION and one.vaccine in vaccines for one in barriers)
    return (*held, REACTION) if reacted else tuple(held)


def forbidden(
    vaccine: str, *, barriers: Collection[Barrier], on: date, programme: Programme, sex: str
) -> tuple[str, ...]:
    """Give the conditions for which a vaccine is given to this person on a day in no series."""
    stands = [one for one in barriers if one.holds(on)]
    found = [
        _against(line, vaccines_of(lines), stands)
        for lines in programme.series(sex).values()
        for line in lines
        if vaccine in line.vaccines
    ]
    return found[0] if found and all(found) else ()


def _judged(
    name: str, doses: Sequence[Given], state: _Series, live: Sequence[Given], programme: Programme
) -> Iterator[Evaluated]:
    day = None
    for dose in doses:
        line = state.wanted(dose.day)
        if dose.day == day:
            reason: Reason | None = Reason.SAME_DAY
        elif line is None:
            reason = Reason.SERIES_COMPLETE
        else:
            reason = _wrong(dose, line, state, live, programme)
            state.take(dose, line, reason)
        day = dose.day
        yield Evaluated(dose, name, line.code if line else "", reason)


def _wrong(
    dose: Given, line: Contact, state: _Series, live: Sequence[Given], programme: Programme
) -> Reason | None:
    age = (dose.day - state.born).days
    if age < 0:
        return Reason.BEFORE_BIRTH
    if line.latest is not None and age > line.latest:
        return Reason.TOO_OLD
    if age < line.earliest - programme.grace:
        return Reason.TOO_YOUNG
    if dose.day + timedelta(days=programme.grace) < state.earliest(line):
        return Reason.TOO_SOON
    gap = timedelta(days=programme.live_gap)
    if line.live and any(
        other.vaccine not in state.vaccines and dose.day - gap < other.day < dose.day
        for other in live
    ):
        return Reason.LIVE_TOO_CLOSE
    return None


def _next(state: _Series, live: Sequence[Given], on: date, programme: Programme) -> Iterator[Line]:
    """Give the line that comes next; who starts late has as long as who starts on time."""
    line = state.wanted(on)
    if line is None:
        return
    others = [
        dose.day
        for dose in live
        if line.live and dose.vaccine not in state.vaccines and dose.day < on
    ]
    gap = timedelta(days=programme.live_gap)
    opens = max([state.earliest(line), *(day + gap for day in others)])
    due = max(opens, state.born + timedelta(days=line.due))
    overdue = due + timedelta(days=line.overdue - line.due)
    closes = None if line.latest is None else state.born + timedelta(days=line.latest)
    late = closes is not None and opens > closes
    status = Status.MISSED if late else standing(on, due, overdue, closes)
    yield Line(
        line.code, opens, due, overdue, closes, status, programme.schedule.ref,
        series=line.series, vaccines=line.vaccines,
    )  # fmt: skip


def vaccines_of(lines: Sequence[Contact]) -> frozenset[str]:
    """Give the vaccines that meet a series."""
    return frozenset(vaccine for line in lines for vaccine in line.vaccines)


def batches_of(text: str) -> dict[str, str]:
    """Read "BCG 37A, OPV 12": the batch of each vaccine, by its code."""
    pairs = (one.strip().partition(" ") for one in text.split(","))
    return {name.lower(): batch.strip() for name, _, batch in pairs if batch}
