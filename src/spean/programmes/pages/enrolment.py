"""The lists of the programmes: who is a candidate, enrolled, suspended; and one family on them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from spean.kernel import access, charts
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotFound, SpeanError
from spean.kernel.formats import number
from spean.kernel.forms import SpeanForm
from spean.kernel.i18n import explain
from spean.locations import queries as locations
from spean.programmes import actions, queries
from spean.programmes.forms import CorrectionForm, DecisionForm, ListForm, MoveForm, ReviewForm
from spean.programmes.models import Enrolment
from spean.programmes.pages.confirmations import shown
from spean.programmes.queries.cycles import VIEW as VIEW_CYCLES
from spean.programmes.queries.enrolment import VIEW
from spean.programmes.queries.words import (
    MOVES,
    REACHED,
    REASONS,
    STATES,
    is_programme,
    per,
    programme_name,
)
from spean.programmes.rules import CONFIRMED, FLOW, State
from spean.registry import queries as registry

LISTS = (Purpose.PAYMENT, Purpose.TARGETING, Purpose.OVERSIGHT)
WORK = (Purpose.PAYMENT, Purpose.TARGETING)
PAGE = 25


@require_GET
@access.declared(VIEW, purpose=LISTS)
def programmes(request: WithActor) -> HttpResponse:
    """List the programmes, with how many families stand where."""
    shown = [State.CANDIDATE, State.ENROLLED, State.SUSPENDED]
    counted = queries.lists(by=request.actor).items()
    context = {
        "states": [STATES[state] for state in shown],
        "rows": [
            (code, programme_name(code), [(STATES[one], counts.get(one, 0)) for one in shown])
            for code, counts in counted
        ],
        "may_see_corrections": access.allows(request.actor, VIEW_CYCLES, area=""),
    }
    return render(request, "programmes/programmes.html", context)


@require_GET
@access.declared(VIEW, purpose=LISTS)
def programme(request: WithActor, programme: str) -> HttpResponse:
    """Show a programme's list, a state and an area of it."""
    return _programme(request, _known(programme))


def _programme(
    request: WithActor, code: str, refused: ReviewForm | None = None, status: int = 200
) -> HttpResponse:
    by = request.actor
    form = ListForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {"state": "", "area": ""}
    rows, following = page_of(
        queries.enrolments(code, by=by, **chosen), cursor=request.GET.get("cursor"), limit=PAGE
    )
    counts = queries.counts(code, by=by)
    context = {
        "code": code,
        "name": programme_name(code),
        "per": per(code),
        "counts": [(state.value, STATES[state], counts.get(state, 0)) for state in State],
        "rows": list(_with_heads(rows)),
        "next_cursor": following,
        "list_form": form,
        "review_form": refused or ReviewForm(initial={"area": _area(by)}),
        "form": refused,
        **(_plots(code, by) if access.allows(by, VIEW_CYCLES, area="") else {}),
        "may_find": access.allows(by, queries.FIND, area=""),
        "may_review": bool(access.areas(by, queries.REVIEW)),
        "back_url": reverse("programmes:programmes"),
    }
    return render(request, "programmes/programme.html", context, status=status)


def _with_heads(
    rows: Sequence[Enrolment],
) -> Iterator[tuple[Enrolment, registry.Membership | None, str]]:
    """Give each row with the head of the household, if it has members, and the village's name."""
    people = registry.people_in(row.household_id for row in rows)
    places = dict(locations.names({row.village for row in rows}, on=timezone.localdate()))
    for row in rows:
        yield row, next(iter(people.get(row.household_id, [])), None), places[row.village]


def _plots(code: str, by: access.Actor) -> dict[str, str]:
    """Draw how far a programme reaches, and what its cycles cost."""
    found = queries.reached(code, by=by)
    rows = [(str(words), getattr(found, name)) for name, words in REACHED.items()]
    costs = charts.trend(found.costs, title=_("Cost of the cycles")) if len(found.costs) > 1 else ""
    return {"reached": charts.bar_by_place(rows, title=_("How far it reaches")), "costs": costs}


def _area(by: access.Actor) -> str:
    return next(iter(access.areas(by, queries.REVIEW)), "")


@require_POST
@access.declared(queries.FIND, purpose=Purpose.PAYMENT)
def find_candidates(request: WithActor, programme: str) -> HttpResponse:
    """Make candidates of whom the nation's last results newly owe something."""
    try:
        found = actions.find_candidates(
            programme=_known(programme), by=request.actor, on=timezone.localdate()
        )
    except SpeanError as error:
        if error.status == 403:
            raise
        messages.error(request, explain(error))
    else:
        said = _("New candidates: %(new)s. Candidates who are not entitled any more and left: "
                 "%(gone)s. Enrolled, but not entitled any more: %(idle)s.")  # fmt: skip
        messages.success(request, said % {
            "new": number(found.candidates), "gone": number(found.withdrawn),
            "idle": number(found.not_entitled),
        })  # fmt: skip
    return redirect("programmes:programme", programme)


@require_POST
@access.declared(queries.REVIEW, purpose=WORK)
def review(request: WithActor, programme: str) -> HttpResponse:
    """Enrol the candidates of an area, or let go who is not entitled any more there."""
    form = ReviewForm(request.POST)
    if form.is_valid():
        act = actions.enrol_candidates if form.cleaned_data["what"] == "enrol" else actions.let_go
        try:
            moved = act(
                programme=_known(programme), area=form.cleaned_data["area"], by=request.actor,
                on=timezone.localdate(),
            )  # fmt: skip
        except SpeanError as error:
            form.add_refusal(error)
        else:
            said = ngettext("%(n)s family was moved.", "%(n)s families were moved.", moved)
            messages.success(request, said % {"n": number(moved)})
            return redirect("programmes:programme", programme)
    return _programme(request, _known(programme), form, 422)


