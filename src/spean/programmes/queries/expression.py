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
    Strike,
    entitle,
    minimum_on,
    programmes,
    strikes,
    with_counts,
    with_minimum,
)
from spean.targeting import queries as targeting

# How DuckDB is set for this expression. By its guess of the rows it would build its hash table of
# the households; that of the counts joined to them is narrower: a tenth less time for the nation.
# And it would build a filter of all households to read fewer, but each of them has members.
ENGINE = {"disabled_optimizers": "build_side_probe_side,join_filter_pushdown"}
DRAFT = "draft_"
NOT_POOR = "not_poor"
DRAFT_STATUS, DRAFT_MINIMUM = f"{DRAFT}status", f"{DRAFT}{COLUMN}"
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
    """What a run is held against: the day, who was struck, scorecard and programmes in force.

    `minimum` only where it is asked for, or a programme pays a part of it. With `draft_card`, the
    draft's programmes are held against the level that this other scorecard gives; with
    `draft_minimum`, they pay a part of this other minimum.
    """

    on: date
    hit: tuple[Strike, ...]
    card: Scorecard
    kinds: TableValue
    programmes: tuple[Programme, ...]
    policy_version: str
    minimum: Minimum | None = None
    draft_card: Scorecard | None = None
    draft_minimum: Minimum | None = None
    rules: Policy = policy

    @property
    def with_minimum(self) -> "Terms":
        """The same, with each household's minimum expenditure, if there was one on the day."""
        try:
            return replace(self, minimum=minimum_on(self.on, self.rules))
        except NotInForce:
            return self

    @property
    def minimums(self) -> dict[str, Minimum]:
        """The minimums that are worked out, by their column."""
        both = {COLUMN: self.minimum, DRAFT_MINIMUM: self.draft_minimum}
        return {column: one for column, one in both.items() if one}

    @property
    def drafted(self) -> dict[str, str]:
        """The columns in whose place the draft's programmes have others."""
        both = {"status": (DRAFT_STATUS, self.draft_card),
                COLUMN: (DRAFT_MINIMUM, self.draft_minimum)}  # fmt: skip
        return {column: other for column, (other, drafted) in both.items() if drafted}

    @property
    def reads(self) -> dict[str, dict[str, str]]:
        """The columns that the expression reads, by table."""
        asked = {q.code: "string" for q in self.card.questions if not q.derived}
        return {"households": self.homes | asked, "people": dict(PEOPLE)}

    @property
    def homes(self) -> dict[str, str]:
        """The columns of a household besides its answers; its number where families are named."""
        named = any(one.names_families for one in self.hit)
        return HOUSEHOLDS | ({"household_id": "string"} if named else {})


_struck: list[Callable[[date], Sequence[Strike]]] = []


def install_struck(struck: Callable[[date], Sequence[Strike]]) -> None:
    """Let a module above say whom shocks have struck, so that those families are owed."""
    _struck[:] = [struck]


def struck(on: date) -> tuple[Strike, ...]:
    """Give whom shocks have struck on a day, by approved plans."""
    return tuple(one for find in _struck for one in find(on))


def terms(on: date, *, hit: Sequence[str | Strike] = (), rules: Policy = policy) -> Terms:
    """Give the terms in force on a day; `struck` says who is hit, by what is on record.

    Raises NotInForce before there was a scorecard, or a minimum of which a programme pays a part.
    """
    struck_by = strikes(hit)
    running = programmes(on, hit=struck_by, rules=rules)
    return Terms(
        on=on,
        hit=struck_by,
        card=targeting.scorecard(on=on, rules=rules),
        kinds=rules.table(MEMBER_KINDS, on=on),
        programmes=running,
        policy_version=rules.version(),
        minimum=minimum_on(on, rules) if any(one.needs_minimum for one in running) else None,
        rules=rules,
    )


def side_by_side(now: Terms, draft: Terms) -> Terms:
    """Give terms that hold both: the columns of the draft's programmes begin with DRAFT."""
    now, draft = now.with_minimum, draft.with_minimum
    drafted = (replace(one, code=f"{DRAFT}{one.code}") for one in draft.programmes)  # type: ignore[type-var]
    return replace(
        now, programmes=(*now.programmes, *drafted), hit=(*now.hit, *draft.hit),
        draft_card=draft.card if draft.card != now.card else None,
        draft_minimum=draft.minimum if draft.minimum != now.minimum else None,
    )  # fmt: skip


def determination(households: ir.Table, people: ir.Table, held: Terms) -> ir.Table:
    """Give one row a household: points, level by score, each programme's criteria and amount."""
    answered = _answered(households, held)
    stages = any(one.counts_stages for one in held.programmes)
    counted = with_counts(answered, people, held.kinds, held.on, stages=stages)
    if held.minimums:
        counted = with_minimum(counted, people, held.minimums, held.on)
    entitled = _entitled(_scored(counted, held), held)
    added = [n for n in entitled.columns if n.startswith(tuple(p.code for p in held.programmes))]
    more = [*held.minimums, *([DRAFT_STATUS] if held.draft_card else [])]
    return entitled.select(*KEPT, *more, *added).mutate(
        policy_version=ibis.literal(held.policy_version)
    )


def _answered(households: ir.Table, held: Terms) -> ir.Table:
    """Give the points of what was answered, and those that a drafted scorecard gives for it."""
    kept = [*held.homes, "points_asked"]
    if held.draft_card:
        households = targeting.points_of_answers(households, held.draft_card)
        households = households.mutate(draft_asked=households.points_asked)
        kept.append("draft_asked")
    return targeting.points_of_answers(households, held.card).select(*kept)


def _scored(counted: ir.Table, held: Terms) -> ir.Table:
    """Add points and level; for a drafted scorecard, the status that a household would have.

    Whose status on record is the level of its score goes to the level that the draft gives. Any
    other status stays: what villages and councils decided otherwise is not undone.
    """
    if not held.draft_card:
        return targeting.score(counted, held.card)
    swapped = counted.mutate(points_asked=counted.draft_asked, now_asked=counted.points_asked)
    other = targeting.score(swapped, held.draft_card)
    both = other.select(
        *(name for name in counted.columns if name != "points_asked"),
        points_asked=other.now_asked, draft_level=other.level,
    )  # fmt: skip
    scored = targeting.score(both, held.card)
    by_score = (scored.status.fill_null(NOT_POOR) == scored.level).fill_null(False)
    return scored.mutate(**{DRAFT_STATUS: by_score.ifelse(scored.draft_level, scored.status)})


def _entitled(scored: ir.Table, held: Terms) -> ir.Table:
    """Entitle; the draft's programmes read what the draft gives for status and minimum."""
    if not held.drafted:
        return entitle(scored, held.programmes)
    now = [one for one in held.programmes if not one.code.startswith(DRAFT)]
    then = [one for one in held.programmes if one.code.startswith(DRAFT)]
    aside = {column: f"now_{column}" for column in held.drafted if column in scored.columns}
    kept = scored.mutate(**{name: scored[column] for column, name in aside.items()})
    swapped = kept.mutate(**{column: kept[other] for column, other in held.drafted.items()})
    drafted = entitle(swapped, then)
    return entitle(drafted.mutate(**{c: drafted[name] for c, name in aside.items()}), now)


def compiled(held: Terms, dialect: str = "duckdb") -> str:
    """Give the national expression as SQL over `households` and `people`."""
    households, people = (ibis.table(held.reads[n], name=n) for n in ("households", "people"))
    return str(ibis.to_sql(determination(households, people, held), dialect=dialect))
