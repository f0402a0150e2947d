"""Shocks on record, one of them, and what is said and proposed on its page."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm
from spean.kernel.i18n import explain
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.results.queries.words import VALUE_NAMES
from spean.shocks import actions, queries
from spean.shocks.forms import (
    MEASURES,
    EndForm,
    EventForm,
    FamilyForm,
    MeasuresForm,
    PlacesForm,
    PlanForm,
    ReasonForm,
)
from spean.shocks.models import Event, Missed, NamedFamily

MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)
PAGE = 25
SHOWN, LISTED = 60, 200


@require_GET
@access.declared(queries.VIEW, purpose=MONEY)
def events(request: WithActor) -> HttpResponse:
    """List the shocks, the newest first."""
    rows, following = page_of(
        queries.events(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE, key="-id"
    )
    context = {"rows": rows, "next_cursor": following, "may_manage": _may(request)}
    return render(request, "shocks/events.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def note(request: WithActor) -> HttpResponse:
    """Put a shock on record."""
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.note_event(
                kind=given["kind"], title=given["title"], since=given["since"],
                source=given["source"], measures=form.measures, by=request.actor,
            )  # fmt: skip
        except SpeanError as error:
            form.add_refusal(error)
        else:
            return redirect("shocks:event", made.pk)
    context = {"form": form, "back_url": reverse("shocks:events")}
    return render(request, "shocks/note.html", context)


@require_GET
@access.declared(queries.VIEW, purpose=MONEY)
def event(request: WithActor, event_id: UUID) -> HttpResponse:
    """Show a shock: where, how grave, whom it affects, what is planned."""
    return show_event(request, queries.event(event_id, by=request.actor))


def show_event(
    request: WithActor, found: Event, status: int = 200, **forms: SpeanForm
) -> HttpResponse:
    """Show a shock, with the form that was refused, if one was."""
    on = timezone.localdate()
    codes, families = queries.struck_by(found, on=on)
    context: dict[str, Any] = {
        "event": found,
        "places": locations.names(codes[:SHOWN], on=on),
        "more_places": max(len(codes) - SHOWN, 0),
        **_listed(found, request.actor, on, forms.get("answer")),
        "affected": counted(codes, families, queries.left_out_of(found, on=on)),
        "grounds": [(MEASURES[one.name], one) for one in queries.grounds(found, on=on)],
        "plans": found.plans.order_by("-id"),
        "short": [one for one in queries.short_plans(on) if one.event_id == found.pk],
        "may_manage": _may(request),
        "form": next((form for form in forms.values() if form.errors), None),
        "back_url": reverse("shocks:events"),
    }
    context |= {f"{name}_form": form for name, form in (_forms(found, on) | forms).items()}
    return render(request, "shocks/event.html", context, status=status)


def _listed(
    found: Event, by: access.Actor, on: date, refused: SpeanForm | None
) -> dict[str, object]:
    """Give the places struck, the families named and those that say they were missed, by name."""
    places = list(found.places.order_by("start", "place")[:LISTED])
    named = list(queries.named(found, by=by)[:LISTED])
    missed = list(queries.missed(found, by=by)[:SHOWN])
    families: list[NamedFamily | Missed] = [*named, *missed]
    codes = {one.place for one in places} | {one.village for one in families}
    names = dict(locations.names(codes, on=on))
    people = registry.people_in(one.household_id for one in families)

    def family(one: NamedFamily | Missed) -> dict[str, object]:
        head = next(iter(people.get(one.household_id, ())), None)
        return {"one": one, "village": names[one.village], "head": head}

    return {
        "over_time": [(one, names[one.place]) for one in places],
        "named": [family(one) for one in named],
        "missed": [
            family(one) | {"form": answer_form(one.pk).or_refused(refused)} for one in missed
        ],
    }


def answer_form(missed_id: UUID, data: Any = None) -> ReasonForm:
    """Give the form by which one family that says it was missed is answered."""
    return ReasonForm.of_row(f"missed{missed_id}", data)


def _forms(found: Event, on: date) -> dict[str, SpeanForm]:
    """Give the forms of the event's page as they are before anything is filled in."""
    names = tuple(one.name for one in queries.grounds(found, on=on))
    prepared = queries.prepared(found.kind, on=on)
    return {
        "places": PlacesForm(initial={"since": on}),
        "measures": MeasuresForm(names=names, initial=found.measures),
        "plan": PlanForm(initial={"start": on, "programmes": prepared}),
        "family": FamilyForm(initial={"since": on}),
        "end": EndForm(),
    }


