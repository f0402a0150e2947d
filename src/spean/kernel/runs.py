"""Long work: shows how far it is, can be cancelled, goes on after its worker was killed.

A *kind* of work (the table in `spean.config.long_work`) is a function that takes its `Progress`.
It works outside any transaction, in steps that each leave things whole, says `step` between them
and keeps a checkpoint from which it goes on. What it makes is put in place by one last act, so that
until then the last good result stands. Only one run of a kind is open at a time.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotFound, SpeanError
from spean.kernel.i18n import stored
from spean.kernel.models import LongRun

SILENT = timedelta(minutes=3)
PERMISSION = "kernel.run_long_work"
CARRY_OUT = "spean.kernel.jobs.carry_out_run"
log = structlog.get_logger()


class UnknownWork(NotFound):
    """Say that there is no such kind of long work."""

    code = "kernel.unknown_work"
    message = N_("There is no such kind of work. Choose one from the list.")
    field = "kind"


class RunsAlready(Conflict):
    """Refuse a second run of one kind."""

    code = "kernel.run_already_open"
    message = N_("This work is already under way. Wait until it is done, or cancel it first.")


class NotOpen(Conflict):
    """Refuse to cancel what is over."""

    code = "kernel.run_not_open"
    message = N_("This work is already over.")


class CannotResume(Conflict):
    """Refuse to resume what is done, or still goes on."""

    code = "kernel.run_cannot_resume"
    message = N_("Only work that failed or was cancelled can be resumed.")


class WentWrong(SpeanError):
    """Stands for a fault that nobody foresaw; the log has the rest."""

    code = "kernel.run_went_wrong"
    message = N_(
        "This work stopped because of a fault in the program (%(fault)s). "
        "Nothing was put in place. Resume it, or tell your administrator."
    )


class Cancelled(Exception):
    """Stop the work: somebody asked for it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of long work: its name (a msgid) and the function that does it.

    `permission` is that of who may start, see and stop this kind beside who runs all long work.
    """

    label: str
    work: "Callable[[Progress], Mapping[str, Any]]"
    takes_file: bool = False
    permission: str = PERMISSION


_kinds: dict[str, Kind] = {}


def install(kinds: Mapping[str, Kind]) -> None:
    """Make this the table of long work."""
    _kinds.clear()
    _kinds.update(kinds)


def kinds() -> Mapping[str, Kind]:
    """Give the table of long work."""
    return _kinds


class Progress:
    """What a piece of work tells of itself while it runs."""

    def __init__(self, run: LongRun, say: Callable[[str], None] = lambda text: None) -> None:
        self.run, self._say = run, say

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What was asked for."""
        return dict(self.run.parameters)

    @property
    def checkpoint(self) -> dict[str, Any]:
        """What an earlier attempt kept."""
        return dict(self.run.checkpoint)

    @property
    def actor(self) -> Actor:
        """The system itself, in the name of who started the work."""
        return Actor.system(f"{self.run.kind} for {self.run.started_by}"[:140])

    def step(self, doing: str, done: int, total: int) -> None:
        """Say how far the work is. Raises Cancelled if that was asked for meanwhile."""
        asked = LongRun.objects.filter(pk=self.run.pk, state=LongRun.State.RUNNING)
        if not asked.filter(cancel_asked_by="").update(
            doing=doing, done=done, total=total, beat_at=timezone.now()
        ):
            raise Cancelled
        self._say(f"{doing}: {done:,} of {total:,}")

    def keep(self, **checkpoint: Any) -> None:
        """Keep from where to go on."""
        self.run.checkpoint = checkpoint
        LongRun.objects.filter(pk=self.run.pk).update(checkpoint=checkpoint)


def start(*, kind: str, parameters: Mapping[str, Any], by: Actor) -> LongRun:
    """Put a piece of work in the queue. Raises NotAllowed, UnknownWork, RunsAlready."""
    _require(by, kind)
    if kind not in _kinds:
        raise UnknownWork
    try:
        with transaction.atomic():
            run = LongRun.objects.create(kind=kind, parameters=dict(parameters), started_by=by.name)
            audit.write(by=by, action="kernel.start_work", subject=run, kind=kind,
                        parameters=dict(parameters))  # fmt: skip
            app.configure_task(CARRY_OUT).defer(run_id=str(run.pk))
    except IntegrityError as error:
        raise RunsAlready from error
    return run


