"""Who cares for mothers, children and patients."""

from spean.config.roles.writing import role
from spean.kernel.access import Role
from spean.kernel.errors import N_

ROLES: dict[str, Role] = {
    "village_health_volunteer": role(
        N_("Village health volunteer"),
        care=[
            "registry.view_household",
            "registry.propose_change",
            "maternal_child.view_visits",
            "maternal_child.record_visit",
            "maternal_child.view_due",
            "maternal_child.notify_death",
            "referrals.request",
            "referrals.view",
            "fieldwork.submit",
        ],
    ),
    "health_worker": role(
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
            "referrals.request",
            "referrals.view",
            "referrals.receive",
            "fieldwork.submit",
            "fieldwork.resolve_inbox",
            "results.view_indicators",
            "results.view_reports",
            "supplies.view",
            "supplies.record",
        ],
        payment=["programmes.confirm", "programmes.confirm_contact"],
    ),
    "health_district_officer": role(
        N_("Health district officer"),
        care=[
            "registry.view_household",
            "maternal_child.view_due",
            "maternal_child.view_record",
            "maternal_child.view_deaths",
            "maternal_child.review_death",
            "referrals.view",
            "referrals.view_vehicles",
            "referrals.dispatch",
            "referrals.manage_vehicles",
            "results.view_indicators",
            "results.view_reports",
            "supplies.view",
            "supplies.approve_order",
        ],
        statistics=["referrals.view_delays"],
    ),
    "transport_dispatcher": role(
        N_("Dispatcher of ambulances and boats"),
        care=["referrals.view", "referrals.view_vehicles", "referrals.dispatch"],
    ),
    "health_record_system": role(
        N_("Health record system"),
        care=[
            "registry.view_household",
            "registry.search",
            "health_equity.check_cover",
            "maternal_child.view_record",
            "maternal_child.record_contact",
            "referrals.view",
        ],
        payment=["health_equity.view_claims", "health_equity.submit_claims"],
    ),
}
