"""What a rule of adjudication is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import ibis.expr.types as ir

Test = Callable[[ir.Table], ir.BooleanValue]


class Effect(StrEnum):
    """What happens to what the rule is about."""

    REJECT = "reject"
    REDUCE = "reduce"
    HOLD = "hold"


class Level(StrEnum):
    """What the rule is about: the whole claim, or one line of it."""

    CLAIM = "claim"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Rule:
    """A named test of one line's facts; where it fires, its effect follows.

    `text` (a msgid) tells the facility what is wrong and what to do. A rule about the claim reads
    columns of the claim only, so that it fires on all of its lines. `policy` is the key of the
    numbers it is held against.
    """

    code: str
    effect: Effect
    text: str
    fires: Test
    level: Level = Level.LINE
    policy: str | None = None
