"""Codes that families type, and when one is good no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

DIGITS = 6
GOOD_FOR = timedelta(minutes=10)
SEEN_FOR = timedelta(minutes=15)
TRIES = 5
AN_HOUR, MOST_AN_HOUR = timedelta(hours=1), 3


@dataclass(frozen=True, slots=True)
class Sent:
    """A code that was sent: when, how often it was tried, whether it was used."""

    made_at: datetime
    tries: int
    used: bool

    def is_good(self, at: datetime) -> bool:
        """Tell whether it may be tried."""
        return not self.used and self.tries < TRIES and at < self.made_at + GOOD_FOR


def may_send(sent: list[datetime], at: datetime) -> bool:
    """Tell whether another code may be sent: a text costs, and each gives a stranger tries."""
    return sum(at - AN_HOUR < one for one in sent) < MOST_AN_HOUR


def is_still_seen(until: str, at: datetime) -> bool:
    """Tell whether a family that gave its code may still look at its record."""
    try:
        return at < datetime.fromisoformat(until)
    except ValueError:
        return False


def seen_until(at: datetime) -> str:
    """Give until when a family that gave its code at a time may look at its record."""
    return (at + SEEN_FOR).isoformat()
