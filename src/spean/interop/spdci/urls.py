"""Addresses of SP-DCI: the paths of each registry under its base, and what is public."""

from django.urls import path, re_path

from spean.interop.spdci import public
from spean.interop.spdci.endpoints import endpoint, nothing_here
from spean.interop.spdci.registries import PATHS, REGISTRIES

ROOT = "api/dci/v1"

urlpatterns = [
    path(".well-known/jwks.json", public.jwks, name="jwks"),
    path(".well-known/locations.json", public.locations_tree, name="locations"),
    *(
        path(f"{ROOT}/{REGISTRIES[key].base}/{one.path}", endpoint(key, one))
        for key, paths in PATHS.items()
        for one in paths
    ),
    *(
        path(f"{ROOT}/{one.base}/{address}", view)
        for one in REGISTRIES.values()
        for address, view in (
            (".well-known/jwks.json", public.jwks),
            (".well-known/locations.json", public.locations_tree),
        )
    ),
    re_path(rf"^{ROOT}(?:/.*)?$", nothing_here),
]
