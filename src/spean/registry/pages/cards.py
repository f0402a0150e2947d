"""Pages of the equity card: look at it, print it, revoke it, check one at the counter."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.registry import actions, queries
from spean.registry.forms.cards import CheckForm, RevokeForm
from spean.registry.models import EquityCard
from spean.registry.rules.cards import CATEGORIES, TITLES, Outcome
from spean.registry.rules.identifiers import IdentifierKind, display

MOODS = {Outcome.COVERED: "good", Outcome.NOT_YET: "wait", Outcome.EXPIRED: "wait"}


@require_GET
@access.declared("registry.view_household", purpose=Purpose.TARGETING)
def card(request: WithActor, number: str) -> HttpResponse:
    """Show a card, and what may be done with it."""
    found = queries.card(number, by=request.actor)
    area = found.household.village.code
    context = {
        "card": found,
        **_shown(found, on=timezone.localdate()),
        "may_print": access.allows(request.actor, "registry.print_card", area=area),
        "may_revoke": access.allows(request.actor, "registry.revoke_card", area=area),
    }
    return render(request, "registry/card.html", context)


def _shown(card: EquityCard, *, on: date) -> dict[str, object]:
    outcome = queries.card_outcome(card, on=on)
    return {
        "outcome": outcome,
        "outcome_title": TITLES[outcome],
        "level": _(CATEGORIES[card.category]),
        "number_shown": display(IdentifierKind.EQUITY_CARD, card.number),
        "last_day": card.end - timedelta(days=1) if card.end else None,
        "revoked_because": _because(card, outcome),
    }


def _because(card: EquityCard, outcome: Outcome) -> str:
    """Give the reason; one that the system gave is a msgid."""
    if outcome is Outcome.REPLACED:
        return _("Replaced by a newer card")
    return _(card.revoked_because) if card.revoked_because else ""


@require_GET
@access.declared("registry.print_card", purpose=Purpose.TARGETING)
def card_pdf(request: WithActor, number: str) -> HttpResponse:
    """Give the card as a PDF."""
    content = queries.card_pdf(
        queries.card(number, by=request.actor),
        by=request.actor,
        on=timezone.localdate(),
        sheet=request.GET.get("sheet") == "1",
    )
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="card-{number}.pdf"',
            "Cache-Control": "no-store",
        },
    )


@require_http_methods(["GET", "POST"])
@access.declared("registry.revoke_card", purpose=Purpose.TARGETING)
def revoke_card(request: WithActor, number: str) -> HttpResponse:
    """Ask for the reason, then make the card void."""
    found = queries.card(number, by=request.actor)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revoke_card(
                card=found, **form.cleaned_data, by=request.actor, on=timezone.localdate()
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The card is revoked. It is refused from now on."))
            return redirect("registry:card", number=found.number)
    context = {
        "form": form,
        "number_shown": display(IdentifierKind.EQUITY_CARD, found.number),
        "back_url": reverse("registry:card", args=[number]),
    }
    return render(request, "registry/card_revoke.html", context)


@require_http_methods(["GET", "POST"])
@access.declared("registry.check_card", purpose=Purpose.CARE)
def check_card(request: WithActor) -> HttpResponse:
    """Check a card by its code or number. What was typed never stands in an address."""
    form = CheckForm(request.POST or None)
    status = None
    if request.method == "POST" and form.is_valid():
        status = queries.card_status(
            form.cleaned_data["card"], by=request.actor, on=timezone.localdate()
        )
        form = CheckForm()
    context: dict[str, object] = {"form": form, "status": status}
    if status is not None:
        context |= {
            "mood": MOODS.get(status.outcome, "bad"),
            "number_shown": display(IdentifierKind.EQUITY_CARD, status.number),
            "newer_shown": display(IdentifierKind.EQUITY_CARD, status.newer_number),
        }
    answer = render(request, "registry/card_check.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@access.public
@cache_control(public=True, max_age=3600)
def card_keys(request: HttpRequest) -> JsonResponse:
    """Publish the keys by which a phone checks cards offline."""
    return JsonResponse(queries.published_keys(), headers={"Access-Control-Allow-Origin": "*"})


urlpatterns = [
    path("cards/check", check_card, name="check_card"),
    path("cards/<str:number>", card, name="card"),
    path("cards/<str:number>/pdf", card_pdf, name="card_pdf"),
    path("cards/<str:number>/revoke", revoke_card, name="revoke_card"),
    path(".well-known/spean-card-keys.json", card_keys, name="card_keys"),
]
