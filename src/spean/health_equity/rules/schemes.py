"""The schemes that pay for care, the groups that they cover, and the services that they know.

What each covers and pays, and from when, is dated policy (`policy/health_equity`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Scheme(StrEnum):
    """Who pays for somebody's care. An exemption is forgone by the facility: nobody pays."""

    HEF = "hef"
    WORKERS = "workers"
    CIVIL_SERVANTS = "civil_servants"
    FORMER_CIVIL_SERVANTS = "former_civil_servants"
    VETERANS = "veterans"
    EXEMPTION = "exemption"


class Group(StrEnum):
    """Why somebody may be covered."""

    POOR_1 = "poor_1"
    POOR_2 = "poor_2"
    AT_RISK = "at_risk"
    POST_IDENTIFIED = "post_identified"
    INFORMAL_WORKER = "informal_worker"
    TOURISM_WORKER = "tourism_worker"
    WORKER = "worker"
    SELF_EMPLOYED = "self_employed"
    CIVIL_SERVANT = "civil_servant"
    FORMER_CIVIL_SERVANT = "former_civil_servant"
    VETERAN = "veteran"
    EXEMPTED = "exempted"


SCHEME_OF: Mapping[Group, Scheme] = {
    Group.POOR_1: Scheme.HEF,
    Group.POOR_2: Scheme.HEF,
    Group.AT_RISK: Scheme.HEF,
    Group.POST_IDENTIFIED: Scheme.HEF,
    Group.INFORMAL_WORKER: Scheme.HEF,
    Group.TOURISM_WORKER: Scheme.HEF,
    Group.WORKER: Scheme.WORKERS,
    Group.SELF_EMPLOYED: Scheme.WORKERS,
    Group.CIVIL_SERVANT: Scheme.CIVIL_SERVANTS,
    Group.FORMER_CIVIL_SERVANT: Scheme.FORMER_CIVIL_SERVANTS,
    Group.VETERAN: Scheme.VETERANS,
    Group.EXEMPTED: Scheme.EXEMPTION,
}
# Groups that follow from the household's poverty status; the others are on a list of their own.
BY_STATUS = (Group.POOR_1, Group.POOR_2, Group.AT_RISK)
LISTED = tuple(g for g in Group if g not in (*BY_STATUS, Group.POST_IDENTIFIED))
CLAIMED = tuple(scheme for scheme in Scheme if scheme is not Scheme.EXEMPTION)


class Category(StrEnum):
    """What kind of care a service is; limits on how often hold for a kind."""

    CONSULTATION = "consultation"
    ANTENATAL = "antenatal"
    DELIVERY = "delivery"
    SURGERY = "surgery"
    ADMISSION = "admission"
    PREVENTION = "prevention"
    BENEFIT = "benefit"


@dataclass(frozen=True, slots=True)
class Service:
    """A service that can be claimed; what it costs is in the fee tables, by facility level."""

    code: str
    category: Category
    inpatient: bool = False


_OF: Mapping[Category, tuple[str, ...]] = {
    Category.CONSULTATION: ("outpatient", "emergency"),
    Category.ANTENATAL: ("antenatal_visit", "postnatal_visit"),
    Category.DELIVERY: ("delivery", "complicated_delivery", "caesarean", "abortion_care"),
    Category.SURGERY: ("minor_surgery", "major_surgery"),
    Category.ADMISSION: ("inpatient_adult", "inpatient_child", "intensive_care"),
    Category.PREVENTION: ("birth_spacing_short", "iud_or_implant", "cervical_screening"),
    Category.BENEFIT: ("transport", "caretaker_food", "funeral"),
}
_INPATIENT = (
    "complicated_delivery", "caesarean", "major_surgery", "inpatient_adult", "inpatient_child",
    "intensive_care",
)  # fmt: skip
SERVICES: Mapping[str, Service] = {
    code: Service(code, category, code in _INPATIENT)
    for category, codes in _OF.items()
    for code in codes
}
