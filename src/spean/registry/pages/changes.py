"""Change requests: choose a kind, propose, and decide as another person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.registry import actions, queries
from spean.registry.forms.changes import FORMS, ChangeForm, DecideForm
from spean.registry.models import ChangeRequest
from spean.registry.pages import candidates
from spean.registry.pages.households import SEE

REGISTRATION = Purpose.REGISTRATION
PAGE = 25
Kind = ChangeRequest.Kind
OF_HOUSEHOLD = (Kind.MOVE, Kind.SPLIT, Kind.MERGE, Kind.CORRECT_HOUSEHOLD)
OF_MEMBERS = (Kind.ADD_MEMBER, Kind.REMOVE_MEMBER, Kind.DEATH, Kind.CHANGE_HEAD)
OF_PERSON = (
    Kind.CORRECT_PERSON, Kind.RECORD_IDENTIFIER, Kind.RECORD_PREGNANCY, Kind.RECORD_FUNCTIONING,
)  # fmt: skip


@require_GET
@access.declared("registry.approve_change", purpose=REGISTRATION)
def changes(request: WithActor) -> HttpResponse:
    """List the changes that the actor may decide, oldest first."""
    found = queries.changes_waiting(by=request.actor)
    rows, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE)
    context = {"changes": rows, "next_cursor": following}
    return render(request, "registry/changes.html", context)


@require_GET
@access.declared("registry.propose_change", purpose=REGISTRATION)
def choose_change(request: WithActor, household_id: UUID) -> HttpResponse:
    """Choose what has happened to a household."""
    today = timezone.localdate()
    state = queries.household_as_of(household_id, by=request.actor, on=today)
    groups = [
        (heading, [(kind.value, kind.label) for kind in kinds])
        for heading, kinds in (
            (_("The household"), OF_HOUSEHOLD),
            (_("Its members"), OF_MEMBERS),
            (_("One person's record"), OF_PERSON),
        )
    ]
    context = {"household": state.household, "groups": groups, "whose": _whose(state)}
    return render(request, "registry/choose_change.html", context)


@require_http_methods(["GET", "POST"])
@access.declared("registry.propose_change", purpose=REGISTRATION)
def propose_change(request: WithActor, household_id: UUID, kind: str) -> HttpResponse:
    """Propose one kind of change to a household or one of its members."""
    if kind not in FORMS:
        raise Http404
    by, today = request.actor, timezone.localdate()
    state = queries.household_as_of(household_id, by=by, on=today)
    form = FORMS[kind](request.POST or None, state=state, by=by)
    context: dict[str, Any] = {"kind": kind, "heading": Kind(kind).label, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            change = _propose(request, kind, form)
        except actions.LikelyDuplicates as error:
            form.add_error(None, _("This person may be recorded already. Look below."))
            entered = {0: actions.NewMember(**form.proposal()["member"])}
            context["candidates"] = candidates.listed(error, entered)
        except NotAllowed:
            raise
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The change is proposed. Another person decides it."))
            return redirect("registry:change", change.pk)
    context |= {"household": state.household, "whose": _whose(state)}
    return render(request, "registry/propose_change.html", context)


def _whose(state: queries.HouseholdState) -> str:
    """Name the household by its head, who stands first."""
    return str(state.members[0].facts) if state.members else ""


def _propose(request: WithActor, kind: str, form: ChangeForm) -> ChangeRequest:
    person = None
    if form.person_chosen:
        chosen = UUID(form.cleaned_data["person"])
        person = queries.person(chosen, by=request.actor, log_read=False)
    return actions.propose_change(
        kind=kind,
        household=form.state.household,
        person=person,
        proposal=form.proposal(),
        reason=form.cleaned_data["reason"],
        effective_on=form.cleaned_data["effective_on"],
        by=request.actor,
        on=timezone.localdate(),
    )


@require_http_methods(["GET", "POST"])
@access.declared("registry.view_household", purpose=SEE)
def change(request: WithActor, change_id: UUID) -> HttpResponse:
    """Show a change, before and after, and take the decision of whom may decide."""
    shown = queries.change(change_id, by=request.actor)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = _decide(request, shown, form.cleaned_data["note"])
        except NotAllowed:
            raise
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, said)
            return redirect("registry:change", change_id)
    context = {"change": shown, "form": form, "answers": _answers(request, shown)}
    context["lines"] = queries.change_lines(shown)
    return render(request, "registry/change.html", context)


def _decide(request: WithActor, change: ChangeRequest, note: str) -> str:
    """Take the decision that the button names; give what to tell."""
    by, on = request.actor, timezone.localdate()
    answer = request.POST.get("answer", "")
    if answer == "approve":
        actions.approve_change(change=change, note=note, by=by, on=on)
        return str(_("The change is approved and applied."))
    if answer == "reject":
        actions.reject_change(change=change, reason=note, by=by, on=on)
        return str(_("The change is rejected."))
    if answer == "withdraw":
        actions.withdraw_change(change=change, reason=note, by=by, on=on)
        return str(_("The change is withdrawn."))
    if answer == "reverse":
        actions.reverse_change(change=change, reason=note, by=by, on=on)
        return str(_("The change is reversed: everything is as it was before."))
    raise Http404


def _answers(request: WithActor, change: ChangeRequest) -> list[tuple[str, str, str]]:
    """Give the buttons that the actor has: value, words, look."""
    by, area = request.actor, change.village.code
    own = by.name == change.proposed_by
    decides = access.allows(by, "registry.approve_change", area=area) or (
        change.other_village is not None
        and access.allows(by, "registry.approve_change", area=change.other_village.code)
    )
    if change.state == ChangeRequest.State.PROPOSED and own:
        return [("withdraw", _("Withdraw"), "secondary")]
    if change.state == ChangeRequest.State.PROPOSED and decides:
        return [("approve", _("Approve and apply"), ""), ("reject", _("Reject"), "secondary")]
    if change.state == ChangeRequest.State.APPLIED and decides:
        return [("reverse", _("Reverse"), "warning")]
    return []
