"""The links at the top of every page: the one table, in the order in which they are shown."""

from spean.kernel.access import Purpose
from spean.kernel.errors import N_
from spean.kernel.navigation import Link

NAVIGATION = (
    Link(N_("Today"), "home"),
    Link(N_("Households"), "registry:find", "registry.search", Purpose.REGISTRATION),
    Link(N_("Changes"), "registry:changes", "registry.approve_change", Purpose.REGISTRATION),
    Link(N_("Import"), "registry:imports", "registry.import", Purpose.REGISTRATION),
    Link(
        N_("Identification"),
        "targeting:assessments",
        "targeting.view_assessment",
        Purpose.TARGETING,
    ),
    Link(N_("Check a card"), "registry:check_card", "registry.check_card", Purpose.CARE),
    Link(N_("Complaints"), "targeting:complaints", "targeting.view_complaint", Purpose.TARGETING),
    Link(N_("Rounds"), "targeting:rounds", "targeting.plan_round", Purpose.TARGETING),
    Link(N_("Dashboard"), "targeting:dashboard", "targeting.view_dashboard", Purpose.STATISTICS),
    Link(N_("Users"), "users", "kernel.manage_users", Purpose.ADMINISTRATION),
    Link(N_("Audit trail"), "audit", "kernel.view_audit", Purpose.OVERSIGHT),
    Link(N_("Places"), "locations:places", "locations.view", Purpose.ADMINISTRATION),
)
