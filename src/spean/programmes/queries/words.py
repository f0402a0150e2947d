"""The names of the programmes and of their criteria, as families and officers read them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spean.kernel.formats import day, riel
from spean.programmes.models import STATES as STATES
from spean.programmes.rules import Soon, State

NAMES = {
    "covid_cash_transfer": _("COVID-19 cash transfer"),
    "flood_cash_transfer": _("Flood cash transfer"),
    "inflation_cash_transfer": _("Inflation cash transfer"),
    "shock_top_up": _("Top-up in a shock"),
    "shock_expansion": _("More of other programmes in a shock"),
    "maternal_grant": _("Grant for mothers and children"),
    "disability_allowance": _("Disability allowance"),
    "elderly_allowance": _("Allowance for the old"),
    "scholarship": _("Scholarship"),
    "base_support": _("Base support"),
}
PER = {
    "covid_cash_transfer": _("a month"),
    "flood_cash_transfer": _("a month"),
    "inflation_cash_transfer": _("a payment"),
    "shock_top_up": _("a month"),
    "shock_expansion": _("a month"),
    "maternal_grant": _("a month on average"),
    "disability_allowance": _("a month"),
    "elderly_allowance": _("a month"),
    "scholarship": _("a month on average"),
    "base_support": _("a month"),
}
KINDS = {
    "antenatal_visit": _("Antenatal visit"),
    "delivery": _("Delivery in a facility"),
    "after_birth": _("Contact of the child after birth"),
    "primary": _("Primary school"),
    "lower_secondary": _("Lower secondary school"),
    "upper_secondary": _("Upper secondary school"),
    "household": _("Support of the family"),
}
CRITERIA = {
    "level": _("The household's poverty level takes part"),
    "area": _("The kind of area of the village is known"),
    "hit": _("The shock struck the family, and it was not left out"),
    "reached": _("One of these programmes reaches the family"),
    "member": _("A member of the kind that is supported lives there"),
    "woman": _("The person is a woman"),
    "infant": _("The child was under two on the day"),
    "living": _("The person was alive on the day"),
    "attendance": _("Enough days of school were attended"),
    "not_too_often": _("It is not paid more often than the programme says"),
}


class Reason(StrEnum):
    """Why a household came into a state, where no person wrote it."""

    ENTITLED = "entitled"
    NOT_ENTITLED = "not_entitled"
    REVIEWED = "reviewed"
    ASKED = "asked"
    CONFIRMED = "confirmed"


REASONS: Mapping[str, str | Promise] = {
    Reason.ENTITLED: _("The nation's results owe it this programme"),
    Reason.NOT_ENTITLED: _("The nation's results owe it nothing any more"),
    Reason.REVIEWED: _("The list of its area was reviewed"),
    Reason.ASKED: _("The family asked"),
    Reason.CONFIRMED: _("Something that it pays for was confirmed"),
}
MOVES = {
    State.CANDIDATE: _("Hear the family again: candidate"),
    State.ENROLLED: _("Enrol"),
    State.REFUSED: _("Refuse"),
    State.SUSPENDED: _("Suspend"),
    State.EXITED: _("End the enrolment"),
}
SOON = {
    Soon.A_DAY: _("Within a day"),
    Soon.THREE_DAYS: _("Two or three days"),
    Soon.A_WEEK: _("Four to seven days"),
    Soon.TWO_WEEKS: _("Eight to fourteen days"),
    Soon.LATER: _("More than fourteen days"),
    Soon.NOT_YET: _("No money yet"),
}
REACHED = {
    "entitled": _("Entitled by the last results"),
    "enrolled": _("Enrolled"),
    "owed": _("Owed by the last cycle"),
    "paid": _("Paid in the last cycle"),
}


def why(programme: str, decision: Mapping[str, Any]) -> list[str]:
    """Give in words why a cycle owed a family something: what was confirmed, and what held."""
    confirmed = [
        f"{day(date.fromisoformat(one['on']))}: {KINDS[one['kind']]}, {riel(int(one['amount']))}"
        for one in decision.get("confirmed", ())
    ]
    held = [words for name, words in CRITERIA.items() if decision.get(f"{programme}_{name}")]
    return confirmed + [str(words) for words in held]
