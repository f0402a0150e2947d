"""The identification of poor households as a Django app."""

from django.apps import AppConfig


class TargetingConfig(AppConfig):
    """From a request to a decision and an equity card."""

    name = "spean.targeting"
    default_auto_field = "django.db.models.BigAutoField"
