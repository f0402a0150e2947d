"""What the counter reads about cover, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spean.health_equity.rules import Finding, Outcome


@dataclass(frozen=True, slots=True)
class Words:
    """A finding in a word or two, and what to do now."""

    title: str | Promise
    advice: str | Promise


FINDINGS: Mapping[Finding, Words] = {
    Finding.COVERED: Words(
        _("Covered"), _("Ask the patient for no fee. Compare name and age, then record the visit.")
    ),
    Finding.EXPIRED: Words(
        _("Expired"),
        _("The cover has run out. Treat, find out below whether the family is poor now, "
          "and send it to the commune to renew."),
    ),
    Finding.NOT_COVERED: Words(
        _("Not covered"),
        _("No scheme pays today. If the family seems poor, hold the short interview."),
    ),
    Finding.UNCLEAR: Words(
        _("Unclear"),
        _("The family is poor by the record, but this card doesn't hold. "
          "Ask for the newer card, or look at why it was withdrawn."),
    ),
}  # fmt: skip
OUTCOMES: Mapping[Outcome, str | Promise] = {
    Outcome.COVERED: _("Pays"),
    Outcome.EXPIRED: _("Has run out"),
    Outcome.NOT_YET: _("Doesn't pay yet"),
    Outcome.NOT_COVERED: _("Doesn't pay for this group"),
}
CRITERIA: Mapping[str, str | Promise] = {
    "group": _("The scheme pays for this group on the day"),
    "listed": _("The person belongs to the group on the day"),
    "waited": _("The days of waiting are over"),
}
OUTLIERS: Mapping[str, str | Promise] = {
    "dear_services": _("Claims dear services more often than its peers (percent of services)"),
    "one_telephone": _("Families that share one telephone"),
    "two_places": _("Patients who were claimed elsewhere on the same day"),
    "after_death": _("Claims for patients who had died before"),
    "busy_days": _("More patients on one day than on its usual days"),
}
LEVELS: Mapping[str, str | Promise] = {
    "health_post": _("Health post"),
    "health_centre": _("Health centre (minimum package)"),
    "cpa1": _("Hospital, complementary package 1"),
    "cpa2": _("Hospital, complementary package 2"),
    "cpa3": _("Hospital, complementary package 3"),
    "national": _("National hospital"),
    "unknown": _("Level unknown"),
}
STAYS: Mapping[str, str | Promise] = {"visit": _("without a stay"), "stay": _("with a stay")}
LEVEL_NAMES: Mapping[str, str | Promise] = {
    "poor_1": _("Poor level 1"),
    "poor_2": _("Poor level 2"),
    "at_risk": _("At risk"),
    "not_poor": _("Not poor"),
}
BAND_NAMES: Mapping[str, str | Promise] = {
    "0_2": _("Under 2 km"),
    "2_5": _("2 to 5 km"),
    "5_10": _("5 to 10 km"),
    "10_": _("10 km and farther"),
    "unknown": _("Not known"),
}
