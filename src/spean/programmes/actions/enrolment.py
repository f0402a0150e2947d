"""Families come into a programme: found, reviewed, enrolled; suspended, taken back in, let go."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from spean.kernel import access, audit, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.programmes.actions.owed import last_results, lock_programme, owed_by
from spean.programmes.events import EnrolmentsMoved
from spean.programmes.models import Confirmation, Enrolment
from spean.programmes.queries import (
    ASK,
    FIND,
    REVIEW,
    enrolment_for,
    entitlements_of,
    view_right,
)
from spean.programmes.queries.words import Reason
from spean.programmes.rules import BENEFITED, CONFIDENTIAL, FLOW, State

STEP = """
INSERT INTO programmes_enrolmentstep (enrolment_id, state, "on", reason, by)
SELECT id, %(to)s, %(day)s, %(reason)s, %(by)s FROM moved
"""
ADD = f"""
WITH moved AS (
    INSERT INTO programmes_enrolment (programme, household_id, village, state, since, amount)
    SELECT %(programme)s, household, village, %(to)s, %(day)s, amount FROM owed
    ON CONFLICT (household_id, programme) DO NOTHING
    RETURNING id
) {STEP}
"""
MOVE = f"""
WITH moved AS (
    UPDATE programmes_enrolment enrolment SET state = %(to)s, since = %(day)s
    WHERE programme = %(programme)s AND starts_with(village, %(area)s) AND {{whom}}
    RETURNING id
) {STEP}
"""
# Something is confirmed for the household that no cycle has paid yet.
DUE = """EXISTS (
    SELECT FROM programmes_confirmation due
    WHERE due.programme = enrolment.programme AND due.household_id = enrolment.household_id
      AND due.cycle_id IS NULL AND due.withdrawn_on IS NULL AND due.amount > 0)"""
CANDIDATES = f"state = 'candidate' AND (amount IS NOT NULL OR {DUE})"
CANDIDATES_NO_MORE = f"state = 'candidate' AND amount IS NULL AND NOT {DUE}"
ENTITLED_NO_MORE = f"state IN ('enrolled', 'suspended') AND amount IS NULL AND NOT {DUE}"
LEFT_UNENTITLED = """state = 'exited' AND amount IS NULL
    AND EXISTS (SELECT FROM owed WHERE owed.household = enrolment.household_id)"""
REFRESH = """
UPDATE programmes_enrolment enrolment SET amount = owed.amount, village = owed.village FROM owed
WHERE programme = %(programme)s AND owed.household = household_id
  AND (enrolment.amount, enrolment.village) IS DISTINCT FROM (owed.amount, owed.village)
"""
FORGET = """
UPDATE programmes_enrolment SET amount = NULL
WHERE programme = %(programme)s AND amount IS NOT NULL
  AND NOT EXISTS (SELECT FROM owed WHERE owed.household = household_id)
"""


class ReasonMissing(SpeanError):
    """Ask why."""

    code = "programmes.reason_missing"
    message = N_("Write the reason: the family may ask for it.")
    field = "reason"


class NotPossibleNow(Conflict):
    """Refuse a step that does not lead on from where the household stands."""

    code = "programmes.not_possible_now"
    message = N_("This is not possible where the family stands now. Look at it again.")


class InAlready(Conflict):
    """Refuse a family that is in the programme's list."""

    code = "programmes.in_already"
    message = N_("This family is on the programme's list already.")


class NotEntitled(Conflict):
    """Refuse a family to which the programme's rules give nothing."""

    code = "programmes.not_entitled"
    message = N_("By the rules of today this programme gives the family nothing. See why not.")


@dataclass(frozen=True, slots=True)
class Found:
    """How many households became candidates, and how many stand on the list without a claim."""

    candidates: int
    withdrawn: int
    not_entitled: int


@transaction.atomic
def find_candidates(*, programme: str, by: Actor, on: date) -> Found:
    """Make candidates of whom the nation's last results newly owe something; note who lost it.

    Candidates that the results owe nothing any more leave the list; who is enrolled stays, and
    is owed nothing. Raises NotAllowed, NoResults, and what `open_snapshot` raises.
    """
    access.require(by, FIND, area="")
    done = last_results(programme)
    lock_programme(programme)
    values: dict[str, str | date] = {
        "programme": programme, "day": on, "by": by.name, "area": "",
    }  # fmt: skip
    entitled = values | {"to": State.CANDIDATE, "reason": Reason.ENTITLED}
    gone = values | {"to": State.EXITED, "reason": Reason.NOT_ENTITLED}
    with owed_by(done, programme), connection.cursor() as cursor:
        cursor.execute(ADD, entitled)
        candidates = cursor.rowcount
        cursor.execute(MOVE.format(whom=LEFT_UNENTITLED), entitled)
        candidates += cursor.rowcount
        cursor.execute(REFRESH, values)
        cursor.execute(FORGET, values)
        cursor.execute(MOVE.format(whom=CANDIDATES_NO_MORE), gone)
        withdrawn = cursor.rowcount
    rows = Enrolment.objects.filter(programme=programme, amount=None)
    left = rows.filter(state__in=[State.ENROLLED, State.SUSPENDED]).count()
    found = Found(candidates, withdrawn, left)
    audit.write(by=by, action=FIND, subject=("programme", programme), **asdict(found))
    return found


