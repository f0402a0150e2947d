"""A household's level takes effect, is replaced, runs out, is renewed; and its card with it."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.periods import Period
from spean.registry import actions as registry_actions
from spean.registry import queries as registry
from spean.targeting import rules
from spean.targeting.actions import terms
from spean.targeting.actions.cases import open_case
from spean.targeting.events import (
    PovertyStatusEnded,
    PovertyStatusExpired,
    PovertyStatusSet,
    RenewalOpened,
)
from spean.targeting.models import (
    OPEN,
    Assessment,
    Level,
    Origin,
    PovertyStatus,
    RequestChannel,
)

REPLACED, NO_LONGER_POOR = "replaced", "not_poor"
HOUSEHOLD_GONE = "household_gone"
NO_LONGER_ENTITLED = N_("The household's new assessment gives no card.")
RUN = N_("Opened because the status ends soon.")


class StatusSetToday(Conflict):
    """Refuse a second status on the day of the first."""

    code = "targeting.status_set_today"
    message = N_("This household's status was set today already. Confirm this one tomorrow.")


class NoCardToReplace(SpeanError):
    """Refuse a new card for a household that has no status with a card."""

    code = "targeting.no_card_to_replace"
    message = N_("This household holds no status that gives a card today. It can be assessed anew.")
    field = "remedy"


def settle(case: Assessment, *, by: Actor, on: date) -> PovertyStatus | None:
    """Give a confirmed case its effect: the old status ends, the new one and its card begin.

    Raises StatusSetToday, NotInForce, and what issuing a card raises.
    """
    gives = case.final_level != Level.NOT_POOR
    end_status(case.household_id, because=REPLACED if gives else NO_LONGER_POOR, on=on, by=by)
    if not gives:
        _revoke_cards(case, by=by, on=on)
        return None
    holds = rules.card_period(on)
    status = PovertyStatus.objects.create(
        household=case.household,
        level=case.final_level,
        assessment=case,
        start=holds.start,
        end=holds.end,
    )
    if rules.gets_card(rules.PovertyLevel(case.final_level), on=on):
        _issue(status, by=by, on=on)
    else:
        _revoke_cards(case, by=by, on=on)
    outbox.announce(
        PovertyStatusSet(
            status_id=status.pk,
            household_id=case.household_id,
            village=case.village.code,
            level=status.level,
            start=status.start,
            end=holds.end,
        )
    )
    return status


def end_status(household_id: UUID, *, because: str, by: Actor, on: date) -> None:
    """End the household's status, if it has one, from a day on.

    Raises StatusSetToday.
    """
    status = _standing(household_id, on)
    if status is not None and status.start >= on:
        raise StatusSetToday
    if status is not None:
        _end(status, because, by=by, on=on)


def end_status_of_the_gone(household_id: UUID, *, by: Actor, on: date) -> None:
    """End the status of a household that ceased, even on the day it began."""
    status = _standing(household_id, on)
    if status is not None:
        _end(status, HOUSEHOLD_GONE, by=by, on=max(on, status.start + timedelta(days=1)))


def _standing(household_id: UUID, on: date) -> PovertyStatus | None:
    return (
        PovertyStatus.objects.select_for_update(of=("self",))
        .select_related("household__village")
        .filter(household=household_id, end__gt=on)
        .first()
    )


def _end(status: PovertyStatus, because: str, *, by: Actor, on: date) -> None:
    status.end, status.ended_because = on, because
    status.save(update_fields=["end", "ended_because"])
    audit.write(
        by=by,
        action="targeting.status_ended",
        subject=status,
        area=status.household.village.code,
        because=because,
    )
    outbox.announce(PovertyStatusEnded(status.pk, status.household_id, status.level, on, because))


@transaction.atomic
def restore_statuses(*, by: Actor, on: date) -> int:
    """Give back the status of each household that ceased by mistake and exists again.

    It is used when the registry undoes a change; gives how many. Raises NotAllowed.
    """
    access.require(by, "targeting.plan_round", area="")
    count = 0
    lost = PovertyStatus.objects.select_for_update(of=("self",)).filter(
        ended_because=HOUSEHOLD_GONE, household__dissolved_on=None, household__merged_into=None
    )
    for status in lost.select_related("household__village"):
        later = status.household.poverty_statuses.filter(start__gt=status.start)
        end = rules.card_period(status.start).end
        if later.exists() or end is None or end <= on:
            continue
        status.end, status.ended_because = end, ""
        status.save(update_fields=["end", "ended_because"])
        area = status.household.village.code
        audit.write(by=by, action="targeting.status_restored", subject=status, area=area)
        outbox.announce(
            PovertyStatusSet(status.pk, status.household_id, area, status.level, status.start, end)
        )
        count += 1
    return count


def _issue(status: PovertyStatus, *, by: Actor, on: date) -> None:
    registry_actions.issue_card(
        household=status.household,
        category=status.level,
        valid=Period(on, status.end),
        by=by,
        on=on,
    )


def _revoke_cards(case: Assessment, *, by: Actor, on: date) -> None:
    for card in registry.cards_of(case.household, by=by).filter(revoked_on=None, end__gt=on):
        registry_actions.revoke_card(card=card, reason=NO_LONGER_ENTITLED, by=by, on=on)


def replace_card(household_id: UUID, *, by: Actor, on: date) -> None:
    """Issue a new card in place of a lost one, until the same day. Raises NoCardToReplace."""
    status = (
        PovertyStatus.objects.select_related("household__village")
        .filter(household=household_id, start__lte=on, end__gt=on)
        .first()
    )
    if status is None or not rules.gets_card(rules.PovertyLevel(status.level), on=on):
        raise NoCardToReplace
    _issue(status, by=by, on=on)


def renew_due(*, by: Actor, on: date) -> list[Assessment]:
    """Open an assessment for each household whose status ends within the notice, once.

    Raises NotAllowed, NotInForce.
    """
    access.require(by, "targeting.plan_round", area="")
    notice = terms.renewal_notice(on)
    ending = (
        PovertyStatus.objects.filter(
            start__lte=on,
            end__gt=on,
            end__lte=on + notice,
            household__dissolved_on=None,
            household__merged_into=None,
        )
        .exclude(household__assessments__state__in=OPEN)
        .select_related("household__village")
        .order_by("end", "id")
    )
    opened = []
    for status in ending:
        began = status.end - notice if status.end else on
        if status.household.assessments.filter(requested_on__gte=began).exists():
            continue
        opened.append(_renew(status, by=by, on=on))
    return opened


@transaction.atomic
def _renew(status: PovertyStatus, *, by: Actor, on: date) -> Assessment:
    case = open_case(
        household=status.household,
        origin=Origin.RENEWAL,
        channel=RequestChannel.SYSTEM,
        note=RUN,
        by=by,
        on=on,
    )
    assert status.end is not None  # noqa: S101 - a constraint of the database
    outbox.announce(RenewalOpened(case.pk, status.household_id, case.village.code, status.end))
    return case


@transaction.atomic
def expire_statuses(*, by: Actor, on: date) -> int:
    """Tell others, once, of each status that has run out by a day; give how many.

    Raises NotAllowed.
    """
    access.require(by, "targeting.plan_round", area="")
    over = (
        PovertyStatus.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("household__village")
        .filter(end__lte=on, ended_because="", expiry_announced_on=None)
    )
    count = 0
    for status in over:
        status.expiry_announced_on = on
        status.save(update_fields=["expiry_announced_on"])
        area = status.household.village.code
        audit.write(by=by, action="targeting.status_expired", subject=status, area=area)
        outbox.announce(
            PovertyStatusExpired(status.pk, status.household_id, status.level, status.end or on)
        )
        count += 1
    return count
