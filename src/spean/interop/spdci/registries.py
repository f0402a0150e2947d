"""The registries that we are: their names in the standard, their paths and their records."""

from collections.abc import Mapping
from dataclasses import dataclass

VERSION = "1.0.0"
SEARCH, SUBSCRIBE, UNSUBSCRIBE, STATUS = "search", "subscribe", "unsubscribe", "txn-status"
ENROLLED, UPDATES, DISABLED, SUPPORT = "enrolled", "enrollment/updates", "disabled", "support"
DETAILS = "details"


@dataclass(frozen=True, slots=True)
class Path:
    """One path of the standard: what does its work, the scope it needs, how it answers."""

    path: str
    work: str
    scope: str
    sync: bool = False
    callback: bool = False
    answer_action: str = ""

    @property
    def action(self) -> str:
        """The action that the header of a message to this path names."""
        if self.work in {ENROLLED, DISABLED, SUPPORT, DETAILS}:
            return SEARCH
        return "notify" if self.work == UPDATES else self.work


@dataclass(frozen=True, slots=True)
class Registry:
    """One registry: where it stands, its OpenAPI document, and the records it gives."""

    key: str
    base: str
    reg_type: str
    document: str
    records: tuple[str, ...]
    record_types: Mapping[str, str]
    events: tuple[str, ...]


SOCIAL = Registry(
    "social", "social", "ns:org:RegistryType:Social", "social_api_v1.0.0",
    ("Group", "Member"), {"Group": "Group", "Member": "Member"},
    ("REGISTER", "NewHouseHoldMember"),
)  # fmt: skip
IBR = Registry(
    "ibr", "ibr", "ns:org:RegistryType:IBR", "ibr_api_v1.0.0",
    ("Beneficiary",), {"Beneficiary": "Beneficiary"},
    ("enrollement", "enrollement_status_change"),  # written so by the standard
)  # fmt: skip
CRVS = Registry(
    "crvs", "crvs", "ns:org:RegistryType:Civil", "crvs_api_v1.0.0",
    ("Person",), {"Person": "spdci-extensions-dci:Person"}, ("LiveBirth", "Death"),
)  # fmt: skip
DR = Registry(
    "dr", "dr", "ns:org:RegistryType:DR", "dr_api_v1.0.0",
    ("DisabledPerson",), {"DisabledPerson": "spdci-extensions-dci:DisabledPerson"}, ("REGISTER",),
)  # fmt: skip
REGISTRIES: Mapping[str, Registry] = {one.key: one for one in (SOCIAL, IBR, CRVS, DR)}

ASKED = (
    Path("registry/search", SEARCH, "registry/search", answer_action="on-search"),
    Path("registry/sync/search", SEARCH, "registry/search", True, answer_action="on-search"),
    Path("registry/subscribe", SUBSCRIBE, "registry/subscribe", answer_action="on-subscribe"),
    Path("registry/unsubscribe", UNSUBSCRIBE, "registry/subscribe", answer_action="on-unsubscribe"),
)
STATUSES = (
    Path("registry/txn/status", STATUS, "registry/txn-status", answer_action="txn-on-status"),
    Path("registry/sync/txn/status", STATUS, "registry/txn-status", True,
         answer_action="txn-on-status"),
)  # fmt: skip
CALLED_BACK = tuple(
    Path(f"registry/{path}", action, f"registry/{action}", callback=True)
    for path, action in (
        ("on-search", "on-search"),
        ("on-subscribe", "on-subscribe"),
        ("on-unsubscribe", "on-unsubscribe"),
        ("notify", "notify"),
    )
)
ON_STATUS = Path("registry/txn/on-status", "txn-on-status", "registry/txn-on-status", callback=True)
OF_IBR = (
    Path("registry/sync/enrolled", ENROLLED, "registry/enrolled", True, answer_action="on-search"),
    Path("registry/sync/enrollment/updates", UPDATES, "registry/enrollment-updates", True,
         answer_action="notify"),
)  # fmt: skip
OF_DR = tuple(
    Path(f"registry/sync/{path}", work, "registry/disabled", True, answer_action="on-search")
    for path, work in (
        ("disabled", DISABLED),
        ("get-disability-details", DETAILS),
        ("get-disability-support", SUPPORT),
    )
)
PATHS: Mapping[str, tuple[Path, ...]] = {
    "social": (*ASKED, *STATUSES, *CALLED_BACK, ON_STATUS),
    "ibr": (*ASKED, *STATUSES, *CALLED_BACK, ON_STATUS, *OF_IBR),
    "crvs": (*ASKED, *STATUSES, *CALLED_BACK, ON_STATUS),
    "dr": (*ASKED, *CALLED_BACK, *OF_DR),  # the standard gives it no txn/status (its issue 49)
}
SCOPES = tuple(sorted({path.scope for paths in PATHS.values() for path in paths}))
