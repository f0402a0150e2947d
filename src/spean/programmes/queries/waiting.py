"""Which candidates and corrections wait for whom."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.home import HomeItem
from spean.programmes.models import Correction, Enrolment
from spean.programmes.queries.enrolment import DECIDE, REVIEW
from spean.programmes.rules import State


def waiting_for(*, by: Actor, on: date) -> Iterable[HomeItem]:
    """Say how many candidates of the actor's areas wait for review, and what for an approver."""
    if access.areas(by, REVIEW):
        candidates = Enrolment.objects.filter(state=State.CANDIDATE)
        mine = access.within(candidates, by, REVIEW, code="village")
        yield HomeItem(_("Candidates to review"), mine.count(), reverse("programmes:programmes"))
    if access.allows(by, DECIDE, area=""):
        waiting = Correction.objects.filter(state=Correction.State.WAITING)
        yield HomeItem(_("Overpayments to decide"), waiting.exclude(found_by=by.name).count(),
                       reverse("programmes:corrections"))  # fmt: skip
