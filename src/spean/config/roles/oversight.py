"""Who reads figures, runs the nation's work, audits, exchanges data and administers."""

from spean.config.roles.writing import role
from spean.kernel.access import Role
from spean.kernel.errors import N_

ROLES: dict[str, Role] = {
    "analyst": role(
        N_("Analyst"),
        statistics=[
            "targeting.view_dashboard",
            "results.view_answers",
            "results.view_indicators",
            "simulation.simulate",
            "simulation.view",
            "health_equity.view_use",
            "referrals.view_delays",
        ],
    ),
    "national_registry_officer": role(
        N_("National registry officer"),
        administration=["kernel.run_long_work"],
        statistics=[
            "targeting.view_dashboard",
            "results.view_answers",
            "results.view_indicators",
        ],
    ),
    "auditor": role(
        N_("Auditor"),
        oversight=[
            "kernel.view_audit",
            "interop.view_releases",
            "registry.view_household",
            "registry.search",
            "targeting.view_assessment",
            "programmes.view_entitlements",
            "programmes.view_enrolments",
            "programmes.view_base_support",
            "programmes.view_cycles",
            "shocks.view",
            "payments.view",
            "payments.view_payees",
            "health_equity.view_visits",
            "health_equity.view_claims",
            "health_equity.view_samples",
            "health_equity.view_statements",
            "supplies.view",
        ],
        statistics=[
            "targeting.view_dashboard",
            "results.view_answers",
            "results.view_indicators",
            "simulation.view",
            "health_equity.view_use",
        ],
    ),
    # Another system. Its partner's record says for which one of these purposes it is answered.
    "exchange_partner": role(
        N_("Exchange partner"),
        **{
            purpose: ["interop.exchange"]
            for purpose in (
                "registration",
                "targeting",
                "care",
                "payment",
                "oversight",
                "statistics",
            )
        },
    ),
    "administrator": role(
        N_("Administrator"),
        administration=[
            "kernel.manage_users",
            "locations.amend",
            "locations.import",
            "locations.view",
            "fieldwork.view_refused",
            "interop.manage_partners",
        ],
    ),
}
