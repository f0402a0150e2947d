"""What is kept of referrals, vehicles and trips."""

from spean.referrals.models.referrals import Feedback, Referral, ReferralStep, Trip
from spean.referrals.models.vehicles import CrewMember, Standing, Vehicle
from spean.referrals.models.words import (
    Direction,
    FollowUpBy,
    Job,
    Reason,
    StateName,
    StepName,
    UrgencyName,
    VehicleKindName,
    VehicleStateName,
    WayName,
)

__all__ = [
    "CrewMember",
    "Direction",
    "Feedback",
    "FollowUpBy",
    "Job",
    "Reason",
    "Referral",
    "ReferralStep",
    "Standing",
    "StateName",
    "StepName",
    "Trip",
    "UrgencyName",
    "Vehicle",
    "VehicleKindName",
    "VehicleStateName",
    "WayName",
]
