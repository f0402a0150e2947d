"""What we say to others’ programs as a Django app."""

from django.apps import AppConfig


class InteropConfig(AppConfig):
    """Others' standards, translated into our actions and queries; what was exchanged is kept."""

    name = "spean.interop"
    label = "interop"
