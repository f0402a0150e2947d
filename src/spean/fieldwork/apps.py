"""Work in the field as a Django app."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """Forms filled in on phones, what they became, and what is still to be done."""

    name = "spean.fieldwork"
    default_auto_field = "django.db.models.BigAutoField"
