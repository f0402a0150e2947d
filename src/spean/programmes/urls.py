"""Addresses of the programmes."""

from django.urls import path

from spean.programmes import pages

app_name = "programmes"
urlpatterns = [
    path("households/<uuid:household_id>/entitlements", pages.entitlements, name="entitlements"),
    path("cycles", pages.cycles, name="cycles"),
    path("cycles/new", pages.open_cycle, name="open_cycle"),
    path("cycles/<uuid:cycle_id>", pages.cycle, name="cycle"),
]
