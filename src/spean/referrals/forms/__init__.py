"""Forms of referrals and vehicles."""

from spean.referrals.forms.referrals import (
    FeedbackForm,
    NeedForm,
    RequestForm,
    StepForm,
    TripForm,
)
from spean.referrals.forms.vehicles import CrewForm, ReportForm, VehicleForm

__all__ = [
    "CrewForm",
    "FeedbackForm",
    "NeedForm",
    "ReportForm",
    "RequestForm",
    "StepForm",
    "TripForm",
    "VehicleForm",
]
