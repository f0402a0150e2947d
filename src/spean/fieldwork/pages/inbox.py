"""What came from the phones and could not be taken in as it came."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.fieldwork import actions, forms, queries
from spean.fieldwork.queries import Submission
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotFound, SpeanError
from spean.kernel.formats import language
from spean.kernel.i18n import explain_stored

RESOLVE = "fieldwork.resolve_inbox"
PURPOSES = (Purpose.REGISTRATION, Purpose.TARGETING, Purpose.CARE)
PAGE = 25
WRONG_CLOCK = {"fieldwork.clock_wrong", "fieldwork.clock_missing"}
NOT_THEIRS = {"kernel.not_allowed", "fieldwork.account_closed"}
ASKS_WHO = "registry.likely_duplicates"
BOTH_SIDES = "fieldwork.changed_on_both_sides"


@require_GET
@access.declared(RESOLVE, purpose=PURPOSES)
def inbox(request: WithActor) -> HttpResponse:
    """List what waits, the oldest first."""
    found = queries.inbox(by=request.actor)
    rows, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE)
    context = {
        "rows": [(row, [_reason(part) for part in getattr(row, queries.WAITING)]) for row in rows],
        "next_cursor": following,
    }
    return render(request, "fieldwork/inbox.html", context)


def _reason(part: queries.Part) -> str:
    return "; ".join(dict.fromkeys(explain_stored(reason) for reason in part.reasons))


@require_GET
@access.declared(RESOLVE, purpose=PURPOSES)
def submission(request: WithActor, submission_id: UUID) -> HttpResponse:
    """Show one record: why it waits, what it says, and what can be done."""
    return _shown(request, queries.submission(submission_id, by=request.actor))


def _shown(request: WithActor, found: Submission, **given: object) -> HttpResponse:
    waiting = [part for part in found.parts.all() if part.state == "open"]
    codes = {reason["code"] for part in waiting for reason in part.reasons}
    families, elsewhere = (
        queries.likely_families(found, by=request.actor) if ASKS_WHO in codes else ([], 0)
    )
    context = {
        "submission": found,
        "waiting": [(part, _reason(part), _asks(part)) for part in waiting],
        "done": [_became(part) for part in found.parts.all() if part.state != "open"],
        "answers": _answers(found),
        "families": families,
        "elsewhere": elsewhere,
        "day_form": forms.DayForm() if codes & WRONG_CLOCK else None,
        "name_form": forms.WhyForm(prefix="name") if codes & NOT_THEIRS else None,
        "drop_form": forms.WhyForm(prefix="drop"),
        "aside_form": forms.WhyForm(prefix="aside"),
        **given,
    }
    return render(request, "fieldwork/submission.html", context)


def _became(part: queries.Part) -> str:
    if part.state == "dropped":
        return _("Left as recorded: %(why)s") % {"why": part.word.get("because", "")}
    return explain_stored(part.outcome)


def _asks(part: queries.Part) -> str:
    """Say what a part asks of a person: who they are, which value holds, or neither."""
    codes = {reason["code"] for reason in part.reasons}
    return "who" if ASKS_WHO in codes else "which" if BOTH_SIDES in codes else ""


def _answers(found: Submission) -> list[tuple[str, str, str]]:
    said = [
        (answer.question.get(language(), answer.path), answer.said[language()], answer.repeat)
        for answer in queries.shown_answers(found)
    ]
    return [row for row in said if row[1]]


@require_http_methods(["GET", "POST"])
@access.declared(RESOLVE, purpose=PURPOSES)
def correct(request: WithActor, submission_id: UUID) -> HttpResponse:
    """Put answers right, and try again."""
    found = queries.submission(submission_id, by=request.actor)
    form = forms.CorrectionForm(request.POST or None, answers=queries.shown_answers(found))
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.correct_answers(
                submission_id=submission_id,
                answers=form.changed_answers(),
                note=form.cleaned_data["note"],
                by=request.actor,
                at=timezone.now(),
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            return _told(request, done)
    return render(request, "fieldwork/correct.html", {"form": form, "submission": found})


@require_POST
@access.declared(RESOLVE, purpose=PURPOSES)
def say_day(request: WithActor, submission_id: UUID) -> HttpResponse:
    """Say on which day the form was filled in."""
    form = forms.DayForm(request.POST)
    return _said(request, submission_id, form, "day_form", actions.say_day)


@require_POST
@access.declared(RESOLVE, purpose=PURPOSES)
def answer_for(request: WithActor, submission_id: UUID) -> HttpResponse:
    """Take it in under one's own name."""
    form = forms.WhyForm(request.POST, prefix="name")
    return _said(request, submission_id, form, "name_form", actions.answer_for)


