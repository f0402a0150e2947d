"""Forms of the office and the health centre."""

from spean.maternal_child.forms.children import (
    AdmitForm,
    ChildContactForm,
    DischargeForm,
    DosesForm,
)
from spean.maternal_child.forms.deaths import DeathForm, ReviewForm
from spean.maternal_child.forms.mothers import (
    BirthForm,
    EndForm,
    MotherContactForm,
    PregnancyForm,
)
from spean.maternal_child.forms.register import RegisterForm
from spean.maternal_child.forms.visits import VisitForm

__all__ = [
    "AdmitForm",
    "BirthForm",
    "ChildContactForm",
    "DeathForm",
    "DischargeForm",
    "DosesForm",
    "EndForm",
    "MotherContactForm",
    "PregnancyForm",
    "RegisterForm",
    "ReviewForm",
    "VisitForm",
]
