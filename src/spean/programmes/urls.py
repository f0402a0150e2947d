"""Addresses of the programmes."""

from django.urls import path

from spean.programmes import pages

app_name = "programmes"
urlpatterns = [
    path("households/<uuid:household_id>/entitlements", pages.entitlements, name="entitlements")
]
