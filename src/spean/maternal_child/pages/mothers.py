"""A woman's pregnancy on one page; its contacts, its birth."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.form_page import answer, taken_back
from spean.kernel.formats import day as day_words
from spean.locations import queries as locations
from spean.maternal_child import actions, queries
from spean.maternal_child.forms import BirthForm, EndForm, MotherContactForm, PregnancyForm
from spean.maternal_child.models import BirthPlace, Complication, Ending, Pregnancy, Risk
from spean.maternal_child.pages.about import links
from spean.maternal_child.pages.due import shown
from spean.maternal_child.queries.words import CARES, STATUSES, line_words

VIEW, RECORD = "maternal_child.view_record", "maternal_child.record_contact"


def _page(pregnancy_id: UUID) -> str:
    return reverse("maternal_child:pregnancy", args=[pregnancy_id])


@require_GET
@access.declared(VIEW, purpose=Purpose.CARE)
def pregnancy(request: WithActor, pregnancy_id: UUID) -> HttpResponse:
    """Show a pregnancy: what is due, the schedules' lines, contacts, the birth and its babies."""
    today = timezone.localdate()
    found = queries.mother(pregnancy_id, by=request.actor, on=today)
    mine, area = found.pregnancy, found.home.household.village.code
    context = {
        "found": found,
        "pregnancy": mine,
        "person": mine.person,
        "weeks": found.weeks_on(mine.ended_on or today),
        "risks": [Risk(one).label for one in mine.risks],
        "complications": [Complication(one).label for one in mine.complications],
        "awaited": [shown(one) for one in found.awaited],
        "schedules": [
            (
                CARES[care],
                [(line_words(care, one.code), one, STATUSES[one.status]) for one in lines],
            )
            for care, lines in found.lines.items()
        ],
        "withdrawn": [
            {"row": one, "words": Ending(one.ending).label,
             "place": BirthPlace(one.place).label if one.place else ""}
            for one in mine.withdrawn_ends.order_by("pk")
        ],
        "may_record": access.allows(request.actor, RECORD, area=area),
        "about": links(request, mine.person, area=area),
    }  # fmt: skip
    return render(request, "maternal_child/pregnancy.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def begin(request: WithActor, person_id: UUID) -> HttpResponse:
    """Take a pregnancy into care."""
    today = timezone.localdate()
    home = queries.home_for(person_id, permission=RECORD, by=request.actor, on=today)
    form = PregnancyForm(request.POST or None)
    return answer(
        request, form,
        lambda: actions.record_pregnancy(
            person_id=person_id, **form.pregnancy(), by=request.actor, on=today
        ),
        title=_("Record a pregnancy"), done=_("The pregnancy is recorded."),
        then=lambda made: _page(made.pk), caption=str(home.person),
        back_url=reverse("maternal_child:care", args=[home.household_id]),
    )  # fmt: skip


def _mine(request: WithActor, pregnancy_id: UUID) -> Pregnancy:
    return _mine_and_near(request, pregnancy_id)[0]


def _mine_and_near(
    request: WithActor, pregnancy_id: UUID
) -> tuple[Pregnancy, list[tuple[str, str]]]:
    """Give a pregnancy of the reader's area, and the facilities of the mother's province."""
    today, found = timezone.localdate(), queries.pregnancy(pregnancy_id)
    home = queries.home_for(found.person_id, permission=RECORD, by=request.actor, on=today)
    near = locations.facilities(today, area=home.household.village.code[:2])
    return found, [(one.code, f"{one.name} ({one.code})") for one in near]


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def contact(request: WithActor, pregnancy_id: UUID) -> HttpResponse:
    """Record an antenatal contact or, after the birth, a postnatal one."""
    today, (mine, near) = timezone.localdate(), _mine_and_near(request, pregnancy_id)
    form = MotherContactForm(
        request.POST or None, antenatal=mine.ended_on is None, facilities=near, on=today
    )
    return answer(
        request, form,
        lambda: actions.record_contact(
            person_id=mine.person_id, **form.contact(), by=request.actor, on=today
        ),
        title=str(form.kind.label), done=_("The contact is recorded."),
        then=lambda made: reverse("maternal_child:contact", args=[made.pk]),
        caption=str(mine.person), back_url=_page(pregnancy_id),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def birth(request: WithActor, pregnancy_id: UUID) -> HttpResponse:
    """Record the birth."""
    today, (mine, near) = timezone.localdate(), _mine_and_near(request, pregnancy_id)
    known = [
        (str(one.person_id), f"{one.person}, {day_words(one.person.birth_date)}")
        for one in queries.born_lately(mine, by=request.actor, on=today)
    ]
    form = BirthForm(request.POST or None, known=known, facilities=near, on=today)
    return answer(
        request, form,
        lambda: actions.record_birth(
            pregnancy_id=pregnancy_id, **form.birth(), by=request.actor, on=today
        ),
        title=_("Record the birth"), done=_("The birth is recorded."),
        then=lambda made: _page(made.pk), caption=str(mine.person), back_url=_page(pregnancy_id),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def end(request: WithActor, pregnancy_id: UUID) -> HttpResponse:
    """Record that the pregnancy ended without a birth."""
    today, mine = timezone.localdate(), _mine(request, pregnancy_id)
    form = EndForm(request.POST or None)
    return answer(
        request, form,
        lambda: actions.end_pregnancy(
            pregnancy_id=pregnancy_id, **form.cleaned_data, by=request.actor, on=today
        ),
        title=_("End without a birth"), done=_("The end of the pregnancy is recorded."),
        then=lambda made: _page(made.pk), caption=str(mine.person), back_url=_page(pregnancy_id),
    )  # fmt: skip


@require_POST
@access.declared(RECORD, purpose=Purpose.CARE)
def withdraw_end(request: WithActor, pregnancy_id: UUID) -> HttpResponse:
    """Take back a birth, or another end of a pregnancy, that was recorded in error."""
    return taken_back(
        request,
        lambda reason: actions.withdraw_end(
            pregnancy_id=pregnancy_id, reason=reason, by=request.actor, on=timezone.localdate()
        ),
        done=_("It is taken back: the pregnancy goes on."), back_url=_page(pregnancy_id),
    )  # fmt: skip