@require_POST
@access.declared(RESOLVE, purpose=PURPOSES)
def dismiss(request: WithActor, submission_id: UUID) -> HttpResponse:
    """Set a record aside for good."""
    form = forms.WhyForm(request.POST, prefix="aside")
    return _said(request, submission_id, form, "aside_form", _set_aside)


def _set_aside(*, note: str, **given: object) -> Submission:
    return actions.dismiss(because=note, **given)  # type: ignore[arg-type]


def _said(
    request: WithActor,
    submission_id: UUID,
    form: forms.WhyForm | forms.DayForm,
    name: str,
    action: Callable[..., Submission],
) -> HttpResponse:
    if form.is_valid():
        try:
            done = action(
                submission_id=submission_id,
                **form.cleaned_data,
                by=request.actor,
                at=timezone.now(),
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            return _told(request, done)
    found = queries.submission(submission_id, by=request.actor)
    return _shown(request, found, **{name: form, "wrong": form})


@require_POST
@access.declared(RESOLVE, purpose=PURPOSES)
def decide(request: WithActor, submission_id: UUID) -> HttpResponse:
    """Take a person's word on one part: who they are, or which value holds."""
    part, said = request.POST.get("part", ""), request.POST.get("said", "")
    family = _id(request.POST.get("household", "")) if said == "family" else None
    done = actions.decide_part(
        submission_id=submission_id,
        part=part,
        others=said == "others",
        insist=said == "insist",
        household=family,
        by=request.actor,
        at=timezone.now(),
    )
    return _told(request, done)


@require_POST
@access.declared(RESOLVE, purpose=PURPOSES)
def drop(request: WithActor, submission_id: UUID) -> HttpResponse:
    """Leave what is recorded, in place of one part of a record."""
    form = forms.WhyForm(request.POST, prefix="drop")
    part = request.POST.get("part", "")
    return _said(request, submission_id, form, "drop_form", partial(actions.drop_part, part=part))


@require_POST
@access.declared(RESOLVE, purpose=PURPOSES)
def try_again(request: WithActor, submission_id: UUID) -> HttpResponse:
    """Try again, for what stood in the way may be gone."""
    done = actions.try_again(submission_id=submission_id, by=request.actor, at=timezone.now())
    return _told(request, done)


def _told(request: WithActor, done: Submission) -> HttpResponse:
    """Say what came of it, and lead on."""
    if done.state == Submission.State.ATTENTION:
        messages.warning(request, _("It still needs attention: look at the reason."))
        return redirect("fieldwork:submission", done.pk)
    messages.success(
        request,
        _("Set aside.") if done.state == Submission.State.DISMISSED else _("Taken in."),
    )
    return redirect("fieldwork:inbox")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


@require_GET
@access.declared(RESOLVE, purpose=PURPOSES)
def raw(request: WithActor, submission_id: UUID) -> HttpResponse:
    """Give the record as it came."""
    found = queries.submission(submission_id, by=request.actor)
    return _as_file(bytes(found.xml), "text/xml", f"{found.pk}.xml")


@require_GET
@access.declared(RESOLVE, purpose=PURPOSES)
def file(request: WithActor, submission_id: UUID, name: str) -> HttpResponse:
    """Give a file that came with a record; it is never shown as a page of ours."""
    found = queries.attachment(submission_id, name, by=request.actor)
    return _as_file(bytes(found.content), "application/octet-stream", found.name)


def _as_file(content: bytes, content_type: str, name: str) -> HttpResponse:
    safe = "".join(c if c.isascii() and (c.isalnum() or c in ".-_") else "_" for c in name)
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{safe}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_GET
@access.declared("fieldwork.view_refused", purpose=Purpose.ADMINISTRATION)
def refused(request: WithActor) -> HttpResponse:
    """List what was sent and was no record, with the reason."""
    found = queries.refused_uploads(by=request.actor)
    rows, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE, key="-id")
    shown = [(row, explain_stored(row.reason)) for row in rows]
    context = {"rows": shown, "next_cursor": following}
    return render(request, "fieldwork/refused.html", context)