def counted(
    codes: Sequence[str], families: Sequence[str] = (), left_out: Sequence[str] = ()
) -> list[tuple[str, int]] | str:
    """Give how many families of each level were struck, or why that isn't known."""
    try:
        counts = queries.affected(codes, families, left_out)
    except SpeanError as error:
        return explain(error)
    return [(str(VALUE_NAMES["level"][level]), count) for level, count in counts.items()]


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def strike(request: WithActor, event_id: UUID) -> HttpResponse:
    """Add places, by their codes or by a drawn area."""
    form = PlacesForm(request.POST, request.FILES)

    def act() -> None:
        given = form.cleaned_data
        said = {"since": given["since"], "source": given["source"], "by": request.actor}
        if given["file"]:
            drawn = given["file"].read().decode("utf-8", errors="replace")
            actions.strike_drawn(event_id=event_id, drawn=drawn, **said)
        else:
            actions.strike(event_id=event_id, places=given["places"].split(), **said)

    return _do(request, event_id, "places", form, act)


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def measure(request: WithActor, event_id: UUID) -> HttpResponse:
    """Note what was measured."""
    form = MeasuresForm(request.POST)
    return _do(request, event_id, "measures", form, lambda: actions.measure(
        event_id=event_id, measures=form.measures, by=request.actor
    ))  # fmt: skip


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def propose(request: WithActor, event_id: UUID) -> HttpResponse:
    """Propose the prepared plan."""
    form = PlanForm(request.POST)
    return _do(request, event_id, "plan", form, lambda: actions.propose_plan(
        event_id=event_id, start=form.cleaned_data["start"], by=request.actor,
        on=timezone.localdate(), programmes=form.cleaned_data["programmes"],
    ))  # fmt: skip


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def end(request: WithActor, event_id: UUID) -> HttpResponse:
    """Say that the shock is over, everywhere or in some places."""
    form = EndForm(request.POST)
    return _do(request, event_id, "end", form, lambda: actions.end_strike(
        event_id=event_id, on=timezone.localdate(), by=request.actor,
        places=form.cleaned_data["places"].split(),
    ))  # fmt: skip


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def name_family(request: WithActor, event_id: UUID) -> HttpResponse:
    """Say that one family was struck, or is left out."""
    form = FamilyForm(request.POST)

    def act() -> None:
        given = dict(form.cleaned_data)
        home = registry.household_of_card(given.pop("card"))
        actions.name_family(event_id=event_id, household_id=home.pk, by=request.actor, **given)

    return _do(request, event_id, "family", form, act)


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def forget_family(request: WithActor, named_id: UUID) -> HttpResponse:
    """Say that what was said of a family is over."""
    found = queries.named_for(named_id)
    actions.forget_family(named_id=named_id, on=timezone.localdate(), by=request.actor)
    messages.success(request, _("It is on record."))
    return redirect("shocks:event", found.event_id)


def _do(
    request: WithActor, event_id: UUID, name: str, form: SpeanForm, act: Callable[[], Any]
) -> HttpResponse:
    """Carry out what a form of the event's page asks for; show the form again where refused."""
    if form.carry_out(act):
        messages.success(request, _("It is on record."))
        return redirect("shocks:event", event_id)
    return show_event(request, queries.event(event_id, by=request.actor), 422, **{name: form})


def _may(request: WithActor) -> bool:
    return access.allows(request.actor, queries.MANAGE, area="")