def cancel(*, run_id: UUID, by: Actor) -> LongRun:
    """Ask a run to stop at its next step; one that waits, or lost its worker, stops at once.

    Raises NotAllowed, NotFound, NotOpen.
    """
    with transaction.atomic():
        run = _locked(run_id)
        _require(by, run.kind)
        if not run.is_open:
            raise NotOpen
        run.cancel_asked_by = by.name
        run.save(update_fields=["cancel_asked_by"])
        audit.write(by=by, action="kernel.cancel_work", subject=run, kind=run.kind)
        if run.state == LongRun.State.WAITING or _is_silent(run):
            _finish(run, LongRun.State.CANCELLED)
    return run


def resume(*, run_id: UUID, by: Actor) -> LongRun:
    """Put a failed or cancelled run in the queue again, to go on from its checkpoint.

    Raises NotAllowed, NotFound, CannotResume, RunsAlready.
    """
    try:
        with transaction.atomic():
            run = _locked(run_id)
            _require(by, run.kind)
            if run.state not in (LongRun.State.FAILED, LongRun.State.CANCELLED):
                raise CannotResume
            run.state, run.error, run.finished_at = LongRun.State.WAITING, None, None
            run.cancel_asked_by = ""
            run.save()
            audit.write(by=by, action="kernel.resume_work", subject=run, kind=run.kind)
            app.configure_task(CARRY_OUT).defer(run_id=str(run.pk))
    except IntegrityError as error:
        raise RunsAlready from error
    return run


def _require(by: Actor, kind: str) -> None:
    own = _kinds[kind].permission if kind in _kinds else PERMISSION
    access.require(by, own if access.allows(by, own, area="") else PERMISSION, area="")


def carry_out(run_id: UUID, *, say: Callable[[str], None] = lambda text: None) -> LongRun:
    """Do the work of a waiting run, here and now; whoever else does it already is left to it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [str(run_id)])
        if cursor.fetchone() != (True,):
            return LongRun.objects.get(pk=run_id)
    try:
        return _carry_out(run_id, say)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [str(run_id)])


def _carry_out(run_id: UUID, say: Callable[[str], None]) -> LongRun:
    with transaction.atomic():
        run = _locked(run_id)
        if not run.is_open:
            return run
        run.state, run.beat_at = LongRun.State.RUNNING, timezone.now()
        run.save(update_fields=["state", "beat_at"])
    try:
        result = dict(_kinds[run.kind].work(Progress(run, say)))
    except Cancelled:
        return _finish(run, LongRun.State.CANCELLED)
    except SpeanError as error:
        return _finish(run, LongRun.State.FAILED, error=stored(error))
    except Exception as fault:  # a run must never stay open for ever
        log.exception("long_run.failed", run=str(run.pk), kind=run.kind)
        wrong = WentWrong(fault=type(fault).__name__)
        return _finish(run, LongRun.State.FAILED, error=stored(wrong))
    return _finish(run, LongRun.State.DONE, result=result)


def _finish(run: LongRun, state: str, **more: Any) -> LongRun:
    LongRun.objects.filter(pk=run.pk).update(state=state, finished_at=timezone.now(), **more)
    run.refresh_from_db()
    return run


def _locked(run_id: UUID) -> LongRun:
    run = LongRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound
    return run


def _is_silent(run: LongRun) -> bool:
    return run.beat_at is None or run.beat_at < timezone.now() - SILENT


def waiting() -> QuerySet[LongRun]:
    """Give the runs to be carried out: those that wait, and those whose worker fell silent."""
    silent = Q(state=LongRun.State.RUNNING, beat_at__lt=timezone.now() - SILENT)
    return LongRun.objects.filter(Q(state=LongRun.State.WAITING) | silent).order_by("id")


def long_runs(*, by: Actor) -> QuerySet[LongRun]:
    """Give all runs, the newest first. Raises NotAllowed."""
    access.require(by, PERMISSION, area="")
    return LongRun.objects.order_by("-id")


def runs_of(kind: str, *, by: Actor) -> QuerySet[LongRun]:
    """Give the runs of one kind, the newest first. Raises NotAllowed."""
    _require(by, kind)
    return LongRun.objects.filter(kind=kind).order_by("-id")


def long_run(run_id: UUID, *, by: Actor) -> LongRun:
    """Give one run. Raises NotAllowed, NotFound."""
    found = long_runs(by=by).filter(pk=run_id).first()
    if found is None:
        raise NotFound
    return found


def last_done(kind: str) -> LongRun | None:
    """Give the last run of a kind that was done: its result is the good one."""
    return (
        LongRun.objects.filter(kind=kind, state=LongRun.State.DONE).order_by("-finished_at").first()
    )


def forget_older(kind: str, *, kept: int) -> None:
    """Remove the folders of all but the last results of a kind."""
    done = LongRun.objects.filter(kind=kind, state=LongRun.State.DONE).order_by("-finished_at")
    for run in done[kept:]:
        shutil.rmtree(run.result.get("folder", ""), ignore_errors=True)
