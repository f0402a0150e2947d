"""What waits for whom today."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import N_
from spean.kernel.home import HomeItem
from spean.targeting.models import Assessment, Complaint, ComplaintState, State
from spean.targeting.queries.complaints import complaints

# Who does what next: a permission, the state that waits for it, and how the list is called.
DUTIES = (
    ("targeting.interview", State.REQUESTED, N_("Interviews to hold")),
    ("targeting.review_in_village", State.INTERVIEWED, N_("Results to review in the village")),
    ("targeting.display", State.REVIEWED, N_("Results to put on display")),
    ("targeting.decide", State.DISPLAYED, N_("Cases to decide in the council")),
    ("targeting.check", State.DECIDED, N_("Council decisions to check")),
)


def waiting_for(*, by: Actor, on: date) -> Iterator[HomeItem]:
    """Give one line for each duty that the actor has somewhere: how many cases wait, how many late.

    One query a duty. What is still on display does not wait for the council yet.
    """
    for permission, state, title in DUTIES:
        if access.areas(by, permission):
            cases = Assessment.objects.filter(state=state)
            if state == State.DISPLAYED:
                cases = cases.filter(display_until__lte=on)
            rows = access.within(cases, by, permission)
            yield _line(title, rows, on, "targeting:assessments", f"?state={state}")
    if access.areas(by, "targeting.resolve_complaint"):
        lines = complaints(by=by, state=ComplaintState.OPEN)
        yield _line(N_("Complaints to answer"), lines, on, "targeting:complaints", "?state=open")


def _line(
    title: str,
    rows: QuerySet[Assessment] | QuerySet[Complaint],
    on: date,
    page: str,
    query: str,
) -> HomeItem:
    found = rows.aggregate(number=Count("id"), late=Count("id", filter=Q(due_on__lt=on)))
    shown = _(title)
    if found["late"]:
        shown = _("%(title)s (%(late)s overdue)") % {"title": shown, "late": found["late"]}
    try:
        address = reverse(page) + query
    except NoReverseMatch:
        address = ""
    return HomeItem(shown, found["number"], address, urgent=bool(found["late"]))
