"""Addresses of the simulation."""

from django.urls import path

from spean.simulation.pages import scenarios as pages

app_name = "simulation"
urlpatterns = [
    path("simulation", pages.scenarios, name="scenarios"),
    path("simulation/new", pages.simulate, name="simulate"),
    path("simulation/<uuid:scenario_id>", pages.scenario, name="scenario"),
    path("simulation/<uuid:scenario_id>/compare", pages.compare, name="compare"),
    path("simulation/<uuid:scenario_id>/share", pages.share, name="share"),
    path("simulation/<uuid:scenario_id>/csv", pages.export, name="export"),
]
