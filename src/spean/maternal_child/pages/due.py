"""Who is due for care, defaulters first; and the women and children of one household."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.periods import age_on
from spean.locations import queries as locations
from spean.maternal_child import queries
from spean.maternal_child.queries.words import line_words
from spean.maternal_child.rules import Awaited, Status
from spean.registry import queries as registry

DUE, RECORD = "maternal_child.view_due", "maternal_child.view_record"
WRITE, NOTIFY = "maternal_child.record_contact", "maternal_child.notify_death"
MOST = 200  # rows of one page: the list of a village has some tens
CHILDREN, YOUNGEST_MOTHER = 5, 10


def shown(awaited: Awaited) -> dict[str, Any]:
    """Give one awaited line in words."""
    return {
        "words": line_words(awaited.care, awaited.line.code),
        "late": awaited.line.status == Status.OVERDUE,
        "line": awaited.line,
    }


@require_GET
@access.declared(DUE, purpose=Purpose.CARE)
def due(request: WithActor) -> HttpResponse:
    """List who is due in a village, or in all of the actor's areas: defaulters first."""
    today = timezone.localdate()
    asked = request.GET.get("village", "")
    areas = [asked] if asked else access.areas(request.actor, DUE)
    found = [one for area in areas for one in queries.due_in(area, by=request.actor, on=today)]
    villages = sorted({one.home.household.village.code for one in found})
    context = {
        "rows": [
            {
                "one": one,
                "awaited": [shown(line) for line in one.awaited],
                "may_see": access.allows(
                    request.actor, RECORD, area=one.home.household.village.code
                ),
            }
            for one in found[:MOST]
        ],
        "number": len(found),
        "left_out": max(0, len(found) - MOST),
        "villages": locations.names(villages, on=today) if not asked else [],
        "asked": asked,
    }
    return render(request, "maternal_child/due.html", context)


@require_GET
@access.declared(DUE, purpose=Purpose.CARE)
def household(request: WithActor, household_id: UUID) -> HttpResponse:
    """Show the women and children of a household, and what can be recorded about each."""
    today = timezone.localdate()
    found = registry.household(household_id, by=request.actor)
    area = found.village.code
    access.require(request.actor, DUE, area=area)
    pregnancies = queries.pregnancies_in(found)
    rows = [
        {
            "member": one,
            "child": age_on(one.person.birth_date, today) < CHILDREN,
            "woman": one.person.sex == "female"
            and age_on(one.person.birth_date, today) >= YOUNGEST_MOTHER,
            "pregnancies": pregnancies.get(one.person_id, []),
            "open": any(p.ended_on is None for p in pregnancies.get(one.person_id, [])),
        }
        for one in found.members
    ]
    context = {
        "household": found,
        "rows": [row for row in rows if row["child"] or row["woman"]],
        "may_see": access.allows(request.actor, RECORD, area=area),
        "may_record": access.allows(request.actor, WRITE, area=area),
        "may_notify": access.allows(request.actor, NOTIFY, area=area),
    }
    return render(request, "maternal_child/care.html", context)
