"""Addresses of the registry's pages."""

from django.urls import path

from spean.registry.pages import cards, changes, duplicates, find, households, imports, register

app_name = "registry"
HOUSEHOLD = "households/<uuid:household_id>"

urlpatterns = [
    *cards.urlpatterns,
    *imports.urlpatterns,
    path("people", find.find, name="find"),
    path("households/new", register.register, name="register"),
    path(HOUSEHOLD, households.household, name="household"),
    path(f"{HOUSEHOLD}/changes/new", changes.choose_change, name="choose_change"),
    path(f"{HOUSEHOLD}/changes/new/<str:kind>", changes.propose_change, name="propose_change"),
    path("changes", changes.changes, name="changes"),
    path("changes/<uuid:change_id>", changes.change, name="change"),
    path("duplicates", duplicates.duplicates, name="duplicates"),
    path("duplicates/<uuid:pair_id>/different", duplicates.different, name="different"),
    path("duplicates/<uuid:pair_id>/merge", duplicates.merge, name="merge"),
]
