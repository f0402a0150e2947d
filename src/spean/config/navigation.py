"""The links at the top of every page: the one table, in the order in which they are shown."""

from spean.kernel.access import Purpose
from spean.kernel.errors import N_
from spean.kernel.navigation import Link

OVERSIGHT = Purpose.OVERSIGHT

NAVIGATION = (
    Link(N_("Today"), "home"),
    Link(N_("Households"), "registry:find", "registry.search", (Purpose.REGISTRATION, OVERSIGHT)),
    Link(N_("Register"), "registry:register", "registry.register_household"),
    Link(N_("Changes"), "registry:changes", "registry.approve_change", Purpose.REGISTRATION),
    Link(N_("Import"), "registry:imports", "registry.import", Purpose.REGISTRATION),
    Link(N_("Duplicates"), "registry:duplicates", "registry.merge_people"),
    Link(
        N_("Identification"),
        "targeting:assessments",
        "targeting.view_assessment",
        (Purpose.TARGETING, OVERSIGHT),
    ),
    Link(
        N_("From the field"),
        "fieldwork:inbox",
        "fieldwork.resolve_inbox",
        (Purpose.REGISTRATION, Purpose.TARGETING, Purpose.CARE),
    ),
    Link(N_("Home visits"), "maternal_child:visits", "maternal_child.view_visits", Purpose.CARE),
    Link(N_("Due for care"), "maternal_child:due", "maternal_child.view_due", Purpose.CARE),
    Link(N_("Referrals"), "referrals:referrals", "referrals.view", Purpose.CARE),
    Link(N_("Vehicles"), "referrals:vehicles", "referrals.view_vehicles", Purpose.CARE),
    Link(
        N_("Delivery register"),
        "maternal_child:register",
        "maternal_child.view_record",
        Purpose.CARE,
    ),
    Link(N_("Stock"), "supplies:area", "supplies.view", (Purpose.CARE, OVERSIGHT)),
    Link(N_("Deaths"), "maternal_child:deaths", "maternal_child.view_deaths", Purpose.CARE),
    Link(
        N_("Forms on the phone"),
        "fieldwork:phone",
        "fieldwork.submit",
        (Purpose.REGISTRATION, Purpose.TARGETING, Purpose.CARE),
    ),
    Link(
        N_("My phones"),
        "fieldwork:devices",
        "fieldwork.submit",
        (Purpose.REGISTRATION, Purpose.TARGETING, Purpose.CARE),
    ),
    Link(N_("Confirm"), "programmes:confirm_by_card", "programmes.confirm", Purpose.PAYMENT),
    Link(
        N_("Is the patient covered?"),
        "health_equity:counter",
        "health_equity.check_cover",
        Purpose.CARE,
    ),
    Link(
        N_("Visits"),
        "health_equity:visits",
        "health_equity.view_visits",
        (Purpose.CARE, OVERSIGHT),
    ),
    Link(N_("Check a card"), "registry:check_card", "registry.check_card", Purpose.CARE),
    Link(N_("Complaints"), "targeting:complaints", "targeting.view_complaint", Purpose.TARGETING),
    Link(N_("Field work"), "fieldwork:supervision", "fieldwork.supervise", Purpose.TARGETING),
    Link(N_("Rounds"), "targeting:rounds", "targeting.plan_round", Purpose.TARGETING),
    Link(N_("Dashboard"), "targeting:dashboard", "targeting.view_dashboard", Purpose.STATISTICS),
    Link(N_("Figures"), "results:answers", "results.view_answers", Purpose.STATISTICS),
    Link(
        N_("Indicators"),
        "results:indicators",
        "results.view_indicators",
        (Purpose.STATISTICS, Purpose.CARE),
    ),
    Link(N_("Monthly reports"), "results:reports", "results.view_reports", Purpose.CARE),
    Link(
        N_("Who comes for care?"),
        "health_equity:use",
        "health_equity.view_use",
        Purpose.STATISTICS,
    ),
    Link(N_("Delays to care"), "referrals:delays", "referrals.view_delays", Purpose.STATISTICS),
    Link(
        N_("What cases cost"),
        "health_equity:costs",
        "health_equity.view_use",
        Purpose.STATISTICS,
    ),
    Link(N_("Shocks"), "shocks:events", "shocks.view", (Purpose.PAYMENT, OVERSIGHT)),
    Link(N_("Simulations"), "simulation:scenarios", "simulation.view", Purpose.STATISTICS),
    Link(
        N_("Programmes"),
        "programmes:programmes",
        "programmes.view_enrolments",
        (Purpose.PAYMENT, Purpose.TARGETING, OVERSIGHT),
    ),
    Link(
        N_("Cycles"),
        "programmes:cycles",
        "programmes.view_cycles",
        (Purpose.PAYMENT, OVERSIGHT),
    ),
    Link(N_("Payments"), "payments:orders", "payments.view", (Purpose.PAYMENT, OVERSIGHT)),
    Link(
        N_("Wallets to correct"),
        "payments:wallets_to_correct",
        "payments.correct_wallets",
        (Purpose.REGISTRATION,),
    ),
    Link(N_("Budgets"), "payments:budgets", "payments.view", (Purpose.PAYMENT, OVERSIGHT)),
    Link(
        N_("Channels’ answers"),
        "payments:answer_files",
        "payments.view",
        (Purpose.PAYMENT, OVERSIGHT),
    ),
    Link(
        N_("Claims"),
        "health_equity:claims",
        "health_equity.view_claims",
        (Purpose.PAYMENT, OVERSIGHT),
    ),
    Link(
        N_("Claims to review"),
        "health_equity:claims_to_review",
        "health_equity.review_claims",
        Purpose.PAYMENT,
    ),
    Link(
        N_("Samples"),
        "health_equity:samples",
        "health_equity.view_samples",
        (Purpose.PAYMENT, OVERSIGHT),
    ),
    Link(
        N_("Notices to your facility"),
        "health_equity:notices",
        "health_equity.read_notices",
        Purpose.PAYMENT,
    ),
    Link(N_("To mend"), "health_equity:to_mend", "health_equity.mend", Purpose.PAYMENT),
    Link(
        N_("Statements of facilities"),
        "health_equity:statements",
        "health_equity.view_statements",
        (Purpose.PAYMENT, OVERSIGHT),
    ),
    Link(
        N_("Score a facility’s quality"),
        "health_equity:score",
        "health_equity.score_quality",
        Purpose.PAYMENT,
    ),
    Link(
        N_("Scores of quality"),
        "health_equity:scores",
        "health_equity.verify_score",
        Purpose.PAYMENT,
    ),
    Link(
        N_("Contracts of facilities"),
        "health_equity:contracts",
        "health_equity.manage_contracts",
        Purpose.PAYMENT,
    ),
    Link(N_("Long work"), "long_work", "kernel.run_long_work", Purpose.ADMINISTRATION),
    Link(N_("Users"), "users", "kernel.manage_users", Purpose.ADMINISTRATION),
    Link(N_("Ask a registry"), "interop:ask", "interop.ask_registry"),
    Link(N_("Partners"), "interop:partners", "interop.manage_partners", Purpose.ADMINISTRATION),
    Link(N_("Audit trail"), "audit", "kernel.view_audit", Purpose.OVERSIGHT),
    Link(
        N_("Refused uploads"),
        "fieldwork:refused",
        "fieldwork.view_refused",
        Purpose.ADMINISTRATION,
    ),
    Link(N_("Places"), "locations:places", "locations.view", Purpose.ADMINISTRATION),
)