@require_GET
@access.declared(VIEW, purpose=LISTS)
def enrolment(request: WithActor, programme: str, household_id: UUID) -> HttpResponse:
    """Show where one family stands in a programme, how it came there, and what it was owed."""
    return _enrolment(request, queries.enrolment(programme, household_id, by=request.actor))


def _enrolment(
    request: WithActor, found: Enrolment, refused: SpeanForm | None = None
) -> HttpResponse:
    by = request.actor
    steps = found.steps.order_by("-id")
    following = FLOW[State(found.state)]
    members = registry.people_in([found.household_id]).get(found.household_id, [])
    context = {
        "found": found,
        "name": programme_name(found.programme),
        "per": per(found.programme),
        "place": locations.names([found.village], on=timezone.localdate())[0][1],
        "head": next(iter(members), None),
        "steps": [(step, REASONS.get(step.reason, step.reason)) for step in steps],
        "cycles": [
            (cycle, *rest, _correction(cycle.pk).or_refused(refused))
            for cycle, *rest in queries.cycles_of(found)
        ],
        "rows": [shown(one) for one in queries.confirmed_for(found.programme, found.household_id)],
        "pays_confirmed": found.programme in CONFIRMED,
        "form": refused,
        "move_form": refused if isinstance(refused, MoveForm) else MoveForm(states=following),
        "may_review": access.allows(by, queries.REVIEW, area=found.village),
        "may_correct": access.allows(by, queries.CORRECT, area=found.village),
        "may_see_home": access.allows(by, "registry.view_household", area=found.village),
        "back_url": reverse("programmes:programme", args=[found.programme]),
    }
    status = 422 if refused else 200
    return render(request, "programmes/enrolment.html", context, status=status)


def _correction(cycle_id: UUID, data: Any = None) -> CorrectionForm:
    return CorrectionForm.of_row(f"cycle{cycle_id}", data)


@require_POST
@access.declared(queries.REVIEW, purpose=WORK)
def move(request: WithActor, programme: str, household_id: UUID) -> HttpResponse:
    """Take a family a step further, and say why."""
    found = queries.enrolment(programme, household_id, by=request.actor)
    form = MoveForm(request.POST, states=tuple(MOVES))
    return _do(request, found, form, lambda: actions.move(
        programme=programme, household_id=household_id, **form.cleaned_data, by=request.actor,
        on=timezone.localdate(),
    ))  # fmt: skip


@require_POST
@access.declared(queries.CORRECT, purpose=Purpose.TARGETING)
def correct(request: WithActor, programme: str, household_id: UUID, cycle_id: UUID) -> HttpResponse:
    """Work out anew what a past cycle owes a family."""
    found = queries.enrolment(programme, household_id, by=request.actor)
    form = _correction(cycle_id, request.POST)
    return _do(request, found, form, lambda: actions.correct(
        cycle_id=cycle_id, household_id=household_id, reason=form.cleaned_data["reason"],
        by=request.actor, on=timezone.localdate(),
    ))  # fmt: skip


def _do(
    request: WithActor, found: Enrolment, form: SpeanForm, act: Callable[[], object]
) -> HttpResponse:
    """Carry out what a form of the family's page asks for; show the form again where refused."""
    if form.carry_out(act):
        messages.success(request, _("It is on record."))
        return redirect("programmes:enrolment", found.programme, found.household_id)
    return _enrolment(request, found, form)


@require_GET
@access.declared(VIEW_CYCLES, purpose=(Purpose.PAYMENT, Purpose.OVERSIGHT))
def corrections(request: WithActor) -> HttpResponse:
    """List what past cycles got wrong, the newest first, to be decided where it waits."""
    return _corrections(request)


def _corrections(request: WithActor, refused: SpeanForm | None = None) -> HttpResponse:
    rows, following = page_of(
        queries.corrections(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE,
        key="-id",
    )  # fmt: skip
    context = {
        "rows": [
            (row, programme_name(row.cycle.programme), _decision(row.pk).or_refused(refused))
            for row in rows
        ],
        "unseen": [
            (cycle, programme_name(cycle.programme), count)
            for cycle, count in queries.waiting_unseen(by=request.actor).items()
        ],
        "next_cursor": following,
        "form": refused,
        "may_decide": access.allows(request.actor, queries.DECIDE, area=""),
        "back_url": reverse("programmes:programmes"),
    }
    status = 422 if refused else 200
    return render(request, "programmes/corrections.html", context, status=status)


def _decision(correction_id: UUID, data: Any = None) -> DecisionForm:
    return DecisionForm.of_row(f"decision{correction_id}", data)


@require_POST
@access.declared(queries.DECIDE, purpose=Purpose.PAYMENT)
def decide(request: WithActor, correction_id: UUID) -> HttpResponse:
    """Decide whether what was given too much is taken back."""
    queries.correction_for(correction_id)
    form = _decision(correction_id, request.POST)
    if not form.carry_out(lambda: actions.decide_correction(
        correction_id=correction_id, take_back=request.POST.get("decision") == "take_back",
        grounds=form.cleaned_data["grounds"], by=request.actor, on=timezone.localdate(),
    )):  # fmt: skip
        return _corrections(request, form)
    messages.success(request, _("Your decision is on record."))
    return redirect("programmes:corrections")


def _known(programme: str) -> str:
    if not is_programme(programme):
        raise NotFound
    return programme
