"""What the choices of the models are called, as people read them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UrgencyName(models.TextChoices):
    """How soon the patient must be there (`rules.Urgency`)."""

    EMERGENCY = "emergency", _("Emergency")
    URGENT = "urgent", _("Urgent, today")
    PLANNED = "planned", _("Planned")


class StateName(models.TextChoices):
    """Where a referral stands (`rules.State`)."""

    REQUESTED = "requested", _("Requested")
    ACCEPTED = "accepted", _("Accepted")
    DISPATCHED = "dispatched", _("Vehicle on its way to the patient")
    PICKED_UP = "picked_up", _("Patient on the way")
    ARRIVED = "arrived", _("Arrived")
    HANDED_OVER = "handed_over", _("Handed over to care")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")
    DID_NOT_COME = "did_not_come", _("Did not come")


class StepName(models.TextChoices):
    """What happens to a referral (`rules.Step`)."""

    REQUESTED = "requested", _("Requested")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    DISPATCHED = "dispatched", _("Vehicle sent")
    CALLED_BACK = "called_back", _("Vehicle called back")
    PICKED_UP = "picked_up", _("Patient picked up")
    ARRIVED = "arrived", _("Arrived")
    HANDED_OVER = "handed_over", _("Handed over to care")
    CANCELLED = "cancelled", _("Cancelled")
    DID_NOT_COME = "did_not_come", _("Did not come")


class Direction(models.TextChoices):
    """Towards care, or home from it."""

    ONWARD = "onward", _("To care")
    BACK = "back", _("Back home")


class WayName(models.TextChoices):
    """By what a place can be reached today (`rules.Way`)."""

    ROAD = "road", _("By road")
    WATER = "water", _("By water")


class Reason(models.TextChoices):
    """Why somebody is referred: the danger signs of home visits and contacts, and others.

    The codes of signs are those of care for mothers and children (WHO PCPNC, IMCI), so that a sign
    found there can be referred as it stands.
    """

    BLEEDING = "bleeding", _("Bleeding")
    CONVULSIONS = "convulsions", _("Convulsions")
    SEVERE_HEADACHE = "severe_headache", _("Severe headache with blurred vision")
    FEVER = "fever", _("Fever")
    SEVERE_ABDOMINAL_PAIN = "severe_abdominal_pain", _("Severe abdominal pain")
    DIFFICULT_BREATHING = "difficult_breathing", _("Difficult breathing")
    REDUCED_MOVEMENTS = "reduced_movements", _("The baby moves less")
    SWELLING = "swelling", _("Swollen face or hands")
    NOT_FEEDING = "not_feeding", _("Does not feed well")
    FAST_BREATHING = "fast_breathing", _("Fast breathing")
    CHEST_INDRAWING = "chest_indrawing", _("Chest drawn in")
    LOW_TEMPERATURE = "low_temperature", _("Feels cold")
    NO_MOVEMENT = "no_movement", _("Moves only when touched, or not")
    YELLOW_SKIN = "yellow_skin", _("Yellow palms or soles")
    RED_UMBILICUS = "red_umbilicus", _("Red or oozing navel")
    CANNOT_DRINK = "cannot_drink", _("Cannot drink or breastfeed")
    VOMITS_EVERYTHING = "vomits_everything", _("Vomits everything")
    LETHARGIC = "lethargic", _("Very sleepy or unconscious")
    BLOOD_IN_STOOL = "blood_in_stool", _("Blood in the stool")
    LABOUR = "labour", _("In labour")
    INJURY = "injury", _("Injury")
    SNAKE_BITE = "snake_bite", _("Snake bite or poisoning")


class VehicleKindName(models.TextChoices):
    """What carries a patient (`rules.VehicleKind`)."""

    AMBULANCE = "ambulance", _("Ambulance")
    CAR = "car", _("Car")
    MOTORCYCLE_TRAILER = "motorcycle_trailer", _("Motorcycle with trailer")
    MOTORCYCLE = "motorcycle", _("Motorcycle")
    MOTOR_BOAT = "motor_boat", _("Motor boat")


class VehicleStateName(models.TextChoices):
    """How a vehicle is, apart from the trip that it may be on (`rules.VehicleState`)."""

    READY = "ready", _("Ready")
    UNDER_REPAIR = "under_repair", _("Under repair")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Job(models.TextChoices):
    """What somebody does on a vehicle."""

    DRIVER = "driver", _("Driver or boatman")
    HEALTH_WORKER = "health_worker", _("Health worker")
    ATTENDANT = "attendant", _("Attendant")


class FollowUpBy(models.TextChoices):
    """Who makes the follow-up after the patient is back."""

    VOLUNTEER = "volunteer", _("Village health volunteer")
    HEALTH_CENTRE = "health_centre", _("Health centre")
    HOSPITAL = "hospital", _("Hospital")
    NOBODY = "nobody", _("No follow-up is needed")
