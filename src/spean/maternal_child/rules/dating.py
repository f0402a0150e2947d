"""When a pregnancy began: by the last period, or by a scan where the two differ too much."""

from dataclasses import dataclass
from datetime import date, timedelta

from spean.kernel.decisions import Criterion, Decision
from spean.kernel.errors import N_, SpeanError
from spean.kernel.policy import Policy, policy

LIMITS, LATEST = (f"maternal_child.dating.{name}" for name in ("limits", "latest_scan"))
LONGEST_DAYS = 315  # 45 weeks: no pregnancy lasts longer


class NothingToDateBy(SpeanError):
    """Ask for the last period or a scan."""

    code = "maternal_child.nothing_to_date_by"
    message = N_("Give the first day of the last period, or a scan with its weeks.")
    field = "last_period_on"


@dataclass(frozen=True, slots=True)
class Scan:
    """An ultrasound scan: its day, and how many days old it found the pregnancy."""

    day: date
    age_days: int

    @property
    def first_day(self) -> date:
        """Give the first day of the pregnancy as the scan has it."""
        return self.day - timedelta(days=self.age_days)


def date_pregnancy(
    *, last_period_on: date | None, scan: Scan | None, on: date, rules: Policy = policy
) -> Decision:
    """Say by which of the two a pregnancy is dated; `facts` give its first day.

    An early scan wins where it differs from the last period by more than the limit of its age; a
    late one only where no period is known. Raises NothingToDateBy, NotInForce.
    """
    limits, latest = rules.scale(LIMITS, on=on), rules.value(LATEST, on=on)
    if last_period_on is None and scan is None:
        raise NothingToDateBy
    criteria: tuple[Criterion, ...] = ()
    by_scan = last_period_on is None
    if last_period_on is not None and scan is not None:
        age = (scan.day - last_period_on).days
        apart, most = abs(age - scan.age_days), int(limits.at(max(age, 0)))
        criteria = (
            Criterion("scan_early_enough", age < latest.whole, age, latest.whole, LATEST),
            Criterion("scan_differs", apart > most, apart, most, LIMITS),
        )
        by_scan = all(one.held for one in criteria)
    first = scan.first_day if scan is not None and by_scan else last_period_on
    return Decision(
        kind="maternal_child.dating",
        outcome="scan" if by_scan else "last_period",
        on=on,
        criteria=criteria,
        facts={"first_day": str(first)},
        policies=(limits.ref, latest.ref),
    )
