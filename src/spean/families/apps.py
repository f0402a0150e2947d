"""The app of families."""

from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    """What a family sees of itself, and what it is told."""

    name = "spean.families"
    label = "families"
