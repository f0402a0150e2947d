"""The letter to the family: what was decided and why, to keep or to complain with."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.documents import render_pdf
from spean.kernel.edge import WithActor
from spean.kernel.formats import day, digits
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.targeting import queries
from spean.targeting.models import Assessment, Level, PovertyStatus

TEMPLATE = Path(__file__).parents[1] / "documents" / "letter.typ"


@require_GET
@access.declared("targeting.view_assessment", purpose=Purpose.TARGETING)
def letter(request: WithActor, assessment_id: UUID) -> HttpResponse:
    """Print the letter in both languages, Khmer first."""
    case = queries.assessment(assessment_id, by=request.actor)
    pages = []
    for language in ("km", "en"):
        with translation.override(language):
            pages.append(_page(case, language))
    pdf = render_pdf(TEMPLATE, {"pages": pages}, on=timezone.localdate())
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="letter-{case.pk}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def _page(case: Assessment, language: str) -> dict[str, object]:
    members = registry.people_in([case.household_id]).get(case.household_id, [])
    places = locations.path(case.village.code, on=case.requested_on)
    holds = queries.household_status(case.household_id, on=timezone.localdate())
    level = case.final_level or case.council_level or case.scored_level
    return _score(queries.explanation(case)) | {
        "lang": language,
        "title": _("Result of the assessment of your household"),
        "head": [_("Head of household"), _named(members, language)],
        "place": [_("Village"), ", ".join(_in(place, language) for place in reversed(places))],
        "level": [_("Poverty level"), str(Level(level).label) if level else _("Not yet decided")],
        "stage": [_("Stage"), case.get_state_display()],
        "dates": [[label, day(when)] for label, when in _dates(case, holds) if when],
        "moved": _moved(case),
        "complain": _(
            "If you think that this is wrong, complain at the commune office, by word or in "
            "writing, at the provincial department of planning, or by the public app or website. "
            "Anyone may complain for you. You will be answered."
        ),
    }


def _score(why: queries.Explanation | None) -> dict[str, object]:
    """Say how the points came about; nothing but empty lists before the interview."""
    return {
        "table": [_("Question"), _("Answer"), _("Points")],
        "answers": [
            [queries.words(a.question), queries.words(a.answer), digits(f"{a.points} / {a.most}")]
            for a in (why.answers if why else ())
        ],
        "total": [_("Total points"), digits(f"{why.points} / {why.most_points}") if why else ""],
        "cut_offs": [
            [
                c.label,
                ngettext("from %(points)s point", "from %(points)s points", c.points)
                % {"points": digits(c.points)},
            ]
            for c in (why.cut_offs if why else ())
        ],
        "also": [queries.words(c.text) for c in (why.circumstances if why else ()) if c.held],
        "also_title": _("The household also has:"),
        "sources": [
            f"{p.key} ({day(p.since)}): {p.reference}" for p in (why.policies if why else ())
        ],
    }


def _dates(case: Assessment, holds: PovertyStatus | None) -> list[tuple[str, date | None]]:
    ours = holds is not None and holds.assessment_id == case.pk
    until = holds.end - timedelta(days=1) if holds and ours and holds.end else None
    return [
        (_("Requested on"), case.requested_on),
        (_("Interviewed on"), case.interviewed_on),
        (_("Reviewed in the village on"), case.reviewed_on),
        (_("Decided by the council on"), case.council_on),
        (_("Checked by the district on"), case.checked_on),
        (_("The level holds until"), until),
    ]


def _moved(case: Assessment) -> str:
    if not case.council_level or case.council_level == case.scored_level:
        return ""
    reason = case.get_council_reason_display() or case.get_circumstance_display()
    return _("The council moved the level from the scored one because of: %(reason)s") % {
        "reason": reason
    }


def _named(members: Sequence[object], language: str) -> str:
    person = getattr(members[0], "person", None) if members else None
    return str(getattr(person, f"name_{language}", "")) if person else ""


def _in(place: object, language: str) -> str:
    return str(getattr(place, f"name_{language}"))
