"""The app of the simulation."""

from django.apps import AppConfig


class SimulationConfig(AppConfig):
    """What a decision would cost and whom it would reach, before it is taken."""

    name = "spean.simulation"
    label = "simulation"
