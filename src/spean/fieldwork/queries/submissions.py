"""What became of submissions: for the phone that sent them, and for the people at the inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from spean.fieldwork.models import (
    Attachment,
    Part,
    RefusedUpload,
    Submission,
)
from spean.fieldwork.queries.forms import USES, for_form
from spean.fieldwork.rules import Answers, Question, parse_submission, questions_of
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NotAllowed, NotFound
from spean.kernel.i18n import in_both_languages
from spean.kernel.models import User

MOST = 200
WAITING = "waiting"  # where `inbox` puts the parts that wait
SET_ASIDE = N_("Set aside by the office: %(because)s")


@dataclass(frozen=True, slots=True)
class SubmissionState:
    """What the phone may say of a record, in both languages: its state, why, what it became."""

    instance_id: str
    state: str
    reason: Mapping[str, str] | None
    outcome: Mapping[str, str] | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One answer as the people at the inbox read it; `path` is what a correction names."""

    path: str
    question: Mapping[str, str]
    text: str
    choices: Mapping[str, Mapping[str, str]]
    several: bool
    repeat: str

    @property
    def said(self) -> Mapping[str, str]:
        """The answer in the words of its choices, in both languages."""
        codes = self.text.split() if self.several else [self.text.strip()]
        return {
            language: ", ".join(self.choices.get(code, {}).get(language, code) for code in codes)
            for language in ("km", "en")
        }


def submission_states(instance_ids: Sequence[str], *, user: User) -> list[SubmissionState]:
    """Give what became of the user's own records (at most 200); unknown ones are left out."""
    rows = Submission.objects.filter(instance_id__in=instance_ids[:MOST], user=user)
    return [_state(row) for row in rows.defer("xml").prefetch_related("parts")]


def _state(row: Submission) -> SubmissionState:
    parts = list(row.parts.all())
    reasons = [reason for part in parts if part.state == Part.State.OPEN for reason in part.reasons]
    outcomes = [part.outcome for part in parts if part.state == Part.State.DONE and part.outcome]
    if row.state == Submission.State.DISMISSED:
        reasons = [{"message": SET_ASIDE, "facts": {"because": row.dismissed_because}}]
    return SubmissionState(
        row.instance_id,
        row.state,
        _said(reasons) if row.state != Submission.State.APPLIED else None,
        _said(outcomes),
        row.received_at,
    )


def _said(messages: Sequence[Mapping[str, object]]) -> Mapping[str, str] | None:
    """Say several kept messages one after the other, each once."""
    if not messages:
        return None
    said = [in_both_languages(message) for message in messages]
    return {
        language: "; ".join(dict.fromkeys(one[language] for one in said)) for language in said[0]
    }


def submissions(*, by: Actor, state: str = "", permission: str) -> QuerySet[Submission]:
    """Give the submissions in the actor's areas, each form's for its own purpose, newest first."""
    rows = Submission.objects.select_related("form", "user").defer("xml", "form__xform")
    if state:
        rows = rows.filter(state=state)
    return rows.filter(_seen(by, permission)).order_by("-received_at", "-id")


def _seen(by: Actor, permission: str) -> Q:
    """Give the condition that the actor may see a submission, for the purpose of its form."""
    condition = Q(pk__in=[])
    for form_id in USES:
        for area in access.areas(for_form(by, form_id), permission):
            condition |= Q(form__form_id=form_id, area__startswith=area)
    return condition


def inbox(*, by: Actor) -> QuerySet[Submission]:
    """Give what waits for a person in the actor's areas, with its parts, the oldest first."""
    rows = submissions(
        by=by, state=Submission.State.ATTENTION, permission="fieldwork.resolve_inbox"
    )
    open_parts = Part.objects.filter(state=Part.State.OPEN).order_by("name")
    return rows.prefetch_related(Prefetch("parts", open_parts, to_attr=WAITING)).order_by(
        "received_at", "id"
    )


def submission(submission_id: UUID, *, by: Actor) -> Submission:
    """Give one submission with its parts, corrections and files; reading it is audited.

    Raises NotFound, NotAllowed.
    """
    rows = Submission.objects.select_related("form", "user").prefetch_related(
        Prefetch("parts", Part.objects.order_by("name")),
        Prefetch("attachments", Attachment.objects.defer("content").order_by("name")),
        "corrections",
    )
    found = rows.filter(pk=submission_id).first()
    if found is None:
        raise NotFound
    me = for_form(by, found.form.form_id)
    access.require(me, "fieldwork.resolve_inbox", area=found.area)
    audit.read(by=me, action="fieldwork.read_submission", subject=found, area=found.area)
    return found


def attachment(submission_id: UUID, name: str, *, by: Actor) -> Attachment:
    """Give one file of a submission; reading it is audited. Raises NotFound, NotAllowed."""
    found = submission(submission_id, by=by).attachments.filter(name=name).first()
    if found is None:
        raise NotFound
    return found


def answers_of(found: Submission) -> Answers:
    """Give the answers as they were sent, each corrected one in its place."""
    sent = parse_submission(bytes(found.xml)).answers
    fixes = sorted(found.corrections.all(), key=lambda fix: (fix.at, fix.pk))
    return Answers({**sent.values, **{fix.path: fix.after for fix in fixes}})


def shown_answers(found: Submission) -> list[ShownAnswer]:
    """Give the answers as they stand, in the form's words."""
    questions = questions_of(found.form.xform)
    return [
        _shown(path, text, questions)
        for path, text in answers_of(found).values.items()
        if _plain(path) in questions and questions[_plain(path)].words
    ]


def _shown(path: str, text: str, questions: Mapping[str, Question]) -> ShownAnswer:
    question = questions[_plain(path)]
    step = path.split("/")[0]
    several_there = "/" in path and step != f"{_plain(step)}[1]"
    number = step.partition("[")[2].rstrip("]") if several_there else ""
    return ShownAnswer(path, question.words, text, question.answers, question.several, number)


def _plain(path: str) -> str:
    return "/".join(step.partition("[")[0] for step in path.split("/"))


def refused_uploads(*, by: Actor) -> QuerySet[RefusedUpload]:
    """Give what was refused, newest first, to who may look after the system. Raises NotAllowed."""
    if not access.areas(by, "fieldwork.view_refused"):
        raise NotAllowed(permission="fieldwork.view_refused", area="")
    return RefusedUpload.objects.defer("raw").order_by("-id")
