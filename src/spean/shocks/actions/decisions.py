"""What every decision about a shock can be refused for."""

from spean.kernel.errors import N_, Conflict, SpeanError


class NotWaiting(Conflict):
    """Refuse what was decided already."""

    code = "shocks.not_waiting"
    message = N_("This was decided meanwhile. Look at it again.")


class ReasonMissing(SpeanError):
    """Ask why."""

    code = "shocks.reason_missing"
    message = N_("Write the reason: the family or the officer will read it.")
    field = "reason"
