"""Whether the facility may be paid for what it did on the day, and for this service."""

from spean.health_equity.rules.adjudication.rule import Effect, Rule
from spean.kernel.errors import N_

FEES = "health_equity.fees"
FACILITY = (
    Rule(
        "facility_closed", Effect.REJECT,
        N_("The facility was closed, or had no level, on the day of the service."),
        lambda t: ~t.facility_open | t.level.isnull(),
    ),
    Rule(
        "not_contracted", Effect.REJECT,
        N_("The facility had no contract with the scheme on the day of the service."),
        lambda t: ~t.contracted,
    ),
    Rule(
        "facility_suspended", Effect.REJECT,
        N_("The facility was suspended on the day of the service."),
        lambda t: t.suspended,
    ),
    Rule(
        "service_unknown", Effect.REJECT,
        N_("There is no service of this code. Claim it again under its code in the list."),
        lambda t: ~t.service_known,
    ),
    Rule(
        "not_in_package", Effect.REJECT,
        N_("The scheme did not pay for this service on that day."),
        lambda t: t.service_known & ~t.fee_elsewhere, policy=FEES,
    ),
    Rule(
        "wrong_level", Effect.REJECT,
        N_("The scheme pays for this service only at facilities of another level."),
        lambda t: t.fee_elsewhere & t.level.notnull() & t.fee.isnull(), policy=FEES,
    ),
)  # fmt: skip
