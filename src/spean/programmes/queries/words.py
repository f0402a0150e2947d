"""The names of the programmes and of their criteria, as families and officers read them."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spean.programmes.models import STATES
from spean.programmes.rules import Soon, State

NAMES = {
    "covid_cash_transfer": _("COVID-19 cash transfer"),
    "flood_cash_transfer": _("Flood cash transfer"),
    "inflation_cash_transfer": _("Inflation cash transfer"),
    "shock_top_up": _("Top-up in a shock"),
    "maternal_grant": _("Grant for mothers and children"),
    "disability_allowance": _("Disability allowance"),
    "elderly_allowance": _("Allowance for the old"),
}
PER = {
    "covid_cash_transfer": _("a month"),
    "flood_cash_transfer": _("a month"),
    "inflation_cash_transfer": _("a payment"),
    "shock_top_up": _("a month"),
    "maternal_grant": _("a contact"),
    "disability_allowance": _("a month"),
    "elderly_allowance": _("a month"),
}
CRITERIA = {
    "level": _("The household's poverty level takes part"),
    "area": _("The kind of area of the village is known"),
    "hit": _("The village was struck by the shock"),
    "member": _("A member of the kind that is supported lives there"),
}


class Reason(StrEnum):
    """Why a household came into a state, where no person wrote it."""

    ENTITLED = "entitled"
    NOT_ENTITLED = "not_entitled"
    REVIEWED = "reviewed"
    ASKED = "asked"


REASONS: Mapping[str, str | Promise] = {
    Reason.ENTITLED: _("The nation's results owe it this programme"),
    Reason.NOT_ENTITLED: _("The nation's results owe it nothing any more"),
    Reason.REVIEWED: _("The list of its area was reviewed"),
    Reason.ASKED: _("The family asked"),
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
__all__ = ["CRITERIA", "MOVES", "NAMES", "PER", "REACHED", "REASONS", "SOON", "STATES", "Reason"]
