"""Whether somebody is covered on a day, by which schemes, which of them pays first, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from spean.health_equity.rules.schemes import SCHEME_OF, Group, Scheme
from spean.kernel.decisions import Criterion, Decision
from spean.kernel.policy import Policy, TableValue, policy

GROUPS, WAITING, PAYERS = (f"health_equity.{name}" for name in ("groups", "waiting", "payers"))
KIND = "health_equity.cover"


class Outcome(StrEnum):
    """What is found of a person's cover on a day."""

    COVERED = "covered"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a person may be covered: a group to which they belong from `start` until before `end`."""

    group: Group
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """What one scheme says of a person on a day, with the decision that explains it."""

    scheme: Scheme
    group: Group
    outcome: Outcome
    since: date
    until: date | None
    decision: Decision


def covers(grounds: Iterable[Ground], *, on: date, rules: Policy = policy) -> list[Cover]:
    """Say for each scheme with a ground whether it covers on the day, who pays first first.

    Of several grounds of a scheme the best counts. Raises NotInForce before there were schemes.
    """
    groups, waiting, payers = (rules.table(key, on=on) for key in (GROUPS, WAITING, PAYERS))
    best: dict[Scheme, Cover] = {}
    for ground in grounds:
        found = _judge(ground, on, groups, waiting)
        kept = best.get(found.scheme)
        if kept is None or _rank(found) < _rank(kept):
            best[found.scheme] = found
    order = {scheme: payers.cell(scheme, "order") for scheme in best}
    return sorted(best.values(), key=lambda one: (_rank(one)[0], order[one.scheme]))


def payer(found: Sequence[Cover]) -> Cover | None:
    """Give the cover that pays: the first of those that hold, as `covers` gave them."""
    return next((one for one in found if one.outcome is Outcome.COVERED), None)


def _rank(one: Cover) -> tuple[int, int]:
    latest = one.until or date.max
    return list(Outcome).index(one.outcome), -latest.toordinal()


def _judge(ground: Ground, on: date, groups: TableValue, waiting: TableValue) -> Cover:
    scheme = SCHEME_OF[ground.group]
    days = int(waiting.rows.get(ground.group, {}).get("days", 0))
    begins = ground.start + timedelta(days=days)
    listed = ground.start <= on and (ground.end is None or on < ground.end)
    criteria = [
        Criterion(
            "group", bool(groups.cell(ground.group, "covered")), str(ground.group), None, GROUPS
        ),
        Criterion("listed", listed, _days(ground)),
    ]
    if days:
        criteria.append(Criterion("waited", begins <= on, begins.isoformat(), days, WAITING))
    outcome = _outcome(criteria, ground, on)
    facts = {"scheme": str(scheme), "group": str(ground.group)}
    refs = (groups.ref, waiting.ref) if days else (groups.ref,)
    decision = Decision(KIND, str(outcome), on, tuple(criteria), facts, refs)
    return Cover(scheme, ground.group, outcome, ground.start, ground.end, decision)


def _outcome(criteria: Sequence[Criterion], ground: Ground, on: date) -> Outcome:
    if not criteria[0].held:
        return Outcome.NOT_COVERED
    if all(one.held for one in criteria):
        return Outcome.COVERED
    return Outcome.EXPIRED if ground.end is not None and ground.end <= on else Outcome.NOT_YET


def _days(ground: Ground) -> str:
    return f"{ground.start.isoformat()}/{ground.end.isoformat() if ground.end else ''}"


class Finding(StrEnum):
    """What the counter is told, in one word."""

    COVERED = "covered"
    EXPIRED = "expired"
    NOT_COVERED = "not_covered"
    UNCLEAR = "unclear"


def finding(found: Sequence[Cover], *, card_holds: bool | None = None) -> Finding:
    """Give the one word about a person, from what the schemes say and the card that was shown.

    `card_holds` is None where no card was shown. A card that doesn't hold, shown by somebody whom
    the Fund covers, is unclear: the family has a newer card, or this one was withdrawn.
    """
    first = payer(found)
    if first is None:
        past = any(one.outcome is Outcome.EXPIRED for one in found)
        return Finding.EXPIRED if past else Finding.NOT_COVERED
    if card_holds is False and first.scheme is Scheme.HEF:
        return Finding.UNCLEAR
    return Finding.COVERED
