"""Registering a household: where it lives, then its members, on one page that can grow."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.registry import actions
from spean.registry.forms.people import (
    REGISTER,
    HouseholdForm,
    MemberFormSet,
    Members,
    add_problems,
)
from spean.registry.models import Household
from spean.registry.pages import candidates


@require_http_methods(["GET", "POST"])
@access.declared(REGISTER, purpose=Purpose.REGISTRATION)
def register(request: WithActor) -> HttpResponse:
    """Enter a household; likely duplicates are shown before anything is saved."""
    today = timezone.localdate()
    form = HouseholdForm(request.POST or None, by=request.actor, on=today)
    members = cast(Members, MemberFormSet(request.POST or None, prefix="members"))
    if request.method == "POST" and "add" in request.POST:
        return _again(request, form, members)
    context: dict[str, Any] = {"form": form, "members": members}
    # Both are judged, so that everything that is wrong is said at once.
    if request.method == "POST" and all([form.is_valid(), members.is_valid()]):
        try:
            household = _register(request, form, members)
        except actions.LikelyDuplicates as error:
            said = _("Some of these people may be recorded already. Look below.")
            form.add_error(None, said)
            entered = {at: one.new_member() for at, one in enumerate(members.entered)}
            context["candidates"] = candidates.listed(error, entered)
        except actions.Problems as error:
            add_problems(error, form, members)
        except NotAllowed:
            raise
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The household is registered."))
            return redirect("registry:household", household.pk)
    return render(request, "registry/register.html", context)


def _register(request: WithActor, form: HouseholdForm, members: Members) -> Household:
    return actions.register_household(
        **form.cleaned_data,
        members=[member.new_member() for member in members.entered],
        by=request.actor,
        on=timezone.localdate(),
    )


def _again(request: WithActor, form: HouseholdForm, members: Members) -> HttpResponse:
    """Show what was typed so far, unjudged, with one more empty form."""
    typed = {name: form[name].data for name in form.fields}
    fresh = HouseholdForm(initial=typed, by=request.actor, on=timezone.localdate())
    more = MemberFormSet(initial=members.raw(), prefix="members")
    return render(request, "registry/register.html", {"form": fresh, "members": more})
