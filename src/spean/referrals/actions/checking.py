"""What every step and trip is held against: times that can be, and in their order."""

from datetime import datetime, timedelta

from django.utils import timezone

from spean.kernel.errors import N_, Conflict, SpeanError

OLDEST_DAYS = 120  # what is written down later was mistyped


class MomentToCome(SpeanError):
    """Refuse what has not happened yet."""

    code = "referrals.moment_to_come"
    message = N_("This time has not come yet. Write when it happened.")
    field = "time"


class MomentTooOld(SpeanError):
    """Refuse a time so long ago that it was mistyped."""

    code = "referrals.moment_too_old"
    message = N_("This is more than %(days)s days ago. Correct the day.")
    field = "day"


class BeforeTheLastStep(SpeanError):
    """Refuse a time before that of the step that went before."""

    code = "referrals.before_the_last_step"
    message = N_(
        "“%(step)s” was at %(time)s on %(day)s. What follows comes after it: correct the time."
    )
    field = "time"


class ReasonNeeded(SpeanError):
    """Ask why."""

    code = "referrals.reason_needed"
    message = N_("Write the reason, so that the others can act on it.")
    field = "reason"


class VehicleOut(Conflict):
    """Refuse to send a vehicle that is out already."""

    code = "referrals.vehicle_out"
    message = N_(
        "%(vehicle)s is on its way for %(number)s since %(time)s. Choose another, or call it back "
        "first."
    )


class VehicleSentAlready(Conflict):
    """Refuse to send a second vehicle to one patient."""

    code = "referrals.vehicle_sent_already"
    message = N_("%(vehicle)s is on its way to this patient already, since %(time)s.")


def minute(moment: datetime) -> datetime:
    """Give a moment to the minute: people write down no seconds."""
    return moment.replace(second=0, microsecond=0)


def happened(at: datetime, *, now: datetime) -> datetime:
    """Give when something happened, to the minute. Raises MomentToCome, MomentTooOld."""
    if at > now:
        raise MomentToCome
    if at < now - timedelta(days=OLDEST_DAYS):
        raise MomentTooOld(days=OLDEST_DAYS)
    return minute(at)


def clock(moment: datetime) -> str:
    """Give the time of a day, at Phnom Penh's clock."""
    return f"{timezone.localtime(moment):%H:%M}"
