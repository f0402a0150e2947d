"""The app of the results."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """What everything adds up to: figures that name nobody."""

    name = "spean.results"
    label = "results"
