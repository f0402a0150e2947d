"""The words for programmes and their criteria, as families and officers read them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spean.kernel.formats import day, riel
from spean.kernel.policy import TableValue, policy
from spean.payments.queries import is_programme as is_programme
from spean.payments.queries import programme_name as programme_name
from spean.programmes.models import STATES as STATES
from spean.programmes.rules import FOLDER, Soon, State

_PER = {"month": _("a month"), "payment": _("a payment")}
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
    "mother_age": _("The person was of an age to bear a child"),
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


def per(programme: str) -> str | Promise:
    """Give for what a programme's amount is; what is paid when confirmed is so on average."""
    rates = policy.last(f"{FOLDER}{programme}.rates", TableValue)
    return _PER.get(rates.per if rates else "", _("a month on average"))


def why(programme: str, decision: Mapping[str, Any]) -> list[str]:
    """Give in words why a cycle owed a family something: what was confirmed, and what held."""
    confirmed = [
        f"{day(date.fromisoformat(one['on']))}: {KINDS[one['kind']]}, {riel(int(one['amount']))}"
        for one in decision.get("confirmed", ())
    ]
    held = [words for name, words in CRITERIA.items() if decision.get(f"{programme}_{name}")]
    return confirmed + [str(words) for words in held]
