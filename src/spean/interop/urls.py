"""Addresses of the standards that we speak."""

from django.urls import include, path

urlpatterns = [
    path("openrosa/", include("spean.interop.openrosa.urls")),
    path("fhir/R4", include("spean.interop.fhir.urls")),
    path("", include("spean.interop.spdci.urls")),
]
