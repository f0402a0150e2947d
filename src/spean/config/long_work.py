"""The kinds of long work: the one table, each with its name and the function that does it."""

from spean.health_equity import jobs as health_equity
from spean.kernel.errors import N_
from spean.kernel.runs import Kind
from spean.kernel.snapshots.work import take_snapshot
from spean.programmes import actions as programmes
from spean.registry import jobs as registry
from spean.results import jobs as results
from spean.targeting import jobs as targeting

LONG_WORK = {
    "intake": Kind(
        N_("Intake of households from a file"), registry.take_in_households, takes_file=True
    ),
    "interviews": Kind(
        N_("Intake of interviews from a file"), targeting.take_in_interviews, takes_file=True
    ),
    "snapshot": Kind(N_("Snapshot of the registry"), take_snapshot),
    "duplicates": Kind(N_("Search for people recorded twice"), registry.find_double_records),
    "entitlements": Kind(N_("Entitlements of the nation"), programmes.determine_nation),
    "claims": Kind(
        N_("Judgement of the claims that wait"),
        health_equity.adjudicate_claims,
        permission="health_equity.adjudicate",
    ),
    "indicators": Kind(N_("Indicators of the nation"), results.work_out_indicators),
}
