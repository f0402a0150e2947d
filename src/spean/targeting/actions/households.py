"""What happens to an open case when the registry changes its household."""

from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_
from spean.locations import queries as locations
from spean.targeting.actions.cases import send_back_to_interview, take
from spean.targeting.actions.statuses import end_status_of_the_gone
from spean.targeting.models import (
    AFTER_INTERVIEW,
    OPEN,
    Assessment,
    Attention,
    ClosingReason,
    Step,
)

MOVED = N_("The household moved to another village, so it is interviewed again there.")


@transaction.atomic
def close_for_household(
    *, household_id: UUID, reason: ClosingReason, by: Actor, on: date
) -> Assessment | None:
    """Close the open case of a household that ceased, and end its status."""
    end_status_of_the_gone(household_id, by=by, on=on)
    case = _open_case_of(household_id)
    if case is None:
        return None
    return take(case, Step.CANCEL, by=by, on=max(on, case.requested_on), closing=reason)


@transaction.atomic
def note_members_changed(*, household_id: UUID, by: Actor, on: date) -> Assessment | None:
    """Mark a case whose household is no longer the one interviewed; council and district see it."""
    case = _open_case_of(household_id)
    if case is None or case.state not in AFTER_INTERVIEW:
        return None
    case.attention = Attention.MEMBERS_CHANGED
    case.version += 1
    case.save(update_fields=["attention", "version"])
    audit.write(
        by=by,
        action="targeting.members_changed",
        subject=case,
        area=case.village.code,
        day=on.isoformat(),
    )
    return case


@transaction.atomic
def follow_household(
    *, household_id: UUID, village_code: str, by: Actor, on: date
) -> Assessment | None:
    """Hand an open case to the village that the household moved to; its home is judged anew."""
    case = _open_case_of(household_id)
    if case is None or case.village.code == village_code:
        return None
    case.village = locations.place(village_code, on)
    if case.state in AFTER_INTERVIEW:
        send_back_to_interview(case, by=by, on=on, note=MOVED)
    case.attention = Attention.MOVED
    case.version += 1
    case.save(update_fields=["village", "attention", "version"])
    audit.write(by=by, action="targeting.case_moved", subject=case, area=village_code)
    return case


def _open_case_of(household_id: UUID) -> Assessment | None:
    return (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("village", "household", "round")
        .filter(household=household_id, state__in=OPEN)
        .first()
    )
