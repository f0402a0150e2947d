"""One household's row of results as decisions that explain themselves."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from spean.kernel.decisions import Criterion, Decision
from spean.programmes.rules.members import STAGES
from spean.programmes.rules.shapes import Programme

FACTS = ("status", "area_class", "village", "members", "vulnerable", "pregnant", "infant",
         "members_disabled", "members_60_and_over",
         *(f"of_age_for_{stage}" for stage in STAGES))  # fmt: skip
_FACT_OF = {"level": "status", "area": "area_class", "hit": "village"}


def decisions(row: Mapping[str, Any], running: Sequence[Programme], on: date) -> list[Decision]:
    """Give one household's row of results as decisions that explain themselves."""
    found = []
    for programme in running:
        prefix = f"{programme.code}_"
        names = [n.removeprefix(prefix) for n in row if n.startswith(prefix)]
        criteria = [
            Criterion(
                name, bool(row[prefix + name]), _fact(name, row), None, programme.policies[0].key
            )
            for name in names
            if name != "amount"
        ]
        amount = row[f"{prefix}amount"]
        found.append(
            Decision(
                kind=f"programmes.{programme.code}",
                outcome="entitled" if amount is not None else "not_entitled",
                on=on,
                criteria=tuple(criteria),
                facts={"amount": amount, **{n: row[n] for n in FACTS}},
                policies=tuple(value.ref for value in programme.policies),
            )
        )
    return found


def _fact(criterion: str, row: Mapping[str, Any]) -> Any:
    return row.get(_FACT_OF.get(criterion, ""))
