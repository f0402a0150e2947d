"""What is kept of mothers and children."""

from spean.maternal_child.models.contacts import (
    BOUNDS,
    Contact,
    ContactKind,
    ContactPlace,
    Protein,
    Result,
    Treatment,
)
from spean.maternal_child.models.contraindications import Condition, Contraindication
from spean.maternal_child.models.deaths import Cause, Death, DeathKind, DeathPlace, Delay
from spean.maternal_child.models.doses import Dose, NutritionTreatment, Vaccine
from spean.maternal_child.models.pregnancies import (
    Attendant,
    Baby,
    BirthPlace,
    Complication,
    Ending,
    Mode,
    Outcome,
    Pregnancy,
    Risk,
)
from spean.maternal_child.models.visits import HomeVisit, Kind, Place, Sign, Topic
from spean.maternal_child.models.withdrawals import STANDING, WithdrawnEnd, WithdrawnMeasure

__all__ = [
    "BOUNDS",
    "STANDING",
    "Attendant",
    "Baby",
    "BirthPlace",
    "Cause",
    "Complication",
    "Condition",
    "Contact",
    "ContactKind",
    "ContactPlace",
    "Contraindication",
    "Death",
    "DeathKind",
    "DeathPlace",
    "Delay",
    "Dose",
    "Ending",
    "HomeVisit",
    "Kind",
    "Mode",
    "NutritionTreatment",
    "Outcome",
    "Place",
    "Pregnancy",
    "Protein",
    "Result",
    "Risk",
    "Sign",
    "Topic",
    "Treatment",
    "Vaccine",
    "WithdrawnEnd",
    "WithdrawnMeasure",
]
