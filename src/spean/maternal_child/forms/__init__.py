"""Forms of the office and the health centre."""

from spean.maternal_child.forms.children import (
    AdmitForm,
    ChildContactForm,
    ContraindicationForm,
    DischargeForm,
    DosesForm,
    EndContraindicationForm,
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
from spean.maternal_child.forms.withdrawing import WithdrawForm

__all__ = [
    "AdmitForm",
    "BirthForm",
    "ChildContactForm",
    "ContraindicationForm",
    "DeathForm",
    "DischargeForm",
    "DosesForm",
    "EndContraindicationForm",
    "EndForm",
    "MotherContactForm",
    "PregnancyForm",
    "RegisterForm",
    "ReviewForm",
    "VisitForm",
    "WithdrawForm",
]
