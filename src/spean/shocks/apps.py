"""The app of shocks."""

from django.apps import AppConfig


class ShocksConfig(AppConfig):
    """Floods, droughts, epidemics and prices, from the first report to money in hand."""

    name = "spean.shocks"
    label = "shocks"
