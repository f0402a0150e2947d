"""What a facility is told by who pays it, read and unread."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.health_equity import actions
from spean.health_equity.forms.notices import TextsForm
from spean.health_equity.models import SchemeName
from spean.health_equity.queries import notices as queries
from spean.health_equity.queries.notices import Notice
from spean.health_equity.queries.texts import Asked, texts_asked
from spean.health_equity.rules.adjudication import RULES
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import N_
from spean.kernel.formats import day, month, number, riel, tel
from spean.locations import queries as locations


def _said(one: Notice) -> dict[str, str]:
    """Give what a notice says, as people read it."""
    said = {name: "" if value is None else str(value) for name, value in one.said.items()}
    for name in ("start", "end"):
        said[name] = day(date.fromisoformat(said[name])) if said.get(name) else ""
    if "month" in said:
        said["month"] = month(date.fromisoformat(said["month"]))
    if "scheme" in said:
        said["scheme"] = str(SchemeName(said["scheme"]).label)
    if "riel" in said:
        said["riel"] = riel(int(one.said["riel"]))
    if "claims" in said:
        said["claims"] = number(int(one.said["claims"]))
    return said


TEXTS: Mapping[str, str] = {
    "contract_made": N_("%(scheme)s pays your facility from %(start)s (%(act)s)."),
    "contract_ended": N_("%(scheme)s no longer pays your facility from %(end)s."),
    "suspended": N_("Your facility is suspended from %(start)s: %(reason)s. "
                    "What it does then is not paid."),
    "suspension_ended": N_("The suspension of your facility ends on %(end)s."),
    "claims_cut": N_("%(scheme)s, %(month)s, claims that were cut or held back: %(claims)s, "
                     "by %(riel)s."),
    "mend": N_("%(scheme)s, %(month)s, claims that verification found wrong: %(claims)s. "
               "Say by %(end)s what you do about it."),
    "statement_made": N_("%(scheme)s, %(month)s: statement %(number)s is ready, %(riel)s."),
    "statement_paid": N_("%(scheme)s, %(month)s: statement %(number)s is paid, %(riel)s."),
}  # fmt: skip


@require_GET
@access.declared(queries.READ, purpose=Purpose.PAYMENT)
def notices(request: WithActor) -> HttpResponse:
    """List what the actor's facilities were told, the unread first."""
    today = timezone.localdate()
    found = queries.notices(by=request.actor, on=today)
    names = {one.code: one.name for one in locations.facilities(today)} if found else {}
    rows: list[dict[str, Any]] = [
        {
            "one": one,
            "text": _(TEXTS[one.kind]) % _said(one),
            "facility": names.get(one.facility, one.facility),
            "reasons": [(RULES[code].text, count) for code, count in one.codes],
            "url": _url(one),
        }
        for one in found
    ]
    unread = {one.facility for one in found if not one.is_read}
    return render(request, "health_equity/notices.html", {
        "rows": rows, "unread": [(code, names.get(code, code)) for code in sorted(unread)],
    })  # fmt: skip


def _url(one: Notice) -> str:
    if "statement" in one.said:
        return reverse("health_equity:statement", args=[one.said["statement"]])
    if one.kind == "mend":
        return reverse("health_equity:to_mend")
    if one.kind == "claims_cut":
        asked = f"?facility={one.facility}&month={one.said['month']}&scheme={one.said['scheme']}"
        return reverse("health_equity:claims") + asked
    return ""


@require_POST
@access.declared(queries.READ, purpose=Purpose.PAYMENT)
def read(request: WithActor) -> HttpResponse:
    """Keep that what is shown of a facility was read."""
    done = actions.read_notices(
        facility=request.POST.get("facility", ""), keys=request.POST.getlist("key"),
        by=request.actor, on=timezone.localdate(),
    )  # fmt: skip
    said = ngettext("%(n)s notice is marked as read.", "%(n)s notices are marked as read.", done)
    messages.success(request, said % {"n": number(done)})
    return redirect("health_equity:notices")


@require_http_methods(["GET", "POST"])
@access.declared(queries.READ, purpose=Purpose.PAYMENT)
def texts(request: WithActor) -> HttpResponse:
    """Show which facilities are told by text message, and at which telephone; ask for it."""
    today = timezone.localdate()
    rows = texts_asked(by=request.actor, on=today)
    form = TextsForm(
        request.POST or None, facilities=[(one.code, one.name) for one in rows],
        initial=_texts_now(rows),
    )  # fmt: skip
    if request.method == "POST" and form.carry_out(
        lambda: actions.ask_texts(**form.cleaned_data, by=request.actor, on=today)
    ):
        messages.success(request, _("The facility is told by text message from now on."))
        return redirect("health_equity:notice_texts")
    context = {"form": form, "asked": [one for one in rows if one.since],
               "back_url": reverse("health_equity:notices")}  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "health_equity/notice_texts.html", context, status=status)


def _texts_now(rows: Sequence[Asked]) -> dict[str, str]:
    """Give what the form begins with: how one's only facility is told, else Khmer."""
    if len(rows) != 1:
        return {"language": "km"}
    return {"phone": tel(rows[0].phone), "language": rows[0].language}


@require_POST
@access.declared(queries.READ, purpose=Purpose.PAYMENT)
def stop_texts(request: WithActor) -> HttpResponse:
    """Let a facility be told by text message no more."""
    actions.stop_texts(
        facility=request.POST.get("facility", ""), by=request.actor, on=timezone.localdate()
    )
    messages.success(request, _("No more text messages are sent."))
    return redirect("health_equity:notice_texts")