# What can be done about one thing, by kind: modules above the one that shows it add theirs.
ABOUT = {
    "household": (
        Link(N_("Propose a change"), "registry:choose_change", "registry.propose_change"),
        Link(
            N_("Ask for an assessment"), "targeting:request", "targeting.request", Purpose.TARGETING
        ),
        Link(
            N_("Order a new interview"),
            "targeting:reinterview",
            "targeting.check",
            Purpose.TARGETING,
        ),
        Link(
            N_("Entitlements"),
            "programmes:entitlements",
            "programmes.view_entitlements",
            (Purpose.TARGETING, OVERSIGHT),
        ),
        Link(
            N_("Who received our data"),
            "interop:releases",
            "interop.view_releases",
            (Purpose.REGISTRATION, OVERSIGHT),
        ),
        Link(N_("Missed by a shock"), "shocks:ask", "shocks.ask", Purpose.TARGETING),
        Link(
            N_("Home visits"),
            "maternal_child:household_visits",
            "maternal_child.view_visits",
            Purpose.CARE,
        ),
        Link(
            N_("Mothers and children"),
            "maternal_child:care",
            "maternal_child.view_due",
            Purpose.CARE,
        ),
        Link(
            N_("Refer, ask for transport"),
            "referrals:household",
            "referrals.request",
            Purpose.CARE,
        ),
    ),
    "patient": (
        Link(N_("Refer, ask for transport"), "referrals:ask", "referrals.request", Purpose.CARE),
    ),
    "trip": (
        Link(
            N_("Who pays for the trip"),
            "health_equity:transport",
            "health_equity.view_visits",
            Purpose.CARE,
        ),
    ),
    "monthly_report": (
        Link(N_("For DHIS2 (JSON)"), "interop:dhis2", "results.view_reports", Purpose.CARE),
        Link(N_("For DHIS2 (ADX)"), "interop:adx", "results.view_reports", Purpose.CARE),
    ),
    "order": (
        Link(N_("Tell the families by text"), "families:tell", "families.notify", Purpose.PAYMENT),
    ),
}
