"""All the rules, and what comes of them: an expression over the facts of any number of claims."""

from collections.abc import Iterable, Mapping
from functools import cache

import ibis
import ibis.expr.types as ir

from spean.health_equity.rules.adjudication.care import CARE
from spean.health_equity.rules.adjudication.facility import FACILITY
from spean.health_equity.rules.adjudication.facts import FACTS
from spean.health_equity.rules.adjudication.history import HISTORY
from spean.health_equity.rules.adjudication.money import CEILING, MONEY, unpaid, year_left
from spean.health_equity.rules.adjudication.person import PERSON
from spean.health_equity.rules.adjudication.rule import Effect, Rule

BEFORE = (*FACILITY, *PERSON, *CARE, *HISTORY, *MONEY)
RULES: Mapping[str, Rule] = {rule.code: rule for rule in (*BEFORE, *CEILING)}


def judge(facts: ir.Table) -> ir.Table:
    """Give for each line: a column for each rule that looks at it alone, whether it fired; the
    quantity `allowed`, the riel `line_priced` before ceilings, and whether it is `held`.
    """
    fired = facts.mutate(**_fired(facts, BEFORE))
    rejected = ibis.or_(*(fired[r.code] for r in BEFORE if r.effect is Effect.REJECT))
    allowed = fired.quantity_over.ifelse(fired.most_quantity, fired.quantity)
    asked = fired.quantity_over.ifelse(fired.asked * allowed // fired.quantity, fired.asked)
    return fired.mutate(
        allowed=rejected.ifelse(0, allowed),
        line_priced=rejected.ifelse(0, ibis.least(asked, unpaid(fired, allowed))),
        held=~rejected & ibis.or_(*(fired[r.code] for r in BEFORE if r.effect is Effect.HOLD)),
    )


def limit(lines: ir.Table) -> ir.Table:
    """Add the ceilings' columns, and the riel `paid` were the claim not held: a claim that is above
    a ceiling is cut from its last line on.
    """
    whole = ibis.window(group_by="claim")
    until = ibis.window(group_by="claim", order_by="place", preceding=None, following=0)
    summed = lines.mutate(
        priced=lines.line_priced.sum().over(whole).cast("int64"),
        earlier=lines.line_priced.sum().over(until).cast("int64") - lines.line_priced,
    )
    ceiling = ibis.least(
        ibis.coalesce(summed.claim_ceiling, summed.priced),
        ibis.coalesce(year_left(summed), summed.priced),
    )
    paid = ibis.greatest(ibis.least(summed.line_priced, ceiling - summed.earlier), 0)
    return summed.mutate(paid=paid, **_fired(summed, CEILING))


def _fired(table: ir.Table, rules: Iterable[Rule]) -> dict[str, ir.BooleanValue]:
    return {rule.code: rule.fires(table).fill_null(False) for rule in rules}


@cache
def compiled(dialect: str = "postgres") -> str:
    """Give the judgement as SQL over a relation `facts` of the columns of FACTS.

    The first half is kept before the second reads it, so that no rule is worked out twice.
    """
    judged = judge(ibis.table(dict(FACTS), name="facts"))
    limited = limit(ibis.table(judged.schema(), name="judged"))
    first, second = (ibis.to_sql(one, dialect=dialect) for one in (judged, limited))
    return f"WITH judged AS MATERIALIZED ({first}) {second}"
