"""The health schemes as payers: how Organizations, Coverages and Claims name them."""

from typing import Any

from spean.health_equity import queries
from spean.interop.fhir.datatypes import FACILITIES, SPEAN, Json, numbered, part, reference
from spean.interop.fhir.parameters import reference as referred
from spean.kernel.errors import N_, SpeanError

SCHEMES = f"{SPEAN}/id/scheme"
SERVICES = f"{SPEAN}/CodeSystem/service"
OF_SCHEME = "scheme-"
_UUID = 36  # letters of a person's id


class PayerUnknown(SpeanError):
    """Refuse a payer that is no scheme."""

    code = "interop.fhir_payer_unknown"
    message = N_(
        "No health scheme is named by “%(given)s”. "
        "The schemes are at /fhir/R4/Organization?type=pay; name one of them."
    )
    field = "insurer"
    issue = "value"


def insurer(scheme: str) -> Json:
    """Write the Reference to the payer; the ministry stands for an exemption, which nobody pays."""
    if scheme not in queries.CLAIMED:
        return reference("Organization", "moh")
    return reference("Organization", payer_id(scheme))


def payer_id(scheme: str) -> str:
    """Give the id of the Organization that a scheme is."""
    return OF_SCHEME + _dashed(scheme)


def coverage_id(scheme: str, person: Any) -> str:
    """Give the id of a person's Coverage by a scheme: it stays the same, whatever becomes of it."""
    return f"{_dashed(scheme)}-{person}"


def person_covered(coverage: str) -> str:
    """Give the person's part of a Coverage's id."""
    return coverage[-_UUID:]


def scheme_of(given: Any, resource_type: str) -> str:
    """Give the scheme that a Reference to an Organization or a Coverage names.

    Raises PayerUnknown.
    """
    found = referred(part(given, "reference") or "", resource_type)
    if resource_type == "Coverage":
        name = found[: -_UUID - 1]
    else:
        name = found.removeprefix(OF_SCHEME) if found.startswith(OF_SCHEME) else ""
    name = name.replace("-", "_") or numbered(part(given, "identifier"), SCHEMES)
    if name not in set(queries.Scheme):
        raise PayerUnknown(given=_shown(given))
    return name


def facility_of(given: Any) -> str:
    """Give the code of the facility that a Reference names; "" for none."""
    found = referred(part(given, "reference") or "", "Organization")
    return found or numbered(part(given, "identifier"), FACILITIES)


def _shown(given: Any) -> str:
    shown = part(given, "reference") or part(given, "identifier", "value") or ""
    return str(shown)[:60]


def _dashed(scheme: str) -> str:
    return scheme.replace("_", "-")
