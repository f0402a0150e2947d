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
from spean.kernel.errors import SpeanError
from spean.locations import queries as locations
from spean.registry import actions, queries
from spean.registry.forms.people import HouseholdForm, MemberFormSet, Members, add_problems

PERMISSION = "registry.register_household"


@require_http_methods(["GET", "POST"])
@access.declared(PERMISSION, purpose=Purpose.REGISTRATION)
def register(request: WithActor) -> HttpResponse:
    """Enter a household; likely duplicates are shown before anything is saved."""
    today = timezone.localdate()
    mine = access.areas(request.actor, PERMISSION)
    villages = locations.places("village", on=today, areas=mine).select_related("parent")
    form = HouseholdForm(request.POST or None, villages=list(villages))
    members = cast(Members, MemberFormSet(request.POST or None, prefix="members"))
    if request.method == "POST" and "add" in request.POST:
        return _again(request, form, members)
    context: dict[str, Any] = {"form": form, "members": members}
    if request.method == "POST" and form.is_valid() and members.is_valid():
        try:
            household = actions.register_household(
                village=locations.place(form.cleaned_data["village"], on=today),
                address=form.cleaned_data["address"],
                phone=form.cleaned_data["phone"],
                members=[member.new_member() for member in members.entered],
                not_duplicates=form.cleaned_data["not_duplicates"],
                by=request.actor,
                on=today,
            )
        except actions.LikelyDuplicates as error:
            form.add_error(
                None, str(_("Some of these people may be recorded already. Look below."))
            )
            context |= _candidates(error, members)
        except actions.Problems as error:
            add_problems(error, form, members)
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The household is registered."))
            return redirect("registry:household", household.pk)
    return render(request, "registry/register.html", context)


def _again(request: WithActor, form: HouseholdForm, members: Any) -> HttpResponse:
    """Show what was typed so far, unjudged, with one more empty form."""
    typed = {name: request.POST.get(name, "") for name in form.fields}
    fresh = HouseholdForm(initial=typed, villages=[])
    fresh.fields["village"] = form.fields["village"]
    more = MemberFormSet(initial=members.raw(), prefix="members")
    return render(request, "registry/register.html", {"form": fresh, "members": more})


def _candidates(error: actions.LikelyDuplicates, members: Any) -> dict[str, Any]:
    found = [hit for hits in error.candidates.values() for hit in hits]
    districts = queries.districts(found)
    listed = []
    for index, hits in error.candidates.items():
        entered = members.entered[index].new_member()
        name = f"{entered.family_name_km} {entered.given_name_km}".strip()
        name = name or f"{entered.family_name_latin} {entered.given_name_latin}".strip()
        listed.append((name, [(hit, districts.get(getattr(hit, "district", ""))) for hit in hits]))
    return {"candidates": listed}
