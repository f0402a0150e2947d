"""A midwife, a school or a counsellor confirms what a programme pays for."""

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
from spean.kernel.decisions import Decision
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.kernel.formats import day, language, riel
from spean.kernel.forms import SpeanForm
from spean.kernel.i18n import explain
from spean.kernel.periods import add_months
from spean.kernel.spreadsheets import CSV_TYPE, write_csv
from spean.locations import queries as locations
from spean.programmes import actions, queries
from spean.programmes.forms import CardForm, ConfirmForm, MonthForm, WithdrawForm
from spean.programmes.models import Confirmation
from spean.programmes.queries import Family
from spean.programmes.queries.words import CRITERIA, KINDS, programme_name
from spean.programmes.rules import Happened
from spean.registry.queries import Membership

LISTED = ("name", "latin_name", "birth_date", "card")


@require_http_methods(["GET", "POST"])
@access.declared(queries.CONFIRM, purpose=Purpose.PAYMENT)
def by_card(request: WithActor) -> HttpResponse:
    """Find the family that stands at the counter by its card."""
    programmes = queries.may_confirm(request.actor)
    form = CardForm(request.POST or None, programmes=programmes)
    if request.method == "POST" and form.is_valid():
        programme, number = form.cleaned_data["programme"], form.cleaned_data["number"]
        try:
            household = queries.household_of_card(programme, number, by=request.actor)
        except NotAllowed:
            raise
        except SpeanError as error:
            form.add_refusal(error)
        else:
            return redirect("programmes:confirm", programme, household)
    context = {"form": form, "may_send_lists": queries.SCHOLARSHIP in programmes}
    status = 422 if form.errors else 200
    return render(request, "programmes/confirm_by_card.html", context, status=status)


@require_http_methods(["GET", "POST"])
@access.declared(queries.CONFIRM, purpose=Purpose.PAYMENT)
def confirm(request: WithActor, programme: str, household_id: UUID) -> HttpResponse:
    """Confirm something for a family; show what was confirmed before, and what it is worth."""
    family = queries.family_of(programme, household_id, by=request.actor, on=timezone.localdate())
    form = _form(programme, family, request.POST or None)
    if request.method == "POST" and form.carry_out(lambda: _confirm(request, family, form)):
        return redirect("programmes:confirm", programme, household_id)
    return _show(request, family, form)


def _form(programme: str, family: Family, data: Any = None) -> ConfirmForm:
    today = timezone.localdate()
    last_month = add_months(today.replace(day=1), -1)
    return ConfirmForm(
        data, programme=programme,
        initial={"on": last_month if programme == queries.SCHOLARSHIP else today},
        people=[(str(one.person_id), _named(one)) for one in family.members],
    )  # fmt: skip


def _show(
    request: WithActor, family: Family, form: ConfirmForm, withdrawal: SpeanForm | None = None
) -> HttpResponse:
    """Show what was confirmed for a family, with a withdrawal that was refused."""
    refused = withdrawal or (form if form.errors else None)
    context = {
        "name": programme_name(form.programme),
        "family": family,
        "place": locations.names([family.village], on=timezone.localdate())[0][1],
        "head": next(iter(family.members), None),
        "standing": queries.standing(form.programme, family.household_id),
        "form": refused,
        "confirm_form": form,
        "rows": [
            shown(one)
            | {"form": None if one.withdrawn_on else _withdrawal(one.pk).or_refused(withdrawal)}
            for one in family.confirmed
        ],
        "back_url": reverse("programmes:confirm_by_card"),
    }
    return render(request, "programmes/confirm.html", context, status=422 if refused else 200)


def _withdrawal(confirmation_id: UUID, data: Any = None) -> WithdrawForm:
    return WithdrawForm.of_row(f"withdraw{confirmation_id}", data)


def _named(member: Membership) -> str:
    person = member.person
    name = person.name_km if language() == "km" else person.name_en
    return _("%(name)s, born %(day)s") % {"name": name, "day": day(person.birth_date)}


