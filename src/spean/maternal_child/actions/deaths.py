"""A death is notified at once and reviewed later: causes, delays, what is to change (MPDSR)."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.rows import only
from spean.maternal_child.actions.checking import (
    BeforeBirth,
    DayToCome,
    Wrong,
    lives,
    one_of,
    propose,
    refuse,
    save_once,
    unknown,
)
from spean.maternal_child.events import DeathNotified
from spean.maternal_child.models import Cause, Death, DeathPlace, Delay, Ending, Pregnancy
from spean.maternal_child.rules import kind_of_death
from spean.registry import actions as registry
from spean.registry import queries as people

NOTIFY, REVIEW = "maternal_child.notify_death", "maternal_child.review_death"
TOLD = N_("Death notified in care")


class NotReviewed(SpeanError):
    """Refuse a death that is neither a mother's nor a small child's."""

    code = "maternal_child.death_not_reviewed_here"
    message = N_(
        "This is for mothers until 42 days after a pregnancy and for children under five. "
        "Report other deaths to the commune."
    )


class DeathAlready(Conflict):
    """Refuse the same death a second time."""

    code = "maternal_child.death_already"
    message = N_("This death is notified already.")


class ReviewedAlready(Conflict):
    """Refuse a second review."""

    code = "maternal_child.reviewed_already"
    message = N_("This death is reviewed already.")


class MeasuresMissing(SpeanError):
    """Ask what is to change."""

    code = "maternal_child.measures_missing"
    message = N_("Write what is to change, so that it doesn't happen again.")
    field = "measures"


@dataclass(frozen=True, slots=True)
class Review:
    """What a review found."""

    cause: str
    delays: Collection[str]
    avoidable: bool
    measures: str


@transaction.atomic
def notify_death(
    *, person_id: UUID, died_on: date, place: str, account: str = "", by: Actor, on: date
) -> Death:
    """Tell of a death; it is proposed to the registry, and the civil registry hears.

    Raises NotFound, NotAllowed, NotReviewed, DeathAlready, AnswersWrong.
    """
    home = lives(person_id, permission=NOTIFY, by=by, day=died_on)
    person = home.person
    wrong: Wrong = one_of("place", place, DeathPlace.values)
    if died_on > on:
        wrong.append(("died_on", DayToCome()))
    elif died_on < person.birth_date:
        wrong.append(("died_on", BeforeBirth(born=person.birth_date.isoformat())))
    refuse(wrong)
    last = Pregnancy.objects.filter(person=person_id).order_by("-started_on").first()
    span = (last.started_on, last.ended_on) if last else None
    kind = kind_of_death(born=person.birth_date, died_on=died_on, pregnancy=span)
    if kind is None:
        raise NotReviewed
    made = Death(
        person=person, village=home.household.village, kind=kind, died_on=died_on, place=place,
        account=account.strip()[:1000], notified_on=on, notified_by=by.name,
    )  # fmt: skip
    save_once(made, or_raise=DeathAlready)
    if last is not None and last.ended_on is None and died_on > last.started_on:
        last.ending, last.ended_on, last.ended_by = Ending.DEATH, died_on, by.name
        last.save(update_fields=["ending", "ended_on", "ended_by"])
    _tell(made, by=by, on=on)
    return made


def _tell(made: Death, *, by: Actor, on: date) -> None:
    area = made.village.code
    audit.write(by=by, action=NOTIFY, subject=made, area=area, kind=made.kind)
    person = people.person(made.person_id, by=by, log_read=False)
    if person.death_date is None:
        with suppress(registry.HeadsNotOne):  # the council says who is the head from now on
            made.change = propose(
                kind="death", person=person, proposal={"death_date": made.died_on}, reason=TOLD,
                day=made.died_on, by=by, on=on,
            )  # fmt: skip
            made.save(update_fields=["change"])
    outbox.announce(DeathNotified(made.pk, made.person_id, area, made.kind, made.died_on))


@transaction.atomic
def review_death(*, death_id: UUID, review: Review, by: Actor, on: date) -> Death:
    """Keep what the committee found. Raises NotFound, NotAllowed, ReviewedAlready, AnswersWrong."""
    found = only(Death.objects.filter(pk=death_id), lock=True)
    access.require(by, REVIEW, area=found.village.code)
    if found.reviewed_on is not None:
        raise ReviewedAlready
    wrong = one_of("cause", review.cause, Cause.values)
    refuse(wrong + unknown("delays", review.delays, Delay.values))
    if not review.measures.strip():
        raise MeasuresMissing
    found.reviewed_on, found.reviewed_by = on, by.name
    found.cause, found.delays = review.cause, sorted(set(review.delays))
    found.avoidable, found.measures = review.avoidable, review.measures.strip()[:1000]
    found.save()
    audit.write(by=by, action=REVIEW, subject=found, area=found.village.code)
    return found
