"""What we say to others' programs as a Django app."""

from django.apps import AppConfig


class InteropConfig(AppConfig):
    """Others' standards, translated into our actions and queries; nothing is stored here."""

    name = "spean.interop"
    label = "interop"