def _confirm(request: WithActor, family: Family, form: ConfirmForm) -> None:
    said = form.cleaned_data
    happened = Happened(
        said.get("kind", form.initial_kind), said["on"], said.get("babies", 1),
        said.get("attendance"),
    )  # fmt: skip
    person = UUID(said["person"]) if "person" in said else None
    report = actions.Report(happened, person, family.household_id)
    made = actions.confirm(
        programme=form.programme, report=report, by=request.actor, on=timezone.localdate()
    )
    if made.amount:
        words = _("Confirmed: %(amount)s in the next payment.") % {"amount": riel(made.amount)}
        messages.success(request, words)
    else:
        messages.warning(request, _("It is on record, but nothing is paid for it; see why below."))


def shown(one: Confirmation) -> dict[str, Any]:
    """Give one confirmation with the criteria that failed, in words."""
    tests = Decision.from_json(one.decision).criteria
    return {
        "one": one,
        "kind": KINDS[one.kind],
        "failed": [CRITERIA[test.name] for test in tests if not test.held],
    }


@require_POST
@access.declared(queries.CONFIRM, purpose=Purpose.PAYMENT)
def withdraw(request: WithActor, confirmation_id: UUID) -> HttpResponse:
    """Take back what was confirmed in error."""
    found = queries.confirmation(confirmation_id, by=request.actor)
    form, today = _withdrawal(found.pk, request.POST), timezone.localdate()
    if not form.carry_out(lambda: actions.withdraw(
        confirmation_id=found.pk, reason=form.cleaned_data["reason"], by=request.actor, on=today
    )):  # fmt: skip
        family = queries.family_of(found.programme, found.household_id, by=request.actor, on=today)
        return _show(request, family, _form(found.programme, family), form)
    messages.success(request, _("It is withdrawn."))
    return redirect("programmes:confirm", found.programme, found.household_id)


@require_http_methods(["GET", "POST"])
@access.declared("programmes.confirm_school", purpose=Purpose.PAYMENT)
def months(request: WithActor) -> HttpResponse:
    """Take in a school's list for a month, and say what became of each row."""
    last_month = add_months(timezone.localdate().replace(day=1), -1)
    form = MonthForm(
        request.POST or None, request.FILES or None, initial={"month": last_month, "keep": "good"}
    )
    month: list[actions.Month] = []
    if request.method == "POST":
        form.carry_out(lambda: month.append(_take(request, form)))
    context = {
        "form": form,
        "month": next(iter(month), None),
        "refused": [(row, explain(error)) for one in month for row, error in one.refused],
        "areas": access.areas(request.actor, "programmes.confirm_school"),
        "stages": [(code, KINDS[code]) for code in queries.STAGES],
        "back_url": reverse("programmes:confirm_by_card"),
    }
    status = 422 if form.errors else 200
    return render(request, "programmes/months.html", context, status=status)


def _take(request: WithActor, form: MonthForm) -> actions.Month:
    said = form.cleaned_data
    return actions.take_month(
        file=said["file"], name=said["file"].name, month=said["month"],
        keep_good=said["keep"] == "good", by=request.actor, on=timezone.localdate(),
    )  # fmt: skip


@require_GET
@access.declared("programmes.confirm_school", purpose=Purpose.PAYMENT)
def pupils(request: WithActor) -> HttpResponse:
    """Give the list of an area's pupils, with the columns that the school fills in left blank."""
    listed = queries.pupils(request.GET.get("area", ""), by=request.actor, on=timezone.localdate())
    header = ("person", *LISTED, *actions.MONTH_COLUMNS[1:])
    rows = ([one.person_id, *(getattr(one, name) for name in LISTED), "", ""] for one in listed)
    return HttpResponse(
        write_csv([header, *rows]), content_type=CSV_TYPE,
        headers={"Content-Disposition": 'attachment; filename="pupils.csv"',
                 "Cache-Control": "no-store"},
    )  # fmt: skip
