"""Those who may be recorded already, as a clerk is shown them before entering somebody."""

from collections.abc import Mapping
from typing import Any

from spean.registry import actions, queries
from spean.registry.rules.people import NewMember

Listed = list[tuple[str, list[tuple[queries.PersonHit | queries.Elsewhere, Any]]]]


def listed(error: actions.LikelyDuplicates, entered: Mapping[int, NewMember]) -> Listed:
    """Give each person entered, by name, with the likely records and the districts of those
    that may not be shown."""
    districts = queries.districts([hit for hits in error.candidates.values() for hit in hits])
    return [
        (_name(entered[at]), [(hit, districts.get(getattr(hit, "district", ""))) for hit in hits])
        for at, hits in error.candidates.items()
    ]


def _name(member: NewMember) -> str:
    khmer = f"{member.family_name_km} {member.given_name_km}".strip()
    return khmer or f"{member.family_name_latin} {member.given_name_latin}".strip()
