"""What the server says of itself: its CapabilityStatement, made from the table, and SMART's."""

from collections.abc import Mapping
from importlib.metadata import version

from spean.interop.fhir.calls import Answer, Call
from spean.interop.fhir.datatypes import concept, filled
from spean.interop.fhir.resource import Json, Resource
from spean.interop.fhir.scopes import LETTERS
from spean.interop.fhir.server import Handler
from spean.kernel import access

Table = Mapping[str, Resource]
CHANGED = "2026-11-27"  # the day on which what is stated here was last changed
SERVICES = "http://terminology.hl7.org/CodeSystem/restful-security-service"
SECURITY = (
    "OAuth2 client credentials; SMART system scopes. What a system sees is what its roles give it, "
    "in their areas."
)


def metadata(table: Table) -> Handler:
    """Give what answers with the CapabilityStatement."""

    def stated(call: Call) -> Answer:
        return Answer(200, statement(table, call.base), {"Cache-Control": "public, max-age=300"})

    return access.public(stated)


def statement(table: Table, base: str) -> Json:
    """Write the CapabilityStatement of the resources of a table."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED,
        "kind": "instance",
        "software": {"name": "Spean", "version": version("spean")},
        "implementation": {"description": "Spean", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "service": [concept(SERVICES, "SMART-on-FHIR")],
                    "description": SECURITY,
                },
                "resource": [_resource(resource) for resource in table.values()],
                "interaction": [{"code": "batch"}, {"code": "transaction"}],
            }
        ],
    }


def _resource(resource: Resource) -> Json:
    codes = {"read": "read", "search": "search-type", "create": "create", "update": "update"}
    return filled(
        type=resource.type,
        documentation=resource.about,
        interaction=[{"code": codes[name]} for name in resource.rights],
        versioning="versioned",
        conditionalRead="full-support",
        conditionalCreate=True if {"create", "search"} <= resource.rights.keys() else None,
        searchParam=[
            {"name": p.name, "type": p.type, "documentation": p.about} for p in resource.parameters
        ],
        operation=[{"name": o.name, "definition": o.definition} for o in resource.operations],
    ) | {"readHistory": False, "updateCreate": False}


def smart_configuration(table: Table) -> Handler:
    """Give what answers with the SMART configuration (SMART App Launch 2.2, 2.1.2)."""

    def stated(call: Call) -> Answer:
        site = call.base.removesuffix("/fhir/R4")
        return Answer(
            200,
            {
                "token_endpoint": f"{site}/oauth2/token",
                "revocation_endpoint": f"{site}/oauth2/revoke",
                "grant_types_supported": ["client_credentials"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                ],
                "scopes_supported": ["system/*.rs", "system/*.read", *_scopes(table)],
                "capabilities": ["client-confidential-symmetric", "permission-v1", "permission-v2"],
            },
        )

    return access.public(stated)


def _scopes(table: Table) -> list[str]:
    """Give the scopes that cover all that each resource offers."""
    return [
        f"system/{name}.{''.join(sorted(LETTERS[one] for one in resource.rights))}"
        for name, resource in table.items()
    ]
