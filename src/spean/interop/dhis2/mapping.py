"""Our codes and those of the health information system: one table, a YAML file.

`settings.DHIS2_MAPPING` names the file, so that a ministry puts its own in place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from spean.kernel.policy import strict_yaml
from spean.kernel.policy.strict_yaml import BadPolicy


@dataclass(frozen=True, slots=True)
class Element:
    """Where a row of the report goes: the data element and its disaggregation.

    `combo` is the option combination (JSON), `categories` the same by category (ADX).
    """

    data_element: str
    combo: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Codes:
    """The whole table."""

    data_set: str
    scheme: str
    elements: Mapping[str, Element]
    org_units: Mapping[str, str]


def codes() -> Codes:
    """Give the table in use. Raises BadPolicy where the file is none."""
    return read(Path(settings.DHIS2_MAPPING))


@lru_cache(maxsize=8)
def read(path: Path) -> Codes:
    """Read a table; once a process. Raises BadPolicy."""
    body = strict_yaml.read(path)
    if unknown := body.keys() ^ {"dataSet", "idScheme", "dataElements", "orgUnits"}:
        raise BadPolicy(f"{path}: unknown or missing {', '.join(sorted(unknown))}")
    return Codes(
        data_set=str(body["dataSet"]),
        scheme=str(body["idScheme"]),
        elements={row: _element(row, given) for row, given in body["dataElements"].items()},
        org_units={str(ours): str(theirs) for ours, theirs in (body["orgUnits"] or {}).items()},
    )


def _element(row: str, given: Mapping[str, object]) -> Element:
    allowed = {"dataElement", "categoryOptionCombo", "categories"}
    if not isinstance(given, dict) or "dataElement" not in given or given.keys() - allowed:
        raise BadPolicy(f"{row}: write dataElement, and categoryOptionCombo with its categories")
    if ("categoryOptionCombo" in given) != ("categories" in given):
        raise BadPolicy(f"{row}: categoryOptionCombo and categories stand together")
    return Element(
        str(given["dataElement"]),
        str(given.get("categoryOptionCombo", "")),
        {str(name): str(value) for name, value in given.get("categories", {}).items()},
    )
