"""The app of supplies."""

from django.apps import AppConfig


class SuppliesConfig(AppConfig):
    """Medicines, cold chain, equipment, units, beds and staff of health facilities."""

    name = "spean.supplies"
    label = "supplies"
