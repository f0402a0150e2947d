"""The standard's code lists, one table each: our code on the left, the standard's on the right.

What the standard's list lacks keeps a name of ours beside it (`NationalID`, `EquityCard`,
`HealthID`): its own samples do the same.
"""

from collections.abc import Mapping

IDENTIFIERS: Mapping[str, str] = {
    "personal_code": "UIN",
    "birth_certificate": "BRN",
    "national_id": "NationalID",
    "health_id": "HealthID",
    "equity_card": "EquityCard",
}
SEXES: Mapping[str, str] = {"female": "female", "male": "male"}
RELATIONS: Mapping[str, str] = {
    "head": "SELF",
    "spouse": "SPS",
    "child": "CHILD",
    "child_in_law": "CHLDINLAW",
    "parent": "PRN",
    "parent_in_law": "PRNINLAW",
    "grandchild": "GRNDCHILD",
    "sibling": "SIB",
    "other_relative": "EXT",
    "not_related": "SIGOTHR",
}
LIMITATIONS: Mapping[str, str] = {
    "seeing": "VIS_SS",
    "hearing": "HEAR_SS",
    "walking": "MOB_SS",
    "remembering": "COG_SS",
    "self_care": "SC_SS",
    "communicating": "COM_SS",
}
SEVERITIES: Mapping[int, str] = {1: "1", 2: "2", 3: "3", 4: "4"}
# The Washington Group asks about functioning, not impairments: only these four domains meet one.
IMPAIRMENTS: Mapping[str, str] = {
    "seeing": "1",
    "hearing": "2",
    "walking": "3",
    "remembering": "4",
}
IMPAIRMENT_LEVELS: Mapping[int, str] = {2: "1", 3: "3", 4: "4"}
UNITS: Mapping[str, str] = {"household": "2"}
ENROLMENTS: Mapping[str, str] = {"enrolled": "1", "suspended": "4", "exited": "3"}
LOCALES: Mapping[str, str] = {"km": "khm", "en": "eng"}
PURPOSES: Mapping[str, str] = {
    "registration": "registration",
    "targeting": "targeting",
    "care": "care",
    "oversight": "oversight",
    "statistics": "statistics",
    "payment": "payment",
}


def ours(table: Mapping[str, str], code: object) -> str | None:
    """Give our code for one of the standard's, whatever its case and namespace; None if unknown."""
    plain = str(code).rpartition(":")[2].casefold()
    return next((mine for mine, theirs in table.items() if theirs.casefold() == plain), None)
