"""What stands against giving a vaccine is recorded, ends, or was an error."""

from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.rows import only
from spean.maternal_child.actions.checking import (
    RECORD,
    DayToCome,
    Wrong,
    lives,
    one_of,
    refuse,
    save_once,
)
from spean.maternal_child.actions.withdrawing import save_changed, withdraw_row
from spean.maternal_child.models import Condition, Contraindication, Vaccine


class KnownAlready(Conflict):
    """Refuse the same condition a second time."""

    code = "maternal_child.contraindication_already"
    message = N_("This is recorded already for this child.")


class EndsBefore(SpeanError):
    """Refuse an end before the beginning."""

    code = "maternal_child.ends_before"
    message = N_("This began on %(began)s. Correct the day.")
    field = "until"


@transaction.atomic
def record_contraindication(
    *,
    person_id: UUID,
    condition: str,
    since: date,
    vaccine: str = "",
    until: date | None = None,
    by: Actor,
    on: date,
) -> Contraindication:
    """Record what stands against vaccines; a reaction names the vaccine that caused it.

    Raises NotFound, NotAllowed, AnswersWrong, EndsBefore, KnownAlready.
    """
    home = lives(person_id, permission=RECORD, by=by, day=on)
    vaccines = Vaccine.values if condition == Condition.REACTION else ("",)
    wrong: Wrong = [
        *one_of("condition", condition, Condition.values),
        *one_of("vaccine", vaccine, vaccines),
        *([("since", DayToCome())] if since > on else []),
    ]
    refuse(wrong)
    _ordered(since, until)
    made = Contraindication(
        person=home.person, condition=condition, vaccine=vaccine, since=since, until=until,
        recorded_by=by.name,
    )  # fmt: skip
    save_once(made, or_raise=KnownAlready)
    area = home.household.village.code
    audit.write(by=by, action=RECORD, subject=made, area=area, condition=condition)
    return made


@transaction.atomic
def end_contraindication(
    *, contraindication_id: UUID, until: date, by: Actor, on: date
) -> Contraindication:
    """Say from which day on it stands no longer. Raises NotFound, NotAllowed, EndsBefore."""
    found = only(Contraindication.objects.filter(pk=contraindication_id), lock=True)
    home = lives(found.person_id, permission=RECORD, by=by, day=on)
    _ordered(found.since, until)
    found.until = until
    save_changed(found)
    audit.write(by=by, action=RECORD, subject=found, area=home.household.village.code, ended=True)
    return found


@transaction.atomic
def withdraw_contraindication(
    *, contraindication_id: UUID, reason: str, by: Actor, on: date
) -> Contraindication:
    """Take back what was recorded in error. Raises NotFound, NotAllowed, ReasonMissing."""
    found = only(Contraindication.objects.filter(pk=contraindication_id), lock=True)
    home = lives(found.person_id, permission=RECORD, by=by, day=on)
    withdraw_row(found, home, reason, by=by, on=on)
    return found


def _ordered(since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise EndsBefore(began=since.isoformat())
