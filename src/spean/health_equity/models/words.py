"""What the choices of the models are called, as people read them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SchemeName(models.TextChoices):
    """The schemes (`rules.Scheme`)."""

    HEF = "hef", _("Health Equity Fund")
    WORKERS = "workers", _("Social security of workers")
    CIVIL_SERVANTS = "civil_servants", _("Social security of civil servants")
    FORMER_CIVIL_SERVANTS = "former_civil_servants", _("Social security of former civil servants")
    VETERANS = "veterans", _("Social security of veterans")
    EXEMPTION = "exemption", _("Exempted from fees")


class GroupName(models.TextChoices):
    """The groups that schemes cover (`rules.Group`)."""

    POOR_1 = "poor_1", _("Poor level 1")
    POOR_2 = "poor_2", _("Poor level 2")
    AT_RISK = "at_risk", _("At risk")
    POST_IDENTIFIED = "post_identified", _("Found poor at the facility")
    INFORMAL_WORKER = "informal_worker", _("Worker without an employer")
    TOURISM_WORKER = "tourism_worker", _("Worker in tourism or entertainment")
    WORKER = "worker", _("Worker")
    SELF_EMPLOYED = "self_employed", _("Self-employed")
    CIVIL_SERVANT = "civil_servant", _("Civil servant")
    FORMER_CIVIL_SERVANT = "former_civil_servant", _("Former civil servant")
    VETERAN = "veteran", _("Veteran")
    EXEMPTED = "exempted", _("Exempted by the health centre committee")


class ServiceName(models.TextChoices):
    """The services that can be claimed (`rules.SERVICES`)."""

    OUTPATIENT = "outpatient", _("Outpatient consultation")
    EMERGENCY = "emergency", _("Emergency care")
    ANTENATAL_VISIT = "antenatal_visit", _("Antenatal visit")
    POSTNATAL_VISIT = "postnatal_visit", _("Postnatal visit")
    DELIVERY = "delivery", _("Delivery")
    COMPLICATED_DELIVERY = "complicated_delivery", _("Delivery with complications")
    CAESAREAN = "caesarean", _("Caesarean section")
    ABORTION_CARE = "abortion_care", _("Abortion care")
    MINOR_SURGERY = "minor_surgery", _("Minor surgery")
    MAJOR_SURGERY = "major_surgery", _("Major surgery")
    INPATIENT_ADULT = "inpatient_adult", _("Stay of an adult")
    INPATIENT_CHILD = "inpatient_child", _("Stay of a child")
    INTENSIVE_CARE = "intensive_care", _("Intensive care")
    BIRTH_SPACING_SHORT = "birth_spacing_short", _("Short-term birth spacing")
    IUD_OR_IMPLANT = "iud_or_implant", _("IUD or implant")
    CERVICAL_SCREENING = "cervical_screening", _("Screening for cervical cancer")
    TRANSPORT = "transport", _("Transport (km)")
    CARETAKER_FOOD = "caretaker_food", _("Food for the caretaker (days)")
    FUNERAL = "funeral", _("Funeral")


class VisitOutcome(models.TextChoices):
    """How a visit ended."""

    CURED = "cured", _("Cured or better")
    FOLLOW_UP = "follow_up", _("To come again")
    REFERRED = "referred", _("Referred to another facility")
    LEFT = "left", _("Left against advice")
    DIED = "died", _("Died")
    MISTAKEN = "mistaken", _("Did not take place here")


class Document(models.TextChoices):
    """What goes with a claim on paper."""

    REFERRAL_LETTER = "referral_letter", _("Referral letter")
    DISCHARGE_NOTE = "discharge_note", _("Discharge note")
    OPERATION_NOTE = "operation_note", _("Operation note")
    BIRTH_RECORD = "birth_record", _("Record of the birth")
    DEATH_CERTIFICATE = "death_certificate", _("Certificate of death")
    RECEIPT = "receipt", _("Receipt")
