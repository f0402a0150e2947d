"""Care for mothers and children as a Django app."""

from django.apps import AppConfig


class MaternalChildConfig(AppConfig):
    """Home visits of mothers and children."""

    name = "spean.maternal_child"
    default_auto_field = "django.db.models.BigAutoField"
