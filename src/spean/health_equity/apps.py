"""The app of the health schemes."""

from django.apps import AppConfig


class HealthEquityConfig(AppConfig):
    """Who is covered for care, what care they had, what facilities are paid for it."""

    name = "spean.health_equity"
    label = "health_equity"
