"""Addresses of the pages of mothers and children."""

from django.urls import path

from spean.maternal_child import pages

app_name = "maternal_child"
HOUSEHOLD = "households/<uuid:household_id>/visits"

urlpatterns = [
    path("visits", pages.visits, name="visits"),
    path("visits/<uuid:visit_id>", pages.visit, name="visit"),
    path(HOUSEHOLD, pages.household_visits, name="household_visits"),
    path(f"{HOUSEHOLD}/new", pages.record, name="record"),
]
