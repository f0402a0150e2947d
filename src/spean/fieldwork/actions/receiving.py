"""What a phone sends is kept, once, as it came; what it means is worked out after (`taking`).

A repeat changes nothing: a phone that lost our answer sends again. Its files may come later.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from spean.fieldwork.models import Attachment, FormVersion, RefusedUpload, Submission
from spean.fieldwork.rules import ParsedSubmission, parse_submission
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotAllowed, SpeanError
from spean.kernel.i18n import stored
from spean.kernel.models import User

KEPT_OF_REFUSED = 1024 * 1024
TAKE_IN = "spean.fieldwork.jobs.take_in"


class UnknownForm(SpeanError):
    """Refuse a form, or a version of one, that was never published here."""

    code = "fieldwork.unknown_form"
    message = N_(
        "There is no form “%(form)s” of version “%(version)s” here. Get the forms again from "
        "this server. The record was kept here for inspection."
    )
    status = 404


class AnotherUnderThisId(Conflict):
    """Refuse other content under the number of a record that has arrived."""

    code = "fieldwork.another_under_this_id"
    message = N_(
        "Another record with the same number has arrived already. This one was kept here for "
        "inspection; fill the form in again if something is missing."
    )


class AnotherFile(Conflict):
    """Refuse another file under the name of one that has arrived."""

    code = "fieldwork.another_file"
    message = N_("A file “%(name)s” of this record has arrived already, with other content.")


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file that came with a record."""

    name: str
    content_type: str
    content: bytes


@transaction.atomic
def receive_submission(
    *,
    xml: bytes,
    attachments: Sequence[NewAttachment] = (),
    device: str = "",
    by: Actor,
    at: datetime,
) -> Submission:
    """Keep a filled-in form, and have it taken in; a repeat adds only the files that are missing.

    Raises NotAllowed; what `parse_submission` raises; UnknownForm, AnotherUnderThisId, AnotherFile.
    """
    if by.user is None or not access.areas(by, "fieldwork.submit"):
        raise NotAllowed(permission="fieldwork.submit", area="")
    parsed = parse_submission(xml)
    form = FormVersion.objects.filter(form_id=parsed.form_id, version=parsed.version).first()
    if form is None:
        raise UnknownForm(form=parsed.form_id[:60], version=parsed.version[:20])
    submission, new = _once(parsed, form, xml, device, by, at)
    if submission.user_id != by.user.pk or submission.sha256 != _sha256(xml):
        raise AnotherUnderThisId
    _keep_files(submission, attachments)
    if new:
        audit.write(
            by=by,
            action="fieldwork.receive",
            subject=submission,
            area=submission.area,
            form=str(form),
        )
        hand_on(submission)
    return submission


def hand_on(submission: Submission) -> None:
    """Have the worker take a submission in, once this transaction holds."""
    app.configure_task(TAKE_IN).defer(submission_id=str(submission.pk))


def _once(
    parsed: ParsedSubmission, form: FormVersion, xml: bytes, device: str, by: Actor, at: datetime
) -> tuple[Submission, bool]:
    latitude, longitude = parsed.position or (None, None)
    return Submission.objects.get_or_create(
        instance_id=parsed.instance_id,
        defaults={
            "form": form,
            "xml": xml,
            "sha256": _sha256(xml),
            "user": cast(User, by.user),
            "device": device[:120],
            "received_at": at,
            "started_at": parsed.started_at,
            "ended_at": parsed.ended_at,
            "area": _area(parsed.answers.text("village"), by),
            "latitude": latitude,
            "longitude": longitude,
        },
    )


def _area(village: str, by: Actor) -> str:
    """Give the village that a record names, or where it names none the sender's own area."""
    named = len(village) == 8 and village.isascii() and village.isdecimal()
    return village if named else access.areas(by, "fieldwork.submit")[0]


def _keep_files(submission: Submission, attachments: Iterable[NewAttachment]) -> None:
    for file in attachments:
        kept, new = Attachment.objects.get_or_create(
            submission=submission,
            name=file.name[:150],
            defaults={
                "content_type": file.content_type[:100],
                "size": len(file.content),
                "sha256": _sha256(file.content),
                "content": file.content,
            },
        )
        if not new and kept.sha256 != _sha256(file.content):
            raise AnotherFile(name=file.name)


def keep_refused(
    *, error: SpeanError, username: str, raw: bytes, size: int, at: datetime
) -> RefusedUpload:
    """Keep what was refused (its first megabyte) with the reason; a repeat is kept once."""
    held = {"received_at": at, "reason": stored(error), "raw": raw[:KEPT_OF_REFUSED], "size": size}
    sha256 = _sha256(raw)
    try:
        with transaction.atomic():
            kept, _ = RefusedUpload.objects.get_or_create(
                username=username[:150], sha256=sha256, defaults=held
            )
    except IntegrityError:
        kept = RefusedUpload.objects.get(username=username[:150], sha256=sha256)
    return kept


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
