"""Addresses of the standards that we speak, and of the pages about the exchange."""

from django.urls import include, path

from spean.interop import pages
from spean.interop.dhis2 import sending

desk = [
    path("partners", pages.partners, name="partners"),
    path("partners/new", pages.new_partner, name="new_partner"),
    path("partners/<uuid:partner_id>/close", pages.close_partner, name="close_partner"),
    path("households/<uuid:household_id>/released", pages.releases, name="releases"),
    path("registries/ask", pages.ask, name="ask"),
    path("registries/questions/<uuid:question_id>", pages.question, name="question"),
    path("reports/<str:facility>/<str:period>/dhis2", sending.dhis2, name="dhis2"),
    path("reports/<str:facility>/<str:period>/adx", sending.adx_file, name="adx"),
]

urlpatterns = [
    path("openrosa/", include("spean.interop.openrosa.urls")),
    path("fhir/R4", include("spean.interop.fhir.urls")),
    path("", include("spean.interop.spdci.urls")),
    path("", include((desk, "interop"))),
]
