"""Whether the clock of a phone can have been right."""

from datetime import datetime, timedelta

from spean.kernel.errors import N_, SpeanError


class ClockWrong(SpeanError):
    """Ask for the true day of what a phone dated in the future, or too long ago."""

    code = "fieldwork.clock_wrong"
    message = N_(
        "The phone says that this was done on %(said)s, but it arrived on %(arrived)s. "
        "Set the phone's date right, and write here the day on which it was done."
    )
    field = "on"


class ClockMissing(SpeanError):
    """Ask for the day of what bears none."""

    code = "fieldwork.clock_missing"
    message = N_("The record does not say when it was filled in. Write the day here.")
    field = "on"


def check_clock(
    ended_at: datetime | None, received_at: datetime, *, ahead: timedelta, behind: timedelta
) -> datetime:
    """Give the moment at which a form was filled in, if it can be true.

    `ahead` and `behind` say how far a phone may be ahead of us, and how long a record may wait on
    it. Raises ClockMissing, ClockWrong.
    """
    if ended_at is None:
        raise ClockMissing
    if not received_at - behind <= ended_at <= received_at + ahead:
        raise ClockWrong(said=ended_at.date().isoformat(), arrived=received_at.date().isoformat())
    return ended_at
