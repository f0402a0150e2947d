"""Legs, delays and what speaks for or against a vehicle, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spean.referrals.rules import Leg

LEGS: Mapping[Leg, str | Promise] = {
    Leg.DECIDE: _("Deciding to seek care"),
    Leg.DISPATCH: _("Sending a vehicle"),
    Leg.FETCH: _("Reaching the patient"),
    Leg.TRAVEL: _("Bringing the patient"),
    Leg.REACH: _("Reaching care, from the request"),
    Leg.RECEIVE: _("Receiving care"),
}
WAITS_FOR: Mapping[Leg, str | Promise] = {
    Leg.DISPATCH: _("A vehicle is to be sent"),
    Leg.REACH: _("The patient is to arrive"),
    Leg.RECEIVE: _("Care is to take the patient over"),
}
DELAY_OF: Mapping[Leg, str | Promise] = {
    Leg.DECIDE: _("First delay"),
    Leg.REACH: _("Second delay"),
    Leg.RECEIVE: _("Third delay"),
}
AGAINST: Mapping[str, str | Promise] = {
    "ready": _("Not ready"),
    "free": _("On another trip"),
    "way": _("Can't get there today"),
    "crew": _("Nobody is on it"),
    "lying": _("No room to lie down"),
}
