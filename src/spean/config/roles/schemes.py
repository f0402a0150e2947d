"""Who works with the health schemes: at facilities, for the payers, and for who certifies."""

from spean.config.roles.writing import role
from spean.kernel.access import Role
from spean.kernel.errors import N_

ROLES: dict[str, Role] = {
    "facility_clerk": role(
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
            "referrals.view",
            "referrals.receive",
        ],
        payment=[
            "health_equity.view_claims",
            "health_equity.submit_claims",
            "health_equity.view_statements",
            "health_equity.mend",
            "health_equity.read_notices",
            "locations.set_phone",
        ],
    ),
    "facility_chief": role(
        N_("Chief of a health facility"),
        care=[
            "health_equity.view_visits",
            "results.view_indicators",
            "results.view_reports",
            "results.close_report",
            "supplies.view",
            "supplies.record",
            "supplies.manage",
        ],
        payment=[
            "health_equity.view_claims",
            "health_equity.submit_claims",
            "health_equity.view_statements",
            "health_equity.mend",
            "health_equity.read_notices",
            "locations.set_phone",
        ],
    ),
    "claims_reviewer": role(
        N_("Reviewer of claims"),
        payment=[
            "health_equity.view_claims",
            "health_equity.adjudicate",
            "health_equity.review_claims",
        ],
    ),
    "claims_verifier": role(
        N_("Verifier of claims"),
        payment=[
            "health_equity.view_claims",
            "health_equity.view_samples",
            "health_equity.check_claims",
        ],
    ),
    "certification_chief": role(
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
    "scheme_payer": role(
        N_("Payer of the health schemes"),
        payment=["health_equity.view_statements", "health_equity.make_statements"],
    ),
    "quality_assessor": role(N_("Assessor of quality"), payment=["health_equity.score_quality"]),
    "scheme_officer": role(
        N_("Officer of the health schemes"),
        payment=["health_equity.manage_lists", "health_equity.manage_contracts"],
        statistics=["health_equity.view_use"],
    ),
}
