"""Addresses of locations' pages."""

from django.urls import path

from spean.locations.pages import gazetteer, imports

app_name = "locations"

urlpatterns = [
    path("places", gazetteer.places, name="places"),
    path("places/defects", gazetteer.defects, name="defects"),
    path("places/suggest", gazetteer.suggest, name="suggest"),
    path("places/<slug:code>", gazetteer.place, name="place"),
    path("facilities", gazetteer.facilities, name="facilities"),
    path("facilities/import", imports.import_file, name="import"),
    path("facilities/import/models/<slug:kind>.csv", imports.import_model, name="import_model"),
    path("facilities/import/<slug:token>", imports.imported, name="imported"),
    path("facilities/import/<slug:token>/errors.csv", imports.import_errors, name="import_errors"),
    path("facilities/<slug:code>", gazetteer.facility, name="facility"),
]
