"""People, households and cards as a Django app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The one registry that every module points to."""

    name = "spean.registry"
    default_auto_field = "django.db.models.BigAutoField"
