"""The national expression: members counted, households scored, entitlements worked out.

It reads the two tables of a snapshot, or two tables of one family, and is the only place where
the scorecard of `targeting` and the terms of the programmes meet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import ibis
import ibis.expr.types as ir

from spean.kernel.policy import NotInForce, Policy, Scorecard, TableValue, policy
from spean.programmes.rules import (
    COLUMN,
    FACTS,
    Minimum,
    Programme,
    entitle,
    minimum_on,
    programmes,
    with_counts,
    with_minimum,
)
from spean.targeting import queries as targeting

DRAFT = "draft_"
MEMBER_KINDS = "programmes.member_kinds"
HOUSEHOLDS = {
    "household": "int32",
    "village": "string",
    "area_class": "string",
    "status": "string",
}
PEOPLE = {
    "household": "int32",
    "sex": "string",
    "birth_date": "date",
    "relation": "string",
    "disabled": "boolean",
    "pregnant": "boolean",
}
KEPT = ("household", *FACTS, "points", "level")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a run is held against: the day, the places struck, scorecard and programmes in force.

    `minimum` only where it is asked for, or a programme pays a part of it.
    """

    on: date
    hit: tuple[str, ...]
    card: Scorecard
    kinds: TableValue
    programmes: tuple[Programme, ...]
    policy_version: str
    minimum: Minimum | None = None

    @property
    def with_minimum(self) -> "Terms":
        """The same, with each household's minimum expenditure, if there was one on the day."""
        try:
            return replace(self, minimum=minimum_on(self.on))
        except NotInForce:
            return self

    @property
    def reads(self) -> dict[str, dict[str, str]]:
        """The columns that the expression reads, by table."""
        asked = {q.code: "string" for q in self.card.questions if not q.derived}
        return {"households": HOUSEHOLDS | asked, "people": dict(PEOPLE)}


_struck: list[Callable[[date], Sequence[str]]] = []


def install_struck(struck: Callable[[date], Sequence[str]]) -> None:
    """Let a module above say which places a shock has struck, so that families there are owed."""
    _struck[:] = [struck]


def struck(on: date) -> tuple[str, ...]:
    """Give the places that approved plans say a shock has struck on a day."""
    return tuple(place for find in _struck for place in find(on))


def terms(on: date, *, hit: Sequence[str] = (), rules: Policy = policy) -> Terms:
    """Give the terms in force on a day; `struck` says which places are hit, by what is on record.

    Raises NotInForce before there was a scorecard, or a minimum of which a programme pays a part.
    """
    running = programmes(on, hit=hit, rules=rules)
    return Terms(
        on=on,
        hit=tuple(hit),
        card=targeting.scorecard(on=on),
        kinds=rules.table(MEMBER_KINDS, on=on),
        programmes=running,
        policy_version=rules.version(),
        minimum=minimum_on(on, rules) if any(one.needs_minimum for one in running) else None,
    )


def side_by_side(now: Terms, draft: Terms) -> Terms:
    """Give terms that hold both: the columns of the draft's programmes begin with DRAFT."""
    drafted = (replace(one, code=f"{DRAFT}{one.code}") for one in draft.programmes)  # type: ignore[type-var]
    return replace(now, programmes=(*now.programmes, *drafted)).with_minimum


def determination(households: ir.Table, people: ir.Table, held: Terms) -> ir.Table:
    """Give one row a household: points, level by score, each programme's criteria and amount."""
    answered = targeting.points_of_answers(households, held.card).select(
        *HOUSEHOLDS, "points_asked"
    )
    stages = any(one.counts_stages for one in held.programmes)
    counted = with_counts(answered, people, held.kinds, held.on, stages=stages)
    if held.minimum:
        counted = with_minimum(counted, people, held.minimum, held.on)
    scored = targeting.score(counted, held.card)
    entitled = entitle(scored, held.programmes)
    added = [n for n in entitled.columns if n.startswith(tuple(p.code for p in held.programmes))]
    kept = (*KEPT, COLUMN) if held.minimum else KEPT
    return entitled.select(*kept, *added).mutate(policy_version=ibis.literal(held.policy_version))


def compiled(held: Terms, dialect: str = "duckdb") -> str:
    """Give the national expression as SQL over `households` and `people`."""
    households, people = (ibis.table(held.reads[n], name=n) for n in ("households", "people"))
    return str(ibis.to_sql(determination(households, people, held), dialect=dialect))
