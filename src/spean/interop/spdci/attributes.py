"""Which attributes can be asked about and are given, and the one table of who may have which.

A *field* is the smallest thing that a purpose gives or withholds. An attribute that belongs to a
withheld field can't be asked about either: the answer would tell it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from spean.interop.models import Partner
from spean.interop.spdci.codes import ENROLMENTS, RELATIONS, SEXES
from spean.kernel.access import Purpose

REGISTRATION, TARGETING, CARE = Purpose.REGISTRATION, Purpose.TARGETING, Purpose.CARE
PAYMENT, OVERSIGHT, STATISTICS = Purpose.PAYMENT, Purpose.OVERSIGHT, Purpose.STATISTICS
NAMED = frozenset({REGISTRATION, TARGETING, CARE, PAYMENT, OVERSIGHT})
COUNTED = NAMED | {STATISTICS}

FIELDS: Mapping[str, frozenset[Purpose]] = {
    "identifier": NAMED,
    "name": NAMED,
    "sex": COUNTED,
    "birth_date": COUNTED,
    "death_date": NAMED,
    "phone_number": frozenset({CARE, PAYMENT}),
    "relationship": COUNTED,
    "disability": frozenset({TARGETING, CARE, OVERSIGHT, STATISTICS}),
    "place": COUNTED,
    "poverty": frozenset({TARGETING, PAYMENT, OVERSIGHT, STATISTICS}),
    "group": COUNTED,
    "members": COUNTED,
    "programmes": frozenset({TARGETING, PAYMENT, OVERSIGHT, STATISTICS}),
    "dates": COUNTED,
}


def shown_to(partner: Partner) -> frozenset[str]:
    """Give the fields that a partner is given: its purpose's, as far as its agreement goes."""
    mine = {name for name, purposes in FIELDS.items() if partner.purpose in purposes}
    return frozenset(mine & set(partner.fields) if partner.fields else mine)


@dataclass(frozen=True, slots=True)
class Attribute:
    """How one attribute is compared: its kind, the columns that hold it, the field it tells."""

    kind: str
    columns: tuple[str, ...]
    field: str
    codes: Mapping[str, str] | None = None


PERSON: Mapping[str, Attribute] = MappingProxyType(
    {
        "identifier": Attribute("identifier", ("person",), "identifier"),
        "member_identifier": Attribute("identifier", ("person",), "identifier"),
        "surname": Attribute("text", ("family_name_km", "family_name_latin"), "name"),
        "given_name": Attribute("text", ("given_name_km", "given_name_latin"), "name"),
        "sex": Attribute("code", ("sex",), "sex", SEXES),
        "birth_date": Attribute("date", ("birth_date",), "birth_date"),
        "age": Attribute("age", ("birth_date",), "birth_date"),
        "death_date": Attribute("date", ("death_date",), "death_date"),
        "phone_number": Attribute("text", ("phone",), "phone_number"),
        "last_updated": Attribute("date", ("since",), "dates"),
    }
)
IN_A_HOUSEHOLD: Mapping[str, Attribute] = MappingProxyType(
    {
        "relationship_type": Attribute("code", ("relation",), "relationship", RELATIONS),
        "is_disabled": Attribute("boolean", ("disabled",), "disability"),
        "registration_date": Attribute("date", ("start",), "dates"),
    }
)
HOUSEHOLD: Mapping[str, Attribute] = MappingProxyType(
    {
        "group_identifier": Attribute("identifier", ("household",), "identifier"),
        "identifier": Attribute("identifier", ("household", "member"), "identifier"),
        "group_size": Attribute("number", ("size",), "group"),
        "poverty_score": Attribute("number", ("points",), "poverty"),
        "poverty_level": Attribute("text", ("level",), "poverty"),
        "registration_date": Attribute("date", ("registered_on",), "dates"),
        "last_updated": Attribute("date", ("since",), "dates"),
    }
)
BENEFIT: Mapping[str, Attribute] = MappingProxyType(
    {
        "identifier": Attribute("identifier", ("household", "member"), "identifier"),
        "programme_identifier": Attribute("text", ("programme",), "programmes"),
        "enrollment_status": Attribute("code", ("state",), "programmes", ENROLMENTS),
        "enrollment_date": Attribute("date", ("since",), "programmes"),
    }
)


def under(prefix: str, table: Mapping[str, Attribute]) -> dict[str, Attribute]:
    """Give a table whose columns are reached through another row."""
    return {
        name: one
        if one.kind == "identifier"
        else replace(one, columns=tuple(prefix + column for column in one.columns))
        for name, one in table.items()
    }


def in_area(column: str) -> dict[str, Attribute]:
    """Give the attributes that ask where somebody lives: the code of a place of any level."""
    names = ("location", "geographical_location", "region_code", "sub_region_code")
    return dict.fromkeys(names, Attribute("area", (column,), "place"))


# The short names of the standard's notes.
SHORT = {
    "dob": "birth_date",
    "mobile": "phone_number",
    "area-code": "location",
    "person_identifier": "identifier",
}
