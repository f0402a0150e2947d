"""Whether the patient is known, was covered on the day, and can have had the service."""

import ibis
import ibis.expr.types as ir

from spean.health_equity.rules.adjudication.rule import Effect, Level, Rule
from spean.health_equity.rules.cover import GROUPS, PAYERS, WAITING
from spean.kernel.errors import N_

WOMEN, AGES = "health_equity.women_only", "health_equity.ages"


def _uncovered(t: ir.Table) -> ir.BooleanValue:
    return t.person.notnull() & ~t.covered


def _born_unlike(t: ir.Table) -> ir.BooleanValue:
    """Compare only as much of the birth date as the registry knows."""
    claimed, known = t.birth_date, t.registered_birth
    year = claimed.year() != known.year()
    month = year | (claimed.month() != known.month())
    return ibis.cases(
        (t.birth_precision == "exact", claimed != known),
        (t.birth_precision == "month", month),
        (t.birth_precision == "year", year),
        else_=False,
    )


def _sex(t: ir.Table) -> ir.StringValue:
    return ibis.coalesce(t.registered_sex, t.sex)


PERSON = (
    Rule(
        "person_unknown", Effect.REJECT,
        N_("The patient was not found in the registry. "
           "Withdraw the claim and send it again with the number of the card."),
        lambda t: t.person.isnull(), Level.CLAIM,
    ),
    Rule(
        "not_covered", Effect.REJECT,
        N_("The scheme did not cover the patient on the day of the service."),
        lambda t: _uncovered(t) & ~t.ended & ~t.waiting, policy=GROUPS,
    ),
    Rule(
        "cover_ended", Effect.REJECT,
        N_("The patient's cover had ended before the day of the service."),
        lambda t: _uncovered(t) & t.ended & ~t.waiting, policy=GROUPS,
    ),
    Rule(
        "waiting_period", Effect.REJECT,
        N_("The patient had joined the scheme, but care was not paid for yet."),
        lambda t: _uncovered(t) & t.waiting, policy=WAITING,
    ),
    Rule(
        "other_payer_first", Effect.REJECT,
        N_("Another scheme of the patient pays first. Claim it there."),
        lambda t: t.covered & (t.order_first < t.order_own), policy=PAYERS,
    ),
    Rule(
        "before_birth", Effect.REJECT,
        N_("The day of the service lies before the patient's birth."),
        lambda t: t.on < ibis.coalesce(t.registered_birth, t.birth_date),
    ),
    Rule(
        "after_death", Effect.REJECT,
        N_("The day of the service lies after the patient's death."),
        lambda t: (t.on > t.death_date) & (t.service != "funeral"),
    ),
    Rule(
        "wrong_sex", Effect.REJECT,
        N_("This service is for women, and the patient is a man."),
        lambda t: t.women_only & (_sex(t) == "male"), policy=WOMEN,
    ),
    Rule(
        "too_young", Effect.REJECT,
        N_("The patient was too young for this service."),
        lambda t: t.age < t.youngest, policy=AGES,
    ),
    Rule(
        "too_old", Effect.REJECT,
        N_("The patient was too old for this service."),
        lambda t: t.age > t.oldest, policy=AGES,
    ),
    Rule(
        "birth_date_differs", Effect.HOLD,
        N_("The date of birth on the claim is not the registry's. "
           "A reviewer finds out whether it is the same person."),
        _born_unlike, Level.CLAIM,
    ),
    Rule(
        "sex_differs", Effect.HOLD,
        N_("The sex on the claim is not the registry's. "
           "A reviewer finds out whether it is the same person."),
        lambda t: (t.sex != "") & (t.sex != t.registered_sex), Level.CLAIM,
    ),
)  # fmt: skip
