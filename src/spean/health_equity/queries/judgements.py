"""A judgement in words: what each rule says, and the policy with its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spean.health_equity.models import Adjudication, Claim, ClaimLine
from spean.health_equity.rules import Scheme
from spean.health_equity.rules.adjudication import RULES, Effect, Level
from spean.health_equity.rules.adjudication.facility import FEES
from spean.health_equity.rules.fees import FEES_OF
from spean.kernel.decisions import PolicyRef
from spean.kernel.policy import NotInForce, policy

EFFECTS: Mapping[Effect, str | Promise] = {
    Effect.REJECT: _("Rejected"),
    Effect.REDUCE: _("Reduced"),
    Effect.HOLD: _("Held back"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that fired: its code, what it does, its text (a msgid), and the policy behind it."""

    code: str
    effect: Effect
    text: str
    source: PolicyRef | None

    @property
    def said(self) -> str | Promise:
        """What the rule does, in a word."""
        return EFFECTS[self.effect]


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A line of a claim as it was judged: the quantity allowed, the riel, and why."""

    line: ClaimLine
    allowed: int
    amount: int
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class Explained:
    """A judgement line by line, and the reasons that are about the whole claim."""

    judgement: Adjudication
    reasons: Sequence[Reason]
    lines: Sequence[JudgedLine]


def explained(claim: Claim, judgement: Adjudication) -> Explained:
    """Put a judgement of a claim into words, each reason with the policy of its day."""
    of: Mapping[int, Any] = {one["place"]: one for one in judgement.lines}
    lines = [
        JudgedLine(line, of[line.place]["quantity"], of[line.place]["amount"],
                   [_reason(code, claim, line.on) for code in of[line.place]["codes"]])
        for line in claim.lines.order_by("place")
    ]  # fmt: skip
    about_claim = [code for code in judgement.codes if RULES[code].level is Level.CLAIM]
    return Explained(
        judgement, [_reason(code, claim, claim.left_on) for code in about_claim], lines
    )


def _reason(code: str, claim: Claim, on: date) -> Reason:
    rule = RULES[code]
    return Reason(code, rule.effect, rule.text, _source(rule.policy, claim.scheme, on))


def _source(key: str | None, scheme: str, on: date) -> PolicyRef | None:
    if key is None:
        return None
    try:
        return policy.table(FEES_OF[Scheme(scheme)] if key == FEES else key, on=on).ref
    except NotInForce:
        return None
