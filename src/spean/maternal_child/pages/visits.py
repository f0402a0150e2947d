"""Home visits: those to make, those made, one of them, and a form to write one down."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.form_page import taken_back
from spean.maternal_child import actions, queries
from spean.maternal_child.forms import VisitForm
from spean.maternal_child.models import HomeVisit, Kind, Sign, Topic
from spean.maternal_child.pages.about import links
from spean.registry import queries as registry

VIEW, RECORD = "maternal_child.view_visits", "maternal_child.record_visit"
PAGE = 25
ADVICE = {
    "refer_now": gettext_lazy("There is a danger sign: refer at once"),
    "treat_malnutrition": gettext_lazy("Severe acute malnutrition: refer for treatment"),
    "feeding": gettext_lazy("Moderate acute malnutrition: feeding advice and follow-up"),
    "none": gettext_lazy("Nothing urgent was found"),
}


@require_GET
@access.declared(VIEW, purpose=Purpose.CARE)
def visits(request: WithActor) -> HttpResponse:
    """List the visits to make today, then those made, newest first."""
    found = queries.visits(by=request.actor)
    rows, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE, key="-id")
    today = timezone.localdate()
    due = [
        one
        for area in access.areas(request.actor, VIEW)
        for one in queries.visits_due(area=area, by=request.actor, on=today)
    ]
    homes = registry.people_in(one.household_id for one in due)
    people = {m.person_id: m.person for members in homes.values() for m in members}
    context = {
        "due": [(one, people.get(one.person_id), Kind(one.visit.kind).label) for one in due],
        "today": today,
        "rows": rows,
        "next_cursor": following,
    }
    return render(request, "maternal_child/visits.html", context)


@require_GET
@access.declared(VIEW, purpose=Purpose.CARE)
def household_visits(request: WithActor, household_id: UUID) -> HttpResponse:
    """List the visits to a household."""
    household = registry.household(household_id, by=request.actor)
    rows = queries.visits(by=request.actor, household_id=household_id)
    may = access.allows(request.actor, RECORD, area=household.village.code)
    context = {"household": household, "rows": rows, "may_record": may}
    return render(request, "maternal_child/household.html", context)


@require_GET
@access.declared(VIEW, purpose=Purpose.CARE)
def visit(request: WithActor, visit_id: UUID) -> HttpResponse:
    """Show one visit, and what follows from it with its source."""
    found = queries.visit(visit_id, by=request.actor)
    context = {
        "visit": found,
        "signs": [Sign(sign).label for sign in found.danger_signs],
        "about": links(
            request, found.person, area=found.village.code, found_in=found,
            signs=found.danger_signs, now=bool(found.danger_signs),
        ),
        "topics": [Topic(topic).label for topic in found.topics],
        "may_withdraw": found.withdrawn_on is None
        and access.allows(request.actor, RECORD, area=found.village.code),
        "advice": ADVICE[found.decision.outcome] if found.decision else "",
        "sources": [one["reference"] for one in found.decision.body["policies"]]
        if found.decision
        else [],
    }  # fmt: skip
    return render(request, "maternal_child/visit.html", context)


@require_POST
@access.declared(RECORD, purpose=Purpose.CARE)
def withdraw(request: WithActor, visit_id: UUID) -> HttpResponse:
    """Take back a visit recorded in error."""
    return taken_back(
        request,
        lambda reason: actions.withdraw_home_visit(
            visit_id=visit_id, reason=reason, by=request.actor, on=timezone.localdate()
        ),
        done=_("The visit is withdrawn."),
        back_url=reverse("maternal_child:visit", args=[visit_id]),
    )


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def record(request: WithActor, household_id: UUID) -> HttpResponse:
    """Write a visit down."""
    today = timezone.localdate()
    household = registry.household(household_id, by=request.actor)
    people = [(str(m.person_id), str(m.person)) for m in household.members]
    form = VisitForm(request.POST or None, people=people, on=today)
    made: list[HomeVisit] = []
    if request.method == "POST" and form.carry_out(
        lambda: made.append(
            actions.record_home_visit(
                household_id=household_id, **form.visit(), by=request.actor, on=today
            )
        )
    ):
        messages.success(request, _("The visit is recorded."))
        return redirect("maternal_child:visit", made[0].pk)
    return render(request, "maternal_child/record.html", {"form": form, "household": household})