def enrol_candidates(*, programme: str, area: str, by: Actor, on: date) -> int:
    """Enrol all candidates of an area ("" is the nation); give how many. Raises NotAllowed."""
    return _review(programme, area, CANDIDATES, State.ENROLLED, Reason.REVIEWED, by=by, on=on)


def let_go(*, programme: str, area: str, by: Actor, on: date) -> int:
    """End the enrolment of who is not entitled any more in an area; give how many.

    Raises NotAllowed.
    """
    return _review(
        programme, area, ENTITLED_NO_MORE, State.EXITED, Reason.NOT_ENTITLED, by=by, on=on
    )


@transaction.atomic
def _review(
    programme: str, area: str, whom: str, to: State, reason: Reason, *, by: Actor, on: date
) -> int:
    access.require(by, REVIEW, area=area)
    access.require(by, view_right(programme), area=area)
    lock_programme(programme)
    values: dict[str, str | date] = {
        "programme": programme, "area": area, "to": to, "day": on, "reason": reason,
        "by": by.name,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MOVE.format(whom=whom), values)
        moved: int = cursor.rowcount
    if moved:
        _tell(programme, to, first=to == State.ENROLLED, area=area, on=on)
    audit.write(by=by, action=REVIEW, subject=("programme", programme), area=area, to=to,
                households=moved)  # fmt: skip
    return moved


@transaction.atomic
def ask_for(*, programme: str, household_id: UUID, by: Actor, on: date) -> Enrolment:
    """Make a candidate of one family that asks, if the rules of today owe it something.

    Raises NotFound, NotAllowed, InAlready, NotEntitled.
    """
    found = entitlements_of(household_id, by=by, on=on)
    access.require(by, ASK, area=found.village)
    lock_programme(programme)
    if Enrolment.objects.filter(programme=programme, household_id=household_id).exists():
        raise InAlready
    amount = found.amount_of(programme)
    if not amount:
        raise NotEntitled
    made = Enrolment.objects.create(
        programme=programme, household_id=household_id, village=found.village,
        state=State.CANDIDATE, since=on, amount=amount,
    )  # fmt: skip
    _step(made, ASK, Reason.ASKED, by=by)
    return made


def put_on_list(confirmed: Confirmation, a_month: int, *, by: Actor, on: date) -> None:
    """Bring a family on the list for whom something was confirmed, or back where it had left.

    Its list is reviewed as ever, but for a confidential programme: who confirms that knows.
    """
    to = State.ENROLLED if confirmed.programme in CONFIDENTIAL else State.CANDIDATE
    found, new = Enrolment.objects.select_for_update().get_or_create(
        programme=confirmed.programme, household_id=confirmed.household_id,
        defaults={"village": confirmed.village, "state": to, "since": on, "amount": a_month},
    )  # fmt: skip
    if not new and found.state == State.EXITED:
        found.state, found.since, found.amount = to, on, a_month
        found.save(update_fields=["state", "since", "amount"])
    elif not new:
        return
    _step(found, ASK, Reason.CONFIRMED, by=by)


@transaction.atomic
def move(
    *, programme: str, household_id: UUID, to: str, reason: str, by: Actor, on: date
) -> Enrolment:
    """Enrol, refuse, suspend or let go one household, or hear it again, and say why.

    Raises NotFound, NotAllowed, ReasonMissing, NotPossibleNow.
    """
    found = enrolment_for(programme, household_id, lock=True)
    access.require(by, REVIEW, area=found.village)
    access.require(by, view_right(programme), area=found.village)
    if not reason.strip():
        raise ReasonMissing
    if to not in FLOW[State(found.state)]:
        raise NotPossibleNow
    before, found.state, found.since = found.state, to, on
    found.save(update_fields=["state", "since"])
    if to in BENEFITED:
        _tell(programme, to, first=before == State.CANDIDATE, household=household_id,
              area=found.village, on=on)  # fmt: skip
    _step(found, REVIEW, reason.strip()[:300], by=by)
    return found


def _tell(
    programme: str, to: str, *, first: bool, area: str, on: date, household: UUID | None = None
) -> None:
    if programme not in CONFIDENTIAL:
        outbox.announce(EnrolmentsMoved(
            programme=programme, state=to, first=first, household=household, area=area, day=on
        ))  # fmt: skip


def _step(moved: Enrolment, action: str, reason: str, *, by: Actor) -> None:
    moved.steps.create(state=moved.state, on=moved.since, reason=reason, by=by.name)
    audit.write(by=by, action=action, subject=moved, area=moved.village, to=moved.state)
