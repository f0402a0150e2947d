"""Interviews drawn by lot and held again by somebody else."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from math import ceil
from uuid import UUID

from django.db import transaction

from spean.fieldwork.models import Sample, SampledInterview, Submission
from spean.fieldwork.queries.supervision import SUPERVISE, interviews_between
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotFound, SpeanError
from spean.kernel.policy import policy
from spean.targeting import queries as cases


class NothingToDraw(SpeanError):
    """Refuse to draw from no interviews."""

    code = "fieldwork.nothing_to_draw"
    message = N_("No interview of these days was taken in. Choose other days.")
    field = "first_day"


class DaysTheWrongWayRound(SpeanError):
    """Refuse a period that ends before it begins."""

    code = "fieldwork.days_the_wrong_way_round"
    message = N_("The last day lies before the first one. Correct one of them.")
    field = "last_day"


class HeldByThemselves(SpeanError):
    """Refuse to let enumerators check their own interviews."""

    code = "fieldwork.held_by_themselves"
    message = N_("Somebody else than who held the interview holds it again.")
    status = 403


class CheckedAlready(Conflict):
    """Refuse a second check of one interview."""

    code = "fieldwork.checked_already"
    message = N_("This interview was held again already. Look at the result.")


class AnswersMissing(SpeanError):
    """Ask for all the answers."""

    code = "fieldwork.answers_missing"
    message = N_("Answer every question. Missing: %(missing)s.")


@transaction.atomic
def draw_sample(
    *, area: str, first_day: date, last_day: date, seed: str, by: Actor, on: date
) -> Sample:
    """Draw a share of each enumerator's interviews of some days, at least one of each.

    The same seed draws the same ones. The share is `fieldwork.reinterview_share`.
    Raises NotAllowed, DaysTheWrongWayRound, NothingToDraw.
    """
    access.require(by, SUPERVISE, area=area)
    if last_day < first_day:
        raise DaysTheWrongWayRound
    held = interviews_between(area, first_day, last_day).filter(state=Submission.State.APPLIED)
    share = policy.value("fieldwork.reinterview_share", on=on).whole
    drawn = _drawn(held, share, seed)
    if not drawn:
        raise NothingToDraw
    sample = Sample.objects.create(
        area=area,
        first_day=first_day,
        last_day=last_day,
        share=share,
        seed=seed[:40],
        drawn_on=on,
        drawn_by=by.name,
    )
    SampledInterview.objects.bulk_create(
        [SampledInterview(sample=sample, submission=row) for row in drawn]
    )
    audit.write(
        by=by, action="fieldwork.draw_sample", subject=sample, area=area, interviews=len(drawn)
    )
    return sample


def _drawn(rows: Iterable[Submission], share: int, seed: str) -> list[Submission]:
    by_user: dict[object, list[Submission]] = defaultdict(list)
    for row in rows:
        by_user[row.user_id].append(row)

    def lot(row: Submission) -> bytes:
        return hashlib.sha256(f"{seed} {row.instance_id}".encode()).digest()

    return [
        row
        for held in by_user.values()
        for row in sorted(held, key=lot)[: ceil(len(held) * share / 100)]
    ]


@transaction.atomic
def record_check(
    *, sampled_id: UUID, answers: Mapping[str, str], by: Actor, on: date
) -> SampledInterview:
    """Record what a family answered the second time; the first answers stay as they are.

    Raises NotFound, NotAllowed, HeldByThemselves, CheckedAlready, AnswersMissing.
    """
    row = SampledInterview.objects.select_for_update(of=("self",)).select_related(
        "submission__user", "sample"
    )
    found = row.filter(pk=sampled_id).first()
    if found is None:
        raise NotFound
    access.require(by, SUPERVISE, area=found.submission.area)
    if by.name == found.submission.user.username:
        raise HeldByThemselves
    if found.checked_on is not None:
        raise CheckedAlready
    asked = [q.code for q in cases.scorecard(on=on).questions if not q.derived]
    missing = [code for code in asked if not answers.get(code)]
    if missing:
        raise AnswersMissing(missing=", ".join(missing))
    found.answers = {code: answers[code] for code in asked}
    found.checked_on, found.checked_by = on, by.name
    found.save()
    audit.write(by=by, action="fieldwork.record_check", subject=found, area=found.submission.area)
    return found
