"""What is paid once it is confirmed: a contact with a health centre, a month of school, a support.

A facility confirms what it saw, and the rules of that day say what it is worth. The same limits
give the nation's results what falls due on the average of a month (`MemberGrant`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from spean.kernel.decisions import Criterion, Decision
from spean.kernel.periods import add_months, age_on, last_birth_of_age
from spean.kernel.policy import InForce, Policy, TableValue, policy
from spean.programmes.rules.entitlements import average, in_force
from spean.programmes.rules.members import STAGES, ages_of

ANTENATAL, DELIVERY, AFTER_BIRTH, SUPPORT = (
    "antenatal_visit",
    "delivery",
    "after_birth",
    "household",
)
CONFIRMED: Mapping[str, tuple[str, ...]] = {
    "maternal_grant": (ANTENATAL, DELIVERY, AFTER_BIRTH),
    "scholarship": STAGES,
    "base_support": (SUPPORT,),
}
CONFIDENTIAL = ("base_support",)  # who gets it would tell of an illness
MONTHLY = STAGES  # confirmed for a month, by its first day
STANDING = (SUPPORT,)  # paid in every cycle until it must be confirmed again
HELD_BACK = 2  # years
ATTENDANCE, KINDS = "programmes.scholarship.attendance", "programmes.member_kinds"


@dataclass(frozen=True, slots=True)
class Happened:
    """What a facility saw: the kind (a row of the programme's rates), the day, how many babies.

    `on` is the first day of a month of school, of which `attendance` percent were attended.
    """

    kind: str
    on: date
    babies: int = 1
    attendance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Whom:
    """The person whom a confirmation is about."""

    sex: str
    birth_date: date
    death_date: date | None = None


@dataclass(frozen=True, slots=True)
class Confirmable:
    """What a programme pays once it is confirmed, by the values of a day."""

    rates: TableValue
    levels: TableValue
    limits: TableValue
    on: date
    rules: Policy

    @classmethod
    def of(cls, programme: str, on: date, rules: Policy = policy) -> "Confirmable":
        """Give the terms of a programme on a day. Raises NotInForce."""
        rates, levels, limits = (
            rules.table(f"programmes.{programme}.{name}", on=on)
            for name in ("rates", "levels", "limits")
        )
        return cls(rates, levels, limits, on, rules)

    def until(self, kind: str) -> date | None:
        """Give the first day on which what stands must be confirmed again; None for one event."""
        if kind not in STANDING:
            return None
        return add_months(self.on, int(self.limits.cell(kind, "months")))

    def a_month(self, kind: str) -> int:
        """Give the riel that fall due on the average of a month, for whom it can happen to."""
        return average(self.rates, self.limits, kind)

    def worth(self, what: Happened) -> int:
        """Give the riel that it is worth where every criterion holds."""
        row = self.rates.rows[what.kind]
        return int(row["each"] + row.get("baby", 0) * what.babies)


def paid_when_confirmed(on: date, rules: Policy = policy) -> list[str]:
    """Give the programmes in force on a day that pay for what is confirmed."""
    return [code for code in CONFIRMED if in_force(f"{code}.rates", on, rules)]


def ages_for_school(on: date, rules: Policy = policy) -> tuple[date, date]:
    """Give the last birth date of who is of age for school on a day, and the last of who is past.

    Whoever is held back stays in school: two years are added (ASSUMED).
    """
    kinds = rules.table(KINDS, on=on)
    first, _ = ages_of(kinds, STAGES[0])
    _, end = ages_of(kinds, STAGES[-1])
    return last_birth_of_age(first, on), last_birth_of_age(end + HELD_BACK, on)


def decide(
    programme: str, what: Happened, *, whom: Whom | None, level: str | None,
    others: Sequence[Happened], rules: Policy = policy,
) -> Decision:  # fmt: skip
    """Say what something confirmed is worth, and why.

    `level` is the household's on that day; `others` is what is paid, or will be, for the same
    person (or household). Raises NotInForce on a day before the programme began.
    """
    terms = Confirmable.of(programme, what.on, rules)
    criteria = tuple(_criteria(what, whom, level, others, terms))
    held = all(one.held for one in criteria)
    used = (terms.rates, terms.levels, terms.limits, *_more(what.kind, terms))
    return Decision(
        kind=f"programmes.{programme}",
        outcome="entitled" if held else "not_entitled",
        on=what.on,
        criteria=criteria,
        facts={"amount": terms.worth(what) if held else None, "kind": what.kind, "status": level},
        policies=tuple(value.ref for value in used),
    )


def _criteria(
    what: Happened,
    whom: Whom | None,
    level: str | None,
    others: Sequence[Happened],
    terms: Confirmable,
) -> Iterator[Criterion]:
    takes_part = level in terms.levels.rows and bool(terms.levels.cell(str(level), "eligible"))
    yield Criterion("level", takes_part, level, None, terms.levels.key)
    if whom is not None:
        yield Criterion("living", whom.death_date is None or what.on <= whom.death_date)
        yield from (fits(what, whom, terms) for fits in _FITS.get(what.kind, ()))
    if what.kind in MONTHLY:
        least = terms.rules.value(ATTENDANCE, on=what.on)
        enough = what.attendance is not None and what.attendance >= least.value
        yield Criterion("attendance", enough, str(what.attendance), str(least.value), least.key)
    most = int(terms.limits.cell(what.kind, "most"))
    seen = _of_one_time(what, others, int(terms.limits.cell(what.kind, "months")))
    if what.kind not in STANDING:
        yield Criterion("not_too_often", seen < most, seen, most, terms.limits.key)


def _woman(what: Happened, whom: Whom, terms: Confirmable) -> Criterion:
    return Criterion("woman", whom.sex == "female", whom.sex)


def _of_age(what: Happened, whom: Whom, terms: Confirmable) -> Criterion:
    first, end = ages_of(terms.rules.table(KINDS, on=what.on), "mother")
    age = age_on(whom.birth_date, what.on)
    return Criterion("mother_age", first <= age < end, age, end - 1, KINDS)


def _infant(what: Happened, whom: Whom, terms: Confirmable) -> Criterion:
    first, end = ages_of(terms.rules.table(KINDS, on=what.on), "infant")
    age = age_on(whom.birth_date, what.on)
    return Criterion("infant", first <= age < end, age, end - 1, KINDS)


_MOTHER = (_woman, _of_age)
_FITS: Mapping[str, Sequence[Callable[[Happened, Whom, Confirmable], Criterion]]] = {
    ANTENATAL: _MOTHER, DELIVERY: _MOTHER, AFTER_BIRTH: (_infant,),
}  # fmt: skip


def _more(kind: str, terms: Confirmable) -> Iterator[InForce]:
    if kind in MONTHLY:
        yield terms.rules.value(ATTENDANCE, on=terms.on)
    if kind in _FITS:
        yield terms.rules.table(KINDS, on=terms.on)


def _of_one_time(what: Happened, others: Sequence[Happened], months: int) -> int:
    """Count what is of the same time: not so many months apart, and no delivery in between.

    Later ones count too, so that nothing is gained by the order in which they are written down.
    Stages of school are of one time: nobody goes to two schools.
    """
    kinds = STAGES if what.kind in STAGES else (what.kind,)
    births = [one.on for one in others if one.kind == DELIVERY]
    pairs = [sorted((what.on, one.on)) for one in others if one.kind in kinds]
    return sum(
        later < add_months(earlier, months)
        and not (what.kind == ANTENATAL and any(earlier < birth <= later for birth in births))
        for earlier, later in pairs
    )
