"""The app of the programmes."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Who is owed what cash, by which rule."""

    name = "spean.programmes"
    label = "programmes"
