"""A child on one page: what is due, growth, doses and what each is worth; and one contact."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access, curve_charts
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.form_page import answer, taken_back
from spean.kernel.formats import language
from spean.maternal_child import actions, queries
from spean.maternal_child.forms import (
    AdmitForm,
    ChildContactForm,
    DischargeForm,
    DosesForm,
    WithdrawForm,
)
from spean.maternal_child.models import STANDING, Contact, Sign, Topic, Treatment
from spean.maternal_child.pages.about import links
from spean.maternal_child.pages.due import shown
from spean.maternal_child.queries.words import (
    REASONS,
    line_words,
    measure_words,
    measures_of,
    standing_words,
)
from spean.maternal_child.rules import Care, Evaluated
from spean.maternal_child.rules.growth import Index
from spean.registry.queries import Membership

VIEW, RECORD = "maternal_child.view_record", "maternal_child.record_contact"
NEWBORN_DAYS = 42


def _page(person_id: UUID) -> str:
    return reverse("maternal_child:child", args=[person_id])


@require_GET
@access.declared(VIEW, purpose=Purpose.CARE)
def child(request: WithActor, person_id: UUID) -> HttpResponse:
    """Show a child's record."""
    found = queries.child(person_id, by=request.actor, on=timezone.localdate())
    area = found.home.household.village.code
    context = {
        "found": found,
        "person": found.home.person,
        "awaited": [shown(one) for one in found.awaited],
        "next": [
            (line_words(Care.IMMUNISATION, one.code), one, standing_words(one))
            for one in found.forecast
        ],
        "doses": [
            {
                "dose": dose,
                "worth": [
                    (line_words(Care.IMMUNISATION, one.line), one, _why(one)) for one in said
                ],
            }
            for dose, said in found.doses
        ],
        "measured": [
            (one.contact, *(one.z(index) for index in (Index.WAZ, Index.LAZ, Index.WLZ)))
            for one in found.growth
        ],
        "charts": [curve_charts.drawn(one) for one in found.charts],
        "may_record": access.allows(request.actor, RECORD, area=area),
        "about": links(request, found.home.person, area=area),
        "admitted": next((one for one in found.treatments if one.ended_on is None), None),
    }
    return render(request, "maternal_child/child.html", context)


def _why(one: Evaluated) -> str:
    return str(REASONS[one.reason]) if one.reason else ""


def _home(request: WithActor, person_id: UUID) -> Membership:
    today = timezone.localdate()
    return queries.home_for(person_id, permission=RECORD, by=request.actor, on=today)


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def contact(request: WithActor, person_id: UUID) -> HttpResponse:
    """Record a contact of a newborn or a child."""
    today, home = timezone.localdate(), _home(request, person_id)
    newborn = (today - home.person.birth_date).days <= NEWBORN_DAYS
    due = queries.vaccines_due(home, on=today)
    form = ChildContactForm(request.POST or None, newborn=newborn, due=due, on=today)
    return answer(
        request, form,
        lambda: actions.record_contact(
            person_id=person_id, **form.contact(), by=request.actor, on=today
        ),
        title=str(form.kind.label), done=_("The contact is recorded."),
        then=lambda made: reverse("maternal_child:contact", args=[made.pk]),
        caption=str(home.person), back_url=_page(person_id),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def doses(request: WithActor, person_id: UUID) -> HttpResponse:
    """Record a dose that stands on the child's card."""
    today, home = timezone.localdate(), _home(request, person_id)
    form = DosesForm(request.POST or None)
    return answer(
        request, form,
        lambda: actions.record_doses(
            person_id=person_id, doses=form.new_doses(), by=request.actor, on=today
        ),
        title=_("A dose from the card"), done=_("The dose is recorded."),
        then=lambda made: _page(person_id), caption=str(home.person), back_url=_page(person_id),
    )  # fmt: skip


@require_POST
@access.declared(RECORD, purpose=Purpose.CARE)
def withdraw(request: WithActor, person_id: UUID, dose_id: UUID) -> HttpResponse:
    """Take back a dose recorded in error."""
    return taken_back(
        request,
        lambda reason: actions.withdraw_dose(
            dose_id=dose_id, reason=reason, by=request.actor, on=timezone.localdate()
        ),
        done=_("The dose is withdrawn."), back_url=_page(person_id),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def admit(request: WithActor, person_id: UUID) -> HttpResponse:
    """Take a child into treatment of malnutrition."""
    today, home = timezone.localdate(), _home(request, person_id)
    form = AdmitForm(request.POST or None, initial={"day": today})
    return answer(
        request, form,
        lambda: actions.admit(
            person_id=person_id, **form.cleaned_data, by=request.actor, on=today
        ),
        title=_("Take into treatment"), done=_("The treatment is recorded."),
        then=lambda made: _page(person_id), caption=str(home.person), back_url=_page(person_id),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def discharge(request: WithActor, person_id: UUID, treatment_id: UUID) -> HttpResponse:
    """Record the end of a treatment."""
    today, home = timezone.localdate(), _home(request, person_id)
    form = DischargeForm(request.POST or None, initial={"day": today})
    return answer(
        request, form,
        lambda: actions.discharge(
            treatment_id=treatment_id, **form.cleaned_data, by=request.actor, on=today
        ),
        title=_("Discharge"), done=_("The discharge is recorded."),
        then=lambda made: _page(person_id), caption=str(home.person), back_url=_page(person_id),
    )  # fmt: skip


@require_GET
@access.declared(VIEW, purpose=Purpose.CARE)
def one_contact(request: WithActor, contact_id: UUID) -> HttpResponse:
    """Show one contact of a mother or child, and what follows from it with its source."""
    found = queries.contact(contact_id, by=request.actor)
    said = queries.advice_of(found)
    context = {
        "contact": found,
        "about": links(
            request, found.person, area=found.village.code, found_in=found,
            signs=found.danger_signs, now=found.decision.outcome == "refer_now",
            note="; ".join(getattr(one.text, language()) for one in said if "refer" in one.urgency),
        ),
        "advice": [(getattr(row.text, language()), row.source) for row in said],
        "found": measures_of(found).values(),
        "withdrawn": [
            (measure_words(one.name), one) for one in found.withdrawn_measures.order_by("pk")
        ],
        "may_withdraw": found.withdrawn_on is None
        and access.allows(request.actor, RECORD, area=found.village.code),
        "signs": [Sign(one).label for one in found.danger_signs],
        "treatments": [Treatment(one).label for one in found.treatments],
        "topics": [Topic(one).label for one in found.topics],
        "doses": found.doses.filter(STANDING).order_by("vaccine"),
        "back_url": _record_of(found),
    }  # fmt: skip
    return render(request, "maternal_child/contact.html", context)


def _record_of(contact: Contact) -> str:
    if contact.pregnancy_id is not None:
        return reverse("maternal_child:pregnancy", args=[contact.pregnancy_id])
    return _page(contact.person_id)


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def withdraw_contact(request: WithActor, contact_id: UUID) -> HttpResponse:
    """Take back a contact recorded in error, or one of its measures."""
    found = queries.contact(contact_id, by=request.actor)
    form = WithdrawForm(request.POST or None, measured=measures_of(found))
    here = reverse("maternal_child:contact", args=[contact_id])
    return answer(
        request, form, lambda: form.withdraw(contact_id, by=request.actor, on=timezone.localdate()),
        title=_("Take back what was recorded in error"), done=_("It is taken back."),
        then=lambda made: here, caption=str(found.person), back_url=here,
    )  # fmt: skip
