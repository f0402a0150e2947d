"""Who may do what, for what purpose: the one table of roles.

The chain of actors follows the identification of poor households since the reform of 12 October
2022: household, village representatives, commune working group (clerk), commune council, district
and provincial department of planning. Where a role works is its grant's area.
"""

from collections.abc import Iterable

from spean.kernel.access import Purpose, Role
from spean.kernel.errors import N_

REGISTRATION, TARGETING, CARE = Purpose.REGISTRATION, Purpose.TARGETING, Purpose.CARE
OVERSIGHT, ADMINISTRATION = Purpose.OVERSIGHT, Purpose.ADMINISTRATION
STATISTICS = Purpose.STATISTICS


def _role(label: str, **given: Iterable[str]) -> Role:
    """Write a role as purpose=permissions, which reads better than permission to purposes."""
    permissions: dict[str, set[Purpose]] = {}
    for purpose, names in given.items():
        for name in names:
            permissions.setdefault(name, set()).add(Purpose(purpose))
    return Role(label, {name: frozenset(purposes) for name, purposes in permissions.items()})


ROLES: dict[str, Role] = {
    "enumerator": _role(
        N_("Enumerator"),
        registration=[
            "registry.view_household",
            "registry.search",
            "registry.propose_change",
            "fieldwork.submit",
        ],
        targeting=[
            "registry.view_household",
            "registry.search",
            "registry.register_household",
            "targeting.view_assessment",
            "targeting.request",
            "targeting.interview",
            "fieldwork.submit",
        ],
    ),
    "village_representative": _role(
        N_("Village representative"),
        targeting=[
            "shocks.ask",
            "registry.view_household",
            "targeting.view_assessment",
            "targeting.request",
            "targeting.review_in_village",
            "targeting.receive_complaint",
            "targeting.view_complaint",
        ],
    ),
    "commune_clerk": _role(
        N_("Commune clerk"),
        registration=[
            "interop.view_releases",
            "registry.view_household",
            "registry.search",
            "registry.register_household",
            "registry.propose_change",
            "registry.import",
            "registry.print_card",
            "fieldwork.submit",
            "fieldwork.resolve_inbox",
        ],
        targeting=[
            "shocks.ask",
            "programmes.view_entitlements",
            "programmes.view_enrolments",
            "programmes.ask_for",
            "registry.view_household",
            "registry.search",
            "registry.register_household",
            "targeting.view_assessment",
            "targeting.request",
            "targeting.refuse",
            "targeting.interview",
            "targeting.display",
            "targeting.receive_complaint",
            "targeting.view_complaint",
            "registry.print_card",
            "fieldwork.submit",
            "fieldwork.resolve_inbox",
        ],
        statistics=["targeting.view_dashboard"],
    ),
    "commune_council": _role(
        N_("Commune council"),
        registration=["registry.view_household", "registry.search", "registry.approve_change"],
        targeting=[
            "programmes.view_entitlements",
            "programmes.view_enrolments",
            "programmes.review_enrolments",
            "registry.view_household",
            "targeting.view_assessment",
            "targeting.decide",
            "targeting.view_complaint",
            "targeting.resolve_complaint",
        ],
        statistics=["targeting.view_dashboard"],
    ),
    "district_officer": _role(
        N_("District officer"),
        registration=[
            "interop.ask_registry",
            "interop.view_releases",
            "registry.view_household",
            "registry.search",
            "registry.approve_change",
            "registry.propose_change",
            "registry.export",
            "registry.import",
            "registry.merge_people",
            "registry.revoke_card",
            "fieldwork.resolve_inbox",
        ],
        targeting=[
            "programmes.view_entitlements",
            "programmes.view_enrolments",
            "programmes.review_enrolments",
            "programmes.ask_for",
            "programmes.correct",
            "registry.view_household",
            "targeting.view_assessment",
            "targeting.check",
            "targeting.receive_complaint",
            "targeting.view_complaint",
            "targeting.resolve_complaint",
            "targeting.plan_round",
            "registry.issue_card",
            "registry.print_card",
            "registry.revoke_card",
            "fieldwork.resolve_inbox",
            "fieldwork.supervise",
        ],
        statistics=["targeting.view_dashboard"],
    ),
    "village_health_volunteer": _role(
        N_("Village health volunteer"),
        care=[
            "registry.view_household",
            "registry.propose_change",
            "maternal_child.view_visits",
            "maternal_child.record_visit",
            "maternal_child.view_due",
            "maternal_child.notify_death",
            "fieldwork.submit",
        ],
    ),
    "health_worker": _role(
        N_("Health worker"),
        care=[
            "health_equity.check_cover",
            "health_equity.identify",
            "health_equity.view_visits",
            "health_equity.record_visit",
            "registry.search",
            "registry.check_card",
            "registry.view_household",
            "registry.propose_change",
            "maternal_child.view_visits",
            "maternal_child.record_visit",
            "maternal_child.view_due",
            "maternal_child.view_record",
            "maternal_child.record_contact",
            "maternal_child.notify_death",
            "maternal_child.view_deaths",
            "fieldwork.submit",
            "fieldwork.resolve_inbox",
        ],
        payment=["programmes.confirm", "programmes.confirm_contact"],
    ),
    "facility_clerk": _role(
        N_("Clerk of a health facility"),
        registration=["registry.view_household", "registry.search", "registry.register_household"],
        care=[
            "health_equity.check_cover",
            "health_equity.identify",
            "health_equity.view_visits",
            "health_equity.record_visit",
            "registry.search",
            "registry.check_card",
            "registry.view_household",
        ],
        payment=[
            "health_equity.view_claims",
            "health_equity.submit_claims",
            "health_equity.view_statements",
            "health_equity.mend",
        ],
    ),
    "facility_chief": _role(
        N_("Chief of a health facility"),
        care=["health_equity.view_visits"],
        payment=[
            "health_equity.view_claims",
            "health_equity.submit_claims",
            "health_equity.view_statements",
            "health_equity.mend",
        ],
    ),
    "claims_verifier": _role(
        N_("Verifier of claims"),
        payment=[
            "health_equity.view_claims",
            "health_equity.view_samples",
            "health_equity.check_claims",
        ],
    ),
    "certification_chief": _role(
        N_("Chief of payment certification"),
        payment=[
            "health_equity.view_claims",
            "health_equity.view_samples",
            "health_equity.draw_sample",
            "health_equity.view_statements",
            "health_equity.make_statements",
            "health_equity.verify_score",
        ],
    ),
    "scheme_payer": _role(
        N_("Payer of the health schemes"),
        payment=[
            "health_equity.view_statements",
            "health_equity.make_statements",
            "payments.view",
            "payments.prepare",
        ],
    ),
    "quality_assessor": _role(N_("Assessor of quality"), payment=["health_equity.score_quality"]),
    "claims_reviewer": _role(
        N_("Reviewer of claims"),
        payment=[
            "health_equity.view_claims",
            "health_equity.adjudicate",
            "health_equity.review_claims",
        ],
    ),
    "scheme_officer": _role(
        N_("Officer of the health schemes"),
        payment=["health_equity.manage_lists", "health_equity.manage_contracts"],
        statistics=["health_equity.view_use"],
    ),
    "health_record_system": _role(
        N_("Health record system"),
        care=["registry.view_household", "registry.search", "health_equity.check_cover"],
        payment=["health_equity.view_claims", "health_equity.submit_claims"],
    ),
    "health_district_officer": _role(
        N_("Health district officer"),
        care=[
            "registry.view_household",
            "maternal_child.view_due",
            "maternal_child.view_record",
            "maternal_child.view_deaths",
            "maternal_child.review_death",
        ],
    ),
    "school_officer": _role(
        N_("School officer"),
        payment=["programmes.confirm", "programmes.confirm_school"],
    ),
    "support_counsellor": _role(
        N_("Support counsellor"),
        payment=[
            "programmes.confirm",
            "programmes.confirm_base_support",
            "programmes.view_base_support",
        ],
    ),
    "programme_officer": _role(
        N_("Programme officer"),
        payment=[
            "programmes.view_enrolments",
            "programmes.find_candidates",
            "programmes.review_enrolments",
            "programmes.view_cycles",
            "programmes.open_cycle",
            "programmes.correct_cycle",
            "shocks.view",
            "shocks.manage",
            "payments.view",
            "payments.prepare",
        ],
        statistics=[
            "results.view_answers",
            "simulation.simulate",
            "simulation.view",
            "health_equity.view_use",
        ],
    ),
    "payment_approver": _role(
        N_("Payment approver"),
        payment=[
            "programmes.view_cycles",
            "programmes.view_enrolments",
            "programmes.decide_correction",
            "shocks.view",
            "shocks.approve",
            "payments.view",
            "payments.approve",
        ],
        statistics=["simulation.view"],
    ),
    "payment_officer": _role(
        N_("Payment officer"),
        payment=[
            "programmes.view_cycles",
            "payments.view",
            "payments.release",
            "payments.load_list",
            "families.notify",
        ],
    ),
    "budget_officer": _role(
        N_("Budget officer"),
        payment=["payments.view", "payments.fund"],
    ),
    "analyst": _role(
        N_("Analyst"),
        statistics=[
            "targeting.view_dashboard",
            "results.view_answers",
            "simulation.simulate",
            "simulation.view",
            "health_equity.view_use",
        ],
    ),
    "national_registry_officer": _role(
        N_("National registry officer"),
        administration=["kernel.run_long_work"],
        statistics=["targeting.view_dashboard", "results.view_answers"],
    ),
    "auditor": _role(
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
            "health_equity.view_visits",
            "health_equity.view_claims",
            "health_equity.view_samples",
            "health_equity.view_statements",
        ],
        statistics=[
            "targeting.view_dashboard",
            "results.view_answers",
            "simulation.view",
            "health_equity.view_use",
        ],
    ),
    # Another system. Its partner's record says for which one of these purposes it is answered.
    "exchange_partner": _role(
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
    "administrator": _role(
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
