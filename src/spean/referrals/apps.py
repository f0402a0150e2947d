"""Referral and transport as a Django app."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """From village to health centre to hospital and back, by boat and ambulance."""

    name = "spean.referrals"
    default_auto_field = "django.db.models.BigAutoField"
