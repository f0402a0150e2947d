"""What follows from what a contact finds: the rows of a decision table that fire. Advice only."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from spean.kernel.decisions import Criterion, Decision
from spean.kernel.policy import DecisionRow, DecisionTable, Policy, policy

URGENCIES = ("refer_now", "refer", "treat", "counsel")
ABSENT = "absent"
Found = int | bool | str | Sequence[str] | None


def table_of(name: str, *, on: date, rules: Policy = policy) -> DecisionTable:
    """Give the decision table for a kind of contact. Raises NotInForce."""
    return rules.decisions(f"maternal_child.decisions.{name}", on=on)


def fired(table: DecisionTable, facts: Mapping[str, Found]) -> Iterator[DecisionRow]:
    """Give the rows of which every condition holds."""
    for row in table.rows:
        if all(holds(condition, facts.get(fact)) for fact, condition in row.when.items()):
            yield row


def holds(condition: str, found: Found) -> bool:
    """Say whether a condition holds of what was found; what was not looked at is only absent."""
    if found is None or found == "":
        return condition == ABSENT
    if isinstance(found, bool):
        return condition == ("yes" if found else "no")
    if isinstance(found, int):
        least, between, most = condition.partition("..")
        return bool(between) and int(least or found) <= found <= int(most or found)
    return condition == found if isinstance(found, str) else condition in found


def decide(name: str, facts: Mapping[str, Found], *, on: date, rules: Policy = policy) -> Decision:
    """Say what follows, the most urgent first, and why. Raises NotInForce."""
    table = table_of(name, on=on, rules=rules)
    rows = sorted(fired(table, facts), key=lambda row: URGENCIES.index(row.urgency))
    return Decision(
        kind=f"maternal_child.{name}",
        outcome=rows[0].urgency if rows else "none",
        on=on,
        criteria=tuple(Criterion(row.code, True, policy=table.key) for row in rows),
        facts={fact: found for fact, found in facts.items() if found not in (None, "", [])},
        policies=(table.ref,),
    )
