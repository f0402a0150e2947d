"""Stock is written down, undone, and what waits is looked after."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access, formats
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.i18n import explain_stored
from spean.supplies import actions, queries
from spean.supplies.forms import FIELDS, EntryForm, ReasonForm
from spean.supplies.models import Movement, MovementKind
from spean.supplies.pages.forms import asked
from spean.supplies.pages.stock import PAGE, READS


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def record(request: WithActor, code: str, item_code: str, kind: str) -> HttpResponse:
    """Write down what came, went, was lost or counted."""
    if kind not in FIELDS:
        raise Http404
    today = timezone.localdate()
    facility = queries.facility_for(code, by=request.actor, on=today, permission=queries.RECORD)
    item = queries.item(item_code)
    batches = [
        (one.batch.number, _batch(one.batch.number, one.batch.expiry, one.quantity))
        for one in queries.batches_of(facility=facility, item=item)
    ]
    form = EntryForm(request.POST or None, kind=kind, item=item, batches=batches, on=today)
    return asked(
        request, form,
        lambda: actions.record_movement(
            facility=code, entry=form.entry(), by=request.actor, on=today
        ),
        title=MovementKind(kind).label, caption=f"{facility.name}: {item}", done=_told,
        back=reverse("supplies:item", args=[code, item_code]),
    )  # fmt: skip


def _batch(number: str, expiry: date, quantity: int) -> str:
    return _("%(batch)s, expires %(expiry)s: %(quantity)s") % {
        "batch": number, "expiry": formats.day(expiry), "quantity": formats.number(quantity),
    }  # fmt: skip


def _told(made: Sequence[Movement]) -> str:
    """Say which batches were taken, so that these boxes are opened."""
    known = {one.batch_id: one.batch for one in made}
    listed = "; ".join(
        _batch(known[one.batch_id].number, known[one.batch_id].expiry, abs(one.quantity))
        for one in made
    )
    return _("It is on record. %(batches)s") % {"batches": listed}


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def undo(request: WithActor, movement_id: UUID) -> HttpResponse:
    """Undo what was recorded in error."""
    found = queries.movement_for(movement_id)
    access.require(request.actor, queries.RECORD, area=found.facility.place.code)
    form = ReasonForm(request.POST or None)
    return asked(
        request, form,
        lambda: actions.undo_movement(
            movement_id=movement_id, by=request.actor, on=timezone.localdate(), **form.cleaned_data
        ),
        title=_("Undo an error"), back=reverse("supplies:item", args=[found.facility.code,
                                                                      found.batch.item.code]),
        caption=f"{found.facility.name}: {found.batch.item}, {formats.number(found.quantity)}",
    )  # fmt: skip


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def waiting(request: WithActor) -> HttpResponse:
    """List the entries that could not be booked yet, with why."""
    rows, following = page_of(
        queries.waiting(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE
    )
    labels = dict(MovementKind.choices)
    context = {
        "rows": [
            (one, labels.get(one.entry["kind"], one.entry["kind"]), explain_stored(one.why),
             access.allows(request.actor, queries.MANAGE, area=one.area))
            for one in rows
        ],
        "next_cursor": following,
        "back_url": reverse("supplies:area"),
    }  # fmt: skip
    return render(request, "supplies/waiting.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def set_aside(request: WithActor, waiting_id: UUID) -> HttpResponse:
    """Give up on an entry that waits."""
    found = queries.waiting_entry(waiting_id)
    access.require(request.actor, queries.MANAGE, area=found.area)
    form = ReasonForm(request.POST or None)
    return asked(
        request, form,
        lambda: actions.set_aside(waiting_id=waiting_id, by=request.actor, **form.cleaned_data),
        title=_("Set it aside"), back=reverse("supplies:waiting"),
        caption=explain_stored(found.why),
    )  # fmt: skip
