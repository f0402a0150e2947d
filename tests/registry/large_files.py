"""Files of households for a large intake, and what the registry holds once they are in."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from spean.kernel.access import Actor
from spean.registry import actions
from spean.registry.models import (
    FunctionAssessment,
    Household,
    Identifier,
    ImportedHousehold,
    Membership,
    Person,
    Pregnancy,
)
from spean.registry.rules import intake_screen

DAY = date(2026, 11, 1)
GOOD: dict[str, str] = {
    "household_key": "A", "village_code": "16010101", "household_phone": "012345678",
    "relation": "head", "family_name_km": "សុខ", "given_name_km": "ដារ៉ា",
    "family_name_latin": "Sok", "given_name_latin": "Dara", "sex": "male",
    "birth_date": "1980-02-01", "national_id": "123456789",
    **dict.fromkeys(("seeing", "hearing", "walking", "remembering", "self_care"), "1"),
    "communicating": "3",
}  # fmt: skip
WIFE = GOOD | {
    "relation": "spouse", "given_name_km": "បុប្ផា", "given_name_latin": "Bopha", "sex": "female",
    "national_id": "", "pregnant": "yes", "birth_date": "1995-05-05", "phone": "0971234567",
}  # fmt: skip
MESSY = GOOD | {
    "household_key": "B", "household_phone": "+855 (0)12 345 679", "birth_date": "១/២/១៩៨១",
    "sex": "ប", "relation": "មេគ្រួសារ", "national_id": "987 654 321", "given_name_km": "  ដារ៉ា ",
}  # fmt: skip


def file_of(folder: Path, rows: list[dict[str, str]], name: str = "homes.csv") -> Path:
    """Write rows as a CSV file of the import format."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def content() -> dict[str, list[Any]]:
    """Give all that the registry holds, without what differs from one making to another."""

    def rows(model: Any, *names: str) -> list[Any]:
        return sorted(map(repr, model.objects.values_list(*names)))

    facts = [f.name for f in Person._meta.concrete_fields if f.name not in ("id", "created_at")]
    of_home = ("village__code", "address", "phone", "since", "registered_on", "registered_by")
    who = "person__given_name_km"
    return {
        "people": rows(Person, *facts),
        "homes": rows(Household, *of_home),
        "members": rows(Membership, who, "household__phone", "relation", "start", "end"),
        "numbers": rows(Identifier, who, "kind", "value", "start", "end", "withdrawn"),
        "functions": rows(FunctionAssessment, who, "start", *intake_screen.FUNCTIONS, "disabled"),
        "pregnancies": rows(Pregnancy, who, "start", "expected_on"),
        "keys": rows(ImportedHousehold, "household_key", "file_hash"),
    }


def taken_in_fast(path: Path, by: Actor) -> dict[str, list[Any]]:
    """Take a file in, give what the registry then holds, and undo it."""
    with transaction.atomic():
        actions.take_in_file(path=path, by=by, on=DAY)
        found = content()
        transaction.set_rollback(True)
    return found
