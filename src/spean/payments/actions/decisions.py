"""What every decision about money can be refused for."""

from spean.kernel.errors import N_, SpeanError


class GroundsMissing(SpeanError):
    """Ask why."""

    code = "payments.grounds_missing"
    message = N_("Write by what you tell: an auditor will read it.")
    field = "grounds"
