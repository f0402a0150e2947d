"""A submission becomes calls of the same actions as the office's pages, part by part.

A part that can't be done waits in the inbox with its reason; the others are done. Taking in again
does only what waits. The one who filled the form in is the one who acts, unless a person at the
inbox answers for it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone

from spean.fieldwork.actions.parts import WHOLE, ChangedOnBothSides, Doing, Done, PartToDo, Reader
from spean.fieldwork.actions.readers import READERS
from spean.fieldwork.actions.work import credit
from spean.fieldwork.models import Part, Submission
from spean.fieldwork.queries.forms import USES
from spean.fieldwork.queries.submissions import answers_of
from spean.fieldwork.rules import Answers, check_clock
from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NotAllowed, NotFound, SpeanError
from spean.kernel.i18n import stored
from spean.kernel.models import User
from spean.kernel.policy import policy

log = structlog.get_logger()
DISTRICT = 4  # digits of its code


class AccountClosed(SpeanError):
    """Hold back what came from an account that was closed meanwhile."""

    code = "fieldwork.account_closed"
    message = N_(
        "The account of %(user)s was closed after this was sent. "
        "If it is right, answer for it in your own name."
    )


class OurFault(SpeanError):
    """Hold back what our own mistake kept from being taken in."""

    code = "fieldwork.our_fault"
    message = N_(
        "Something went wrong here, not on the phone. Nothing is lost: try again, "
        "and tell your administrator if it stays so."
    )


class NothingAsked(SpeanError):
    """Hold back a form in which nothing was filled in."""

    code = "fieldwork.nothing_asked"
    message = N_("Nothing in this record asks for anything. Set it aside, or ask the enumerator.")


@transaction.atomic
def take_in(*, submission_id: UUID, at: datetime) -> Submission:
    """Do what a submission asks for; what can't be done waits in the inbox. Raises NotFound."""
    submission = locked(submission_id)
    _one_at_a_time(submission.area)
    if submission.state not in (Submission.State.RECEIVED, Submission.State.ATTENTION):
        return submission
    reader = READERS[submission.form.form_id]
    answers = answers_of(submission)
    try:
        doing = _doing(submission, reader, answers, at)
        wanted = reader.parts(answers)
        if not wanted:
            raise NothingAsked
    except SpeanError as error:
        _wait(submission, WHOLE, error)
    else:
        asked = [part.name for part in wanted]
        submission.parts.filter(state=Part.State.OPEN).exclude(name__in=asked).delete()
        for part in wanted:
            _do(submission, part, doing)
    settle(submission, at)
    return submission


def locked(submission_id: UUID) -> Submission:
    """Give a submission, locked until the transaction ends. Raises NotFound."""
    found = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("form", "user")
        .filter(pk=submission_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _one_at_a_time(area: str) -> None:
    """Let nobody else take in what comes from the same district until this transaction ends.

    Of two phones with the same new family, the second must see what the first registered.
    """
    with connection.cursor() as cursor:
        key = f"fieldwork.take_in {area[:DISTRICT]}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _doing(submission: Submission, reader: Reader, answers: Answers, at: datetime) -> Doing:
    """Say who acts, and for which day. Raises AccountClosed, and what is wrong with the day."""
    word: Mapping[str, Any] = submission.word
    user = User.objects.get(username=word["by"]) if "by" in word else submission.user
    if not user.is_active:
        raise AccountClosed(user=user.username)
    today = timezone.localtime(at).date()
    by = Actor.of(user, USES[submission.form.form_id].purpose)
    filled_in = _filled_in(submission)
    return Doing(
        by=by, on=_day(submission, reader, answers, filled_in), today=today, at=filled_in, now=at,
        word={},
    )  # fmt: skip


def _filled_in(submission: Submission) -> datetime:
    """Give the moment at which the form was filled in, as the phone or a person here says."""
    received = submission.received_at
    arrived = timezone.localtime(received)
    if "on" in submission.word:
        said = date.fromisoformat(submission.word["on"])
        return min(received, arrived.replace(year=said.year, month=said.month, day=said.day))
    moment = check_clock(
        submission.ended_at,
        received,
        ahead=timedelta(hours=policy.value("fieldwork.clock_ahead", on=arrived.date()).whole),
        behind=timedelta(days=policy.value("fieldwork.longest_wait", on=arrived.date()).whole),
    )
    return min(moment, received)


def _day(submission: Submission, reader: Reader, answers: Answers, filled_in: datetime) -> date:
    """Give the day that counts: the one that the answers give, if they ask for one."""
    if "on" in submission.word:
        return date.fromisoformat(submission.word["on"])
    arrived = timezone.localtime(submission.received_at).date()
    return min(reader.day(answers) or timezone.localtime(filled_in).date(), arrived)


def _do(submission: Submission, part: PartToDo, doing: Doing) -> None:
    kept = submission.parts.filter(name=part.name).first()
    if kept is not None and kept.state != Part.State.OPEN:
        return
    told = replace(doing, word=kept.word if kept else {})
    try:
        with transaction.atomic():
            done = part.do(told)
            credit(submission)
    except SpeanError as error:
        if isinstance(error, NotAllowed):
            audit.refusal(
                by=doing.by,
                permission=str(error.facts["permission"]),
                area=str(error.facts["area"]),
            )
        _wait(submission, part.name, error)
    except Exception:
        log.exception("fieldwork_part_failed", submission=str(submission.pk), part=part.name)
        _wait(submission, part.name, OurFault())
    else:
        _keep_done(submission, part.name, done, doing.by)


def _keep_done(submission: Submission, name: str, done: Done, by: Actor) -> None:
    subject = done.subject
    part, _ = Part.objects.update_or_create(
        submission=submission,
        name=name,
        defaults={
            "state": Part.State.DONE,
            "reasons": [],
            "subject_type": subject._meta.label_lower if subject else "",
            "subject_id": str(subject.pk) if subject else "",
            "outcome": {"message": done.message, "facts": dict(done.facts)},
        },
    )
    audit.write(
        by=by,
        action="fieldwork.take_in",
        subject=submission,
        area=submission.area,
        part=part.name,
        became=f"{part.subject_type} {part.subject_id}".strip(),
    )


def _wait(submission: Submission, name: str, error: SpeanError) -> None:
    """Put a part into the inbox with everything that is wrong with it."""
    several = [{**stored(one), "field": path} for path, one in getattr(error, "field_errors", ())]
    values = error.facts if isinstance(error, ChangedOnBothSides) else {}
    Part.objects.update_or_create(
        submission=submission,
        name=name,
        defaults={
            "state": Part.State.OPEN,
            "reasons": several or [stored(error)],
            **{key: str(value)[:300] for key, value in values.items()},
        },
    )


def settle(submission: Submission, at: datetime) -> None:
    """Say where a submission stands, now that one of its parts has moved."""
    waits = submission.parts.filter(state=Part.State.OPEN).exists()
    submission.state = Submission.State.ATTENTION if waits else Submission.State.APPLIED
    submission.taken_in_at = None if waits else at
    submission.save(update_fields=["state", "taken_in_at"])
