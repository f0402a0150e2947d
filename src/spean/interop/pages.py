"""Pages of the exchange: our partners, who was given a family's data, questions to registries."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.interop import actions, queries
from spean.interop.forms import NAMES, PURPOSES, AskForm, PartnerForm
from spean.interop.spdci.asking import ASK, ask_about_number
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError

REGISTRATION, ADMINISTRATION = Purpose.REGISTRATION, Purpose.ADMINISTRATION
PAGE = 50


@require_GET
@access.declared(actions.MANAGE, purpose=ADMINISTRATION)
def partners(request: WithActor) -> HttpResponse:
    """List the systems with which we exchange data, and what was agreed with each."""
    rows = [
        (row, PURPOSES.get(Purpose(row.purpose)), [NAMES[key] for key in row.registries])
        for row in queries.partners(by=request.actor)
    ]
    return render(request, "interop/partners.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@access.declared(actions.MANAGE, purpose=ADMINISTRATION)
def new_partner(request: WithActor) -> HttpResponse:
    """Register a partner; show its secret once."""
    form = PartnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            partner, client_id, secret = actions.register_partner(
                agreement=form.agreement(), by=request.actor, on=timezone.localdate()
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            context = {"partner": partner, "client_id": client_id, "secret": secret}
            response = render(request, "interop/secret.html", context)
            response["Cache-Control"] = "no-store"
            return response
    return render(request, "interop/partner_form.html", {"form": form})


@require_POST
@access.declared(actions.MANAGE, purpose=ADMINISTRATION)
def close_partner(request: WithActor, partner_id: UUID) -> HttpResponse:
    """Answer a partner no more."""
    partner = queries.partner(partner_id, by=request.actor)
    actions.close_partner(partner=partner, by=request.actor, on=timezone.localdate())
    messages.success(request, _("This partner is answered no more."))
    return redirect("interop:partners")


@require_GET
@access.declared(queries.RELEASES, purpose=(REGISTRATION, Purpose.OVERSIGHT))
def releases(request: WithActor, household_id: UUID) -> HttpResponse:
    """Show to whom a household's data were given, so that the family can be told."""
    found = queries.releases_of(household_id, by=request.actor)
    rows, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE, key="-id")
    listed = [(row, PURPOSES.get(Purpose(row.purpose)), NAMES[row.registry]) for row in rows]
    context = {"rows": listed, "next_cursor": following, "household_id": household_id}
    return render(request, "interop/releases.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(ASK, purpose=REGISTRATION)
def ask(request: WithActor) -> HttpResponse:
    """Ask another registry about a number; show what was asked before."""
    form = AskForm(request.POST or None)
    asked: list[UUID] = []
    if request.method == "POST" and form.carry_out(
        lambda: asked.append(
            ask_about_number(**form.cleaned_data, by=request.actor, now=timezone.now()).pk
        )
    ):
        return redirect("interop:question", asked[0])
    context = {"form": form, "rows": queries.questions(by=request.actor)[:PAGE]}
    return render(request, "interop/ask.html", context)


@require_GET
@access.declared(ASK, purpose=REGISTRATION)
def question(request: WithActor, question_id: UUID) -> HttpResponse:
    """Show what was asked and what the registry answered."""
    found = queries.question(question_id, by=request.actor)
    context = {"question": found, "people": queries.people_of(found)}
    return render(request, "interop/question.html", context)
