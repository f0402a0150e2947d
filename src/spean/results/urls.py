"""Addresses of the results."""

from django.urls import path

from spean.results import pages

app_name = "results"
urlpatterns = [path("answers", pages.answers, name="answers")]
