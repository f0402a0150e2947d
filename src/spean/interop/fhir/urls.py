"""Addresses of the FHIR server: the same few for each resource of a table."""

from collections.abc import Mapping

from django.urls import URLPattern, path, re_path

from spean.interop.fhir.bundles import bundle
from spean.interop.fhir.calls import Answer, Call
from spean.interop.fhir.capability import metadata, smart_configuration
from spean.interop.fhir.edge import address
from spean.interop.fhir.errors import NoHistory, UnknownType
from spean.interop.fhir.resource import Resource
from spean.interop.fhir.server import interaction, operation
from spean.interop.fhir.table import RESOURCES
from spean.kernel import access

app_name = "fhir"
ID = "[A-Za-z0-9.-]{1,64}"


@access.public
def _no_history(call: Call) -> Answer:
    raise NoHistory


@access.public
def _nothing(call: Call) -> Answer:
    raise UnknownType


def addresses(table: Mapping[str, Resource]) -> list[URLPattern]:
    """Give the addresses of the resources of a table, and of what is said of all of them."""
    nothing = address(GET=_nothing, POST=_nothing, PUT=_nothing, PATCH=_nothing, DELETE=_nothing)
    return [
        re_path("^/?$", address(POST=bundle(table))),
        path("/metadata", address(GET=metadata(table)), name="metadata"),
        path("/.well-known/smart-configuration", address(GET=smart_configuration(table))),
        *(one for resource in table.values() for one in _of(resource)),
        re_path("^/.*$", nothing),
    ]


def _of(resource: Resource) -> list[URLPattern]:
    read, search = interaction(resource, "read"), interaction(resource, "search")
    create, update = interaction(resource, "create"), interaction(resource, "update")
    return [
        path(f"/{resource.type}", address(GET=search, POST=create)),
        path(f"/{resource.type}/_search", address(POST=search, GET=search)),
        re_path(f"^/{resource.type}/(?P<id>{ID})$", address(GET=read, PUT=update)),
        re_path(f"^/{resource.type}/(?P<id>{ID})/_history(/.*)?$", address(GET=_no_history)),
        *(
            re_path(
                rf"^/{resource.type}/(?P<id>{ID})/\${one.name}$",
                address(GET=operation(resource, one)),
            )
            for one in resource.operations
        ),
    ]


urlpatterns = addresses(RESOURCES)
