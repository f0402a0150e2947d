"""The app of the synthetic country."""

from django.apps import AppConfig


class SyntheticConfig(AppConfig):
    """Register the module; it stores nothing."""

    name = "spean.synthetic"
    label = "synthetic"
