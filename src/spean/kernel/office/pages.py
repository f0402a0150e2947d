"""Pages of the administrator and the auditor."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access, actions, queries
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.models import RoleGrant
from spean.kernel.office.forms import AuditForm, GrantForm, SystemForm, UserForm
from spean.kernel.policy import policy

ADMINISTRATION = Purpose.ADMINISTRATION
PAGE = 50


@require_GET
@access.declared("kernel.manage_users", purpose=ADMINISTRATION)
def users(request: WithActor) -> HttpResponse:
    """List the users with the roles they hold today."""
    text = request.GET.get("q", "")
    found = queries.users(by=request.actor, text=text, on=timezone.localdate())
    rows, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE)
    listed = [(user, _labelled(user.held)) for user in rows]  # type: ignore[attr-defined]
    context = {"users": listed, "next_cursor": following, "text": text}
    return render(request, "kernel/office/users.html", context)


@require_http_methods(["GET", "POST"])
@access.declared("kernel.manage_users", purpose=ADMINISTRATION)
def new_user(request: WithActor) -> HttpResponse:
    """Open an account."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.create_user(**form.cleaned_data, by=request.actor)
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The account is open. Now give it a role."))
            return redirect("user", user.pk)
    return render(request, "kernel/office/form.html", {"form": form, "heading": _("New user")})


@require_http_methods(["GET", "POST"])
@access.declared("kernel.manage_users", purpose=ADMINISTRATION)
def new_system(request: WithActor) -> HttpResponse:
    """Register another system; show its secret once."""
    form = SystemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, client_id, secret = actions.create_system(**form.cleaned_data, by=request.actor)
        except SpeanError as error:
            form.add_refusal(error)
        else:
            context = {"system": user, "client_id": client_id, "secret": secret}
            response = render(request, "kernel/office/secret.html", context)
            response["Cache-Control"] = "no-store"
            return response
    context = {"form": form, "heading": _("Another system")}
    return render(request, "kernel/office/form.html", context)


@require_http_methods(["GET", "POST"])
@access.declared("kernel.manage_users", purpose=ADMINISTRATION)
def user(request: WithActor, user_id: int) -> HttpResponse:
    """Show one user's roles, and give another."""
    shown = queries.user(user_id, by=request.actor)
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant_role(
                user=shown, **form.cleaned_data, by=request.actor, on=timezone.localdate()
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The role is given."))
            return redirect("user", user_id)
    grants = _labelled(shown.grants.order_by("-start", "role"))
    context = {"shown": shown, "grants": grants, "form": form}
    return render(request, "kernel/office/user.html", context)


@require_POST
@access.declared("kernel.manage_users", purpose=ADMINISTRATION)
def end_grant(request: WithActor, user_id: int, grant_id: int) -> HttpResponse:
    """Take a role away from today on."""
    grant = queries.grant(grant_id, user_id=user_id, by=request.actor)
    actions.end_grant(grant=grant, by=request.actor, on=timezone.localdate())
    messages.success(request, _("The role has ended."))
    return redirect("user", user_id)


@require_GET
@access.declared("kernel.view_audit", purpose=Purpose.OVERSIGHT)
def audit_trail(request: WithActor) -> HttpResponse:
    """Show the audit trail, newest first."""
    form = AuditForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.audit_entries(by=request.actor, **wanted)
    rows, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE, key="-id")
    context = {"form": form, "entries": rows, "next_cursor": following}
    return render(request, "kernel/office/audit.html", context)


@require_GET
@access.signed_in(Purpose.OVERSIGHT)
def policy_values(request: WithActor) -> HttpResponse:
    """Show every value of policy that has no source yet."""
    context = {"assumptions": policy.assumptions(), "version": policy.version()}
    return render(request, "kernel/office/policy.html", context)


def _labelled(grants: Iterable[RoleGrant]) -> list[tuple[RoleGrant, str]]:
    labels = {name: role.label for name, role in access.roles().items()}
    return [(grant, labels.get(grant.role, grant.role)) for grant in grants]
