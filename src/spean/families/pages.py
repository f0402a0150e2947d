"""The family's own pages, by card and code; and the button that tells families of their money."""

import hashlib
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.families import actions, queries
from spean.families.forms import CardForm, CodeForm
from spean.families.rules import is_still_seen, seen_until
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import caller
from spean.kernel.edge import WithActor
from spean.kernel.errors import N_, SpeanError
from spean.kernel.formats import riel
from spean.kernel.i18n import explain
from spean.payments import queries as payments
from spean.payments.queries import STATES, Order
from spean.programmes.queries.words import KINDS, per, programme_name, why
from spean.programmes.queries.words import STATES as STANDS

SEEN, UNTIL = "family", "family_until"
ASKED_FOR, MOST = 15 * 60, 30  # seconds; requests of one address


class TooManyAsked(SpeanError):
    """Refuse one address that asks again and again."""

    code = "families.too_many_asked"
    message = N_("Too many tries from here. Wait a quarter of an hour.")
    status = 429


@require_http_methods(["GET", "POST"])
@access.public
@never_cache
def card(request: HttpRequest) -> HttpResponse:
    """Ask for the card's number and send a code."""
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _count(request)
        except TooManyAsked as error:
            form.add_refusal(error)
        else:
            asked = form.cleaned_data["card"]
            actions.ask_code(card=asked, at=timezone.now())
            return _code(request, CodeForm(initial={"card": asked}))
    return render(request, "families/card.html", {"form": form})


@require_POST
@access.public
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Take the code and open the record."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code(request, form)
    try:
        _count(request)
        found = actions.open_record(**form.cleaned_data, at=timezone.now())
    except SpeanError as error:
        form.add_refusal(error)
        return _code(request, form)
    request.session.cycle_key()
    request.session[SEEN], request.session[UNTIL] = str(found), seen_until(timezone.now())
    return redirect("families:record")


def _code(request: HttpRequest, form: CodeForm) -> HttpResponse:
    return render(request, "families/code.html", {"form": form})


def _count(request: HttpRequest) -> None:
    """Count what one address asks. Raises TooManyAsked."""
    counter = f"families-{hashlib.sha256(caller(request).encode()).hexdigest()}"
    cache.add(counter, 0, ASKED_FOR)
    if cache.incr(counter) > MOST:
        raise TooManyAsked


@require_GET
@access.public
@never_cache
def record(request: HttpRequest) -> HttpResponse:
    """Show a family its own record, for a quarter of an hour after it gave its code."""
    seen = request.session.get(SEEN)
    if not seen or not is_still_seen(request.session.get(UNTIL, ""), timezone.now()):
        _forget(request)
        return redirect("families:card")
    household_id = UUID(seen)
    found = queries.record_of(household_id, by=queries.family(household_id))
    context = {
        "granted": [
            (one, programme_name(one.programme), per(one.programme), STANDS[one.state])
            for one in found.granted
        ],
        "awaited": [(one, programme_name(one.programme), KINDS[one.kind]) for one in found.awaited],
        "owed": [
            (one, programme_name(one.programme), why(one.programme, one.decision))
            for one in found.owed
        ],
        "paid": [
            (one, programme_name(one.programme), STATES[one.state],
             Order.Channel(one.channel).label)
            for one in found.paid
        ],
    }  # fmt: skip
    return render(request, "families/record.html", context)


@require_POST
@access.public
def leave(request: HttpRequest) -> HttpResponse:
    """Close the record on a telephone that others use too."""
    _forget(request)
    return redirect("families:card")


def _forget(request: HttpRequest) -> None:
    for name in (SEEN, UNTIL):
        request.session.pop(name, None)


@require_http_methods(["GET", "POST"])
@access.declared(queries.NOTIFY, purpose=Purpose.PAYMENT)
def tell(request: WithActor, order_id: UUID) -> HttpResponse:
    """Text the families of an order, once, that their money comes."""
    order = payments.order(order_id, by=request.actor)
    if request.method == "POST":
        try:
            actions.tell_families(order_id=order_id, by=request.actor)
        except (actions.NotReleased, actions.ToldAlready, actions.NotHandedOver) as error:
            messages.error(request, explain(error))
        return redirect("families:tell", order_id)
    context = {
        "order": order,
        "notice": queries.notice_of(order_id),
        "is_released": order.state == Order.State.RELEASED,
        "example": actions.words_of(order) % {
            "programme": programme_name(order.programme), "amount": riel(100_000),
        },
        "back_url": reverse("payments:order", args=[order_id]),
    }  # fmt: skip
    return render(request, "families/tell.html", context)
