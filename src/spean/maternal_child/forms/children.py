"""A child's contact with its vaccines, doses from its card, treatment of malnutrition."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm
from spean.maternal_child.actions import FOUND, Measured, NewDose
from spean.maternal_child.forms.base import (
    decimal,
    number,
    one_of,
    some_of,
    yes_or_no,
)
from spean.maternal_child.models import (
    Condition,
    ContactKind,
    ContactPlace,
    NutritionTreatment,
    Result,
    Sign,
    Topic,
    Treatment,
    Vaccine,
)
from spean.maternal_child.queries import batches_of
from spean.maternal_child.rules import SIGNS, VisitKind

OF_CHILDREN = (
    Treatment.VITAMIN_A, Treatment.DEWORMING, Treatment.ZINC, Treatment.ANTIBIOTIC,
    Treatment.ANTIMALARIAL, Treatment.IRON,
)  # fmt: skip
LYING = [("yes", _("Lying")), ("no", _("Standing"))]


class ChildContactForm(SpeanForm):
    """A contact of a newborn or a child: measures, signs, vaccines with their batch."""

    day = forms.DateField(label=_("Day of the contact"))
    place = one_of(_("Place"), ContactPlace.choices, required=True)
    danger_signs = some_of(_("Danger signs"), ())
    weight_kg = decimal(_("Weight (kg)"), _("In kilograms, such as 3.2"))
    length_cm = decimal(_("Length or height (cm)"))
    lying = forms.TypedChoiceField(
        label=_("Measured"), choices=[("", "–"), *LYING], required=False,
        coerce=lambda answer: answer == "yes", empty_value=None,
    )  # fmt: skip
    muac_mm = number(_("Mid-upper arm circumference (mm)"))
    head_cm = decimal(_("Head circumference (cm)"))
    oedema = yes_or_no(_("Both feet swollen"))
    temperature = decimal(_("Temperature (°C)"))
    breaths = number(_("Breaths in a minute"))
    malaria = one_of(_("Malaria test"), Result.choices)
    vaccines = some_of(_("Vaccines given"), Vaccine.choices)
    batches = forms.CharField(
        label=_("Batches"), required=False, max_length=300,
        help_text=_("Vaccine and batch, separated by commas, such as: BCG 37A, OPV 12"),
    )  # fmt: skip
    treatments = some_of(_("What was given"), [(one.value, one.label) for one in OF_CHILDREN])
    topics = some_of(_("What was talked about"), Topic.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
    sure = forms.BooleanField(label=_("I looked twice: it is right"), required=False)

    def __init__(self, *args: Any, newborn: bool, due: Sequence[str], on: date, **kw: Any) -> None:
        super().__init__(*args, initial={"day": on, "place": ContactPlace.FACILITY}, **kw)
        self.kind = ContactKind.NEWBORN if newborn else ContactKind.CHILD
        signs = SIGNS[VisitKind.NEWBORN if newborn else VisitKind.CHILD]
        self.fields["danger_signs"].choices = [  # type: ignore[attr-defined]
            (sign, Sign(sign).label) for sign in signs
        ]
        first = sorted(Vaccine.choices, key=lambda one: one[0] not in due)
        self.fields["vaccines"].choices = first  # type: ignore[attr-defined]

    def contact(self) -> dict[str, Any]:
        """Give what `record_contact` takes."""
        said = dict(self.cleaned_data)
        batches = batches_of(said.pop("batches"))
        doses = [NewDose(one, said["day"], batches.get(one, "")) for one in said.pop("vaccines")]
        measured = Measured(**{name: said.pop(name) for name in FOUND if name in said})
        return said | {"kind": self.kind, "measured": measured, "doses": doses}


class DosesForm(SpeanForm):
    """A dose that stands on the child's card."""

    vaccine = one_of(_("Vaccine"), Vaccine.choices, required=True)
    day = forms.DateField(label=_("Given on"))
    batch = forms.CharField(label=_("Batch"), required=False, max_length=30)
    doses = forms.CharField(widget=forms.HiddenInput, required=False)

    def new_doses(self) -> list[NewDose]:
        """Give what `record_doses` takes."""
        said = self.cleaned_data
        return [NewDose(said["vaccine"], said["day"], said["batch"])]


class ContraindicationForm(SpeanForm):
    """What stands against giving a vaccine."""

    condition = one_of(_("Condition"), Condition.choices, required=True)
    vaccine = one_of(_("Which vaccine, for a reaction to one"), Vaccine.choices)
    since = forms.DateField(label=_("Since"))
    until = forms.DateField(label=_("Until"), required=False)


class EndContraindicationForm(SpeanForm):
    """It has passed."""

    until = forms.DateField(label=_("Until"))


class AdmitForm(SpeanForm):
    """A child taken into treatment of malnutrition."""

    kind = one_of(_("Treatment"), NutritionTreatment.Kind.choices, required=True)
    day = forms.DateField(label=_("Admitted on"))


class DischargeForm(SpeanForm):
    """The end of a treatment."""

    outcome = one_of(_("Outcome"), NutritionTreatment.Outcome.choices, required=True)
    day = forms.DateField(label=_("Discharged on"))
