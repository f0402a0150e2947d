"""The list of cases, and one case with everything known of it."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from spean.kernel import access
from spean.kernel.access import Actor, Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import N_
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.targeting import queries
from spean.targeting.models import Assessment, Complaint, InterviewRound, State

SEE = (Purpose.TARGETING, Purpose.OVERSIGHT)
PAGE = 25

# What can be done at each state: page, permission, and the words on its button.
STEPS: dict[str, list[tuple[str, str, str]]] = {
    State.REQUESTED: [
        ("targeting:interview", "targeting.interview", N_("Record the interview")),
        ("targeting:refuse", "targeting.refuse", N_("Refuse the request")),
    ],
    State.INTERVIEWED: [
        ("targeting:review", "targeting.review_in_village", N_("Record the village's review")),
    ],
    State.REVIEWED: [("targeting:display", "targeting.display", N_("Put on display"))],
    State.DISPLAYED: [
        ("targeting:decide", "targeting.decide", N_("Record the council's decision"))
    ],
    State.DECIDED: [("targeting:check", "targeting.check", N_("Check the decision"))],
}
WITHDRAW = ("targeting:withdraw", "targeting.request", N_("The household withdraws"))


BEFORE_COUNCIL = {State.REQUESTED, State.INTERVIEWED, State.REVIEWED, State.DISPLAYED}


@require_GET
@access.declared("targeting.view_assessment", purpose=SEE)
def assessments(request: WithActor) -> HttpResponse:
    """List the cases of the actor's areas, newest first; overdue ones are marked."""
    state = request.GET.get("state", "open")
    state = state if state in {"open", "", *State.values} else "open"
    context = listed(request, state=state) | {"state": state, "states": State.choices}
    return render(request, "targeting/assessments.html", context)


def listed(
    request: WithActor, *, state: str = "", within: InterviewRound | None = None
) -> dict[str, object]:
    """Give one page of a list of cases, each with its head of household and whether it is late."""
    found = queries.assessments(
        by=request.actor, state=state, round_id=within.pk if within else None
    )
    cases, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE, key="-id")
    members = registry.people_in(case.household_id for case in cases)
    today = timezone.localdate()
    rows = [
        (case, next(iter(members.get(case.household_id, [])), None), is_late(case, today))
        for case in cases
    ]
    return {"rows": rows, "next_cursor": following}


def is_late(case: Assessment, today: date) -> bool:
    """Say whether a case should have been dealt with before today."""
    return bool(case.due_on and case.due_on < today)


@require_GET
@access.declared("targeting.view_assessment", purpose=SEE)
def assessment(request: WithActor, assessment_id: UUID) -> HttpResponse:
    """Show one case: where it stands, why, and what can be done by whom is looking."""
    case = queries.assessment(assessment_id, by=request.actor)
    return render(request, "targeting/assessment.html", case_context(case, request.actor))


def case_context(case: Assessment, by: Actor) -> dict[str, object]:
    """Gather what the page of a case shows."""
    today = timezone.localdate()
    members = registry.people_in([case.household_id]).get(case.household_id, [])
    status = queries.household_status(case.household_id, on=today)
    return {
        "case": case,
        "place": locations.path(case.village.code, on=case.requested_on),
        "members": members,
        "why": queries.explanation(case),
        "status": status,
        "status_until": _last_day(status.end if status else None),
        "display_until": _last_day(case.display_until),
        "overdue": is_late(case, today),
        "steps": _steps(case, by, today),
        "complaints": _complaints(case, by),
        "may_complain": access.allows(by, "targeting.receive_complaint", area=case.village.code),
        "may_print": by.purpose == Purpose.TARGETING and case.decision is not None,
    }


def _last_day(end: date | None) -> date | None:
    """Give the day before the end of a period, which is how people say it."""
    return end - timedelta(days=1) if end else None


def _complaints(case: Assessment, by: Actor) -> list[Complaint]:
    """Give those of a case's complaints that the actor may see: not all may, nor all of them."""
    return list(queries.complaints(by=by).filter(assessment=case))


def _steps(case: Assessment, by: Actor, today: date) -> list[tuple[str, str]]:
    offered = [*STEPS.get(case.state, []), *([WITHDRAW] if case.state in BEFORE_COUNCIL else [])]
    if case.state == State.DISPLAYED and case.display_until and today < case.display_until:
        offered = [WITHDRAW]
    area = case.village.code
    return [
        (page, label) for page, needed, label in offered if access.allows(by, needed, area=area)
    ]
