"""Who confirms, reviews, approves and pays cash."""

from spean.config.roles.writing import role
from spean.kernel.access import Role
from spean.kernel.errors import N_

ROLES: dict[str, Role] = {
    "school_officer": role(
        N_("School officer"),
        payment=["programmes.confirm", "programmes.confirm_school"],
    ),
    "support_counsellor": role(
        N_("Support counsellor"),
        payment=[
            "programmes.confirm",
            "programmes.confirm_base_support",
            "programmes.view_base_support",
        ],
    ),
    "programme_officer": role(
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
            "payments.view_payees",
            "payments.prepare",
            "health_equity.view_statements",
        ],
        statistics=[
            "results.view_answers",
            "results.view_indicators",
            "simulation.simulate",
            "simulation.view",
            "health_equity.view_use",
        ],
    ),
    "payment_approver": role(
        N_("Payment approver"),
        payment=[
            "programmes.view_cycles",
            "programmes.view_enrolments",
            "programmes.decide_correction",
            "shocks.view",
            "shocks.approve",
            "payments.view",
            "payments.view_payees",
            "payments.approve",
        ],
        statistics=["simulation.view"],
    ),
    "payment_officer": role(
        N_("Payment officer"),
        payment=[
            "programmes.view_cycles",
            "payments.view",
            "payments.view_payees",
            "payments.release",
            "payments.load_list",
            "families.notify",
        ],
    ),
    "budget_officer": role(
        N_("Budget officer"),
        payment=["payments.view", "payments.fund"],
    ),
}
