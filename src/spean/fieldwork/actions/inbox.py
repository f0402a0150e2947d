"""What a person at the inbox says of a submission that could not be taken in as it came.

Each word is kept beside the record with who said it, and the record is tried again at once.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from spean.fieldwork.actions.taking import locked, settle, take_in
from spean.fieldwork.models import Correction, Part, Submission
from spean.fieldwork.queries.forms import for_form
from spean.fieldwork.queries.submissions import answers_of
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotFound, SpeanError

LONGEST = 300


class NotWaiting(Conflict):
    """Refuse a word on what waits for none."""

    code = "fieldwork.not_waiting"
    message = N_("This record does not wait for anybody any more. Look at it again.")


class ReasonNeeded(SpeanError):
    """Ask why."""

    code = "fieldwork.reason_needed"
    message = N_("Write why, in at most %(longest)s characters.")
    field = "note"


class NoSuchQuestion(SpeanError):
    """Refuse a correction of what the record doesn't answer."""

    code = "fieldwork.no_such_question"
    message = N_("The record has no answer at “%(path)s” that could be corrected.")


class AnswerTooLong(SpeanError):
    """Refuse an answer that no question takes."""

    code = "fieldwork.answer_too_long"
    message = N_("An answer has at most %(longest)s characters. Shorten it.")


@transaction.atomic
def correct_answers(
    *, submission_id: UUID, answers: Mapping[str, str], note: str, by: Actor, at: datetime
) -> Submission:
    """Put other answers in place of those sent (by path, with numbers), and try again.

    Raises NotAllowed, NotFound, NotWaiting, ReasonNeeded, NoSuchQuestion, AnswerTooLong.
    """
    submission, me = _waiting(submission_id, by)
    held = answers_of(submission).values
    changed = {path: text.strip() for path, text in answers.items()}
    for path, text in changed.items():
        if path not in held or path.startswith("meta["):
            raise NoSuchQuestion(path=path)
        if len(text) > LONGEST:
            raise AnswerTooLong(longest=LONGEST)
    fixes = [
        Correction(
            submission=submission, path=path, before=held[path][:LONGEST], after=text,
            note=_why(note), by=me.name,
        )
        for path, text in changed.items()
        if held[path] != text
    ]  # fmt: skip
    Correction.objects.bulk_create(fixes)
    return _again(submission, me, at, "fieldwork.correct", paths=[fix.path for fix in fixes])


@transaction.atomic
def say_day(*, submission_id: UUID, day: date, note: str, by: Actor, at: datetime) -> Submission:
    """Say on which day a form was filled in whose phone had the date wrong, and try again.

    Raises NotAllowed, NotFound, NotWaiting, ReasonNeeded.
    """
    submission, me = _waiting(submission_id, by)
    submission.word = {**submission.word, "on": day.isoformat()}
    submission.save(update_fields=["word"])
    return _again(submission, me, at, "fieldwork.say_day", day=day.isoformat(), because=_why(note))


@transaction.atomic
def answer_for(*, submission_id: UUID, note: str, by: Actor, at: datetime) -> Submission:
    """Take a submission in under one's own name and rights, and try again.

    Raises NotAllowed, NotFound, NotWaiting, ReasonNeeded.
    """
    submission, me = _waiting(submission_id, by)
    submission.word = {**submission.word, "by": me.name}
    submission.save(update_fields=["word"])
    return _again(submission, me, at, "fieldwork.answer_for", because=_why(note))


@transaction.atomic
def try_again(*, submission_id: UUID, by: Actor, at: datetime) -> Submission:
    """Try a submission again, for what stood in its way may be gone.

    Raises NotAllowed, NotFound, NotWaiting.
    """
    submission, me = _waiting(submission_id, by)
    return _again(submission, me, at, "fieldwork.try_again")


@transaction.atomic
def decide_part(
    *,
    submission_id: UUID,
    part: str,
    others: bool = False,
    household: UUID | None = None,
    insist: bool = False,
    by: Actor,
    at: datetime,
) -> Submission:
    """Say of a part that these are other people, which family it is, or that it is to be written.

    Raises NotAllowed, NotFound, NotWaiting.
    """
    submission, me = _waiting(submission_id, by)
    waiting = _open_part(submission, part)
    said = {"others": others, "household": household and str(household), "insist": insist}
    waiting.word = {name: word for name, word in said.items() if word}
    waiting.decided_by, waiting.decided_at = me.name, at
    waiting.save(update_fields=["word", "decided_by", "decided_at"])
    return _again(submission, me, at, "fieldwork.decide", part=part, said=waiting.word)


@transaction.atomic
def drop_part(*, submission_id: UUID, part: str, note: str, by: Actor, at: datetime) -> Submission:
    """Leave what is recorded as it is, in place of one part of a submission.

    Raises NotAllowed, NotFound, NotWaiting, ReasonNeeded.
    """
    submission, me = _waiting(submission_id, by)
    waiting = _open_part(submission, part)
    waiting.state = Part.State.DROPPED
    waiting.word = {"because": _why(note)}
    waiting.decided_by, waiting.decided_at = me.name, at
    waiting.save(update_fields=["state", "word", "decided_by", "decided_at"])
    audit.write(
        by=me, action="fieldwork.drop_part", subject=submission, area=submission.area, part=part,
    )  # fmt: skip
    settle(submission, at)
    return submission


@transaction.atomic
def dismiss(*, submission_id: UUID, because: str, by: Actor, at: datetime) -> Submission:
    """Set a submission aside for good, with the reason; what it already became stays.

    Raises NotAllowed, NotFound, NotWaiting, ReasonNeeded.
    """
    submission, me = _waiting(submission_id, by)
    submission.state = Submission.State.DISMISSED
    submission.dismissed_at, submission.dismissed_by = at, me.name
    submission.dismissed_because = _why(because)
    submission.save()
    audit.write(
        by=me, action="fieldwork.dismiss", subject=submission, area=submission.area,
        because=submission.dismissed_because,
    )  # fmt: skip
    return submission


def _waiting(submission_id: UUID, by: Actor) -> tuple[Submission, Actor]:
    """Lock a submission that waits; give it with the actor, for the purpose of its form."""
    submission = locked(submission_id)
    me = for_form(by, submission.form.form_id)
    access.require(me, "fieldwork.resolve_inbox", area=submission.area)
    if submission.state != Submission.State.ATTENTION:
        raise NotWaiting
    return submission, me


def _open_part(submission: Submission, name: str) -> Part:
    found = submission.parts.filter(name=name, state=Part.State.OPEN).first()
    if found is None:
        raise NotFound
    return found


def _again(
    submission: Submission, by: Actor, at: datetime, action: str, **detail: object
) -> Submission:
    audit.write(by=by, action=action, subject=submission, area=submission.area, **detail)
    return take_in(submission_id=submission.pk, at=at)


def _why(note: str) -> str:
    tidy = note.strip()
    if not tidy or len(tidy) > LONGEST:
        raise ReasonNeeded(longest=LONGEST)
    return tidy
