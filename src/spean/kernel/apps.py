"""The kernel as a Django app."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Mechanisms that know no word of the domain."""

    name = "spean.kernel"
    default_auto_field = "django.db.models.BigAutoField"
