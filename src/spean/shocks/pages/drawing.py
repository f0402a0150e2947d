"""An area is drawn on a map, what lies in it counted, and then kept as an upload would be."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.i18n import explain
from spean.shocks import actions, queries
from spean.shocks.forms import DrawnForm
from spean.shocks.pages.events import counted


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def draw(request: WithActor, event_id: UUID) -> HttpResponse:
    """Draw the area that a shock struck."""
    found = queries.event(event_id, by=request.actor)
    form = DrawnForm(request.POST or None, initial={"since": timezone.localdate()})
    if request.method == "POST" and form.carry_out(
        lambda: actions.strike_drawn(event_id=event_id, by=request.actor, **form.cleaned_data)
    ):
        messages.success(request, _("It is on record."))
        return redirect("shocks:event", event_id)
    context = {
        "event": found,
        "form": form,
        "map": queries.base_map(on=timezone.localdate()),
        "back_url": reverse("shocks:event", args=[event_id]),
    }
    return render(request, "shocks/draw.html", context, status=422 if form.errors else 200)


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def count(request: WithActor, event_id: UUID) -> HttpResponse:
    """Count the villages and families in what is drawn, before it is kept."""
    try:
        villages = queries.villages_drawn(request.POST.get("drawn", ""))
    except SpeanError as error:
        return render(request, "shocks/counted.html", {"refused": explain(error)})
    context = {"villages": len(villages), "families": counted(villages)}
    return render(request, "shocks/counted.html", context)
