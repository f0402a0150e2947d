"""Places and facilities as a Django app."""

from django.apps import AppConfig


class LocationsConfig(AppConfig):
    """The national gazetteer, health facilities and their catchments."""

    name = "spean.locations"
    default_auto_field = "django.db.models.BigAutoField"
