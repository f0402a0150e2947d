"""A pregnancy, its contacts and its end, written down at the health centre."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm
from spean.maternal_child.actions import FOUND, Birth, Dating, Measured, NewBaby
from spean.maternal_child.forms.base import (
    Choices,
    decimal,
    number,
    offer,
    one_of,
    some_of,
)
from spean.maternal_child.models import (
    Attendant,
    BirthPlace,
    Complication,
    ContactKind,
    ContactPlace,
    Ending,
    Mode,
    Outcome,
    Protein,
    Result,
    Risk,
    Sign,
    Topic,
    Treatment,
)
from spean.maternal_child.rules import SIGNS, VisitKind

MOST_BABIES = 3
AT_WHICH = _("At which facility")
OWN = _("Open: the one that serves the village")
SEXES = [("female", _("Female")), ("male", _("Male"))]
OF_MOTHERS = (
    Treatment.IRON, Treatment.TETANUS, Treatment.DEWORMING, Treatment.ANTIRETROVIRAL,
    Treatment.ANTIBIOTIC, Treatment.ANTIMALARIAL, Treatment.ANTIHYPERTENSIVE,
    Treatment.CONTRACEPTIVE,
)  # fmt: skip


class PregnancyForm(SpeanForm):
    """When a pregnancy began, and its risks."""

    last_period_on = forms.DateField(label=_("First day of the last period"), required=False)
    scan_on = forms.DateField(label=_("Day of the scan"), required=False)
    scan_weeks = number(_("Age by the scan, weeks"))
    scan_more_days = number(_("and days"))
    previous_births = number(_("Births before"))
    risks = some_of(_("Risks"), Risk.choices)

    def pregnancy(self) -> dict[str, Any]:
        """Give what `record_pregnancy` takes."""
        said = self.cleaned_data
        weeks, more = said["scan_weeks"], said["scan_more_days"] or 0
        dating = Dating(
            said["last_period_on"], said["scan_on"], None if weeks is None else weeks * 7 + more
        )
        return {
            "dating": dating,
            "previous_births": said["previous_births"],
            "risks": said["risks"],
        }


class MotherContactForm(SpeanForm):
    """An antenatal contact, or a postnatal one of the mother."""

    day = forms.DateField(label=_("Day of the contact"))
    place = one_of(_("Place"), ContactPlace.choices, required=True)
    facility = one_of(AT_WHICH, (), hint=OWN)
    danger_signs = some_of(_("Danger signs"), ())
    systolic = number(_("Blood pressure, upper"))
    diastolic = number(_("Blood pressure, lower"))
    weight_kg = decimal(_("Weight (kg)"))
    temperature = decimal(_("Temperature (°C)"))
    haemoglobin = number(_("Haemoglobin (g/l)"))
    protein = one_of(_("Protein in the urine"), Protein.choices)
    fundal_height_cm = number(_("Height of the womb (cm)"))
    fetal_heart = number(_("Baby’s heartbeats in a minute"))
    hiv = one_of(_("HIV test"), Result.choices)
    syphilis = one_of(_("Syphilis test"), Result.choices)
    hepatitis_b = one_of(_("Hepatitis B test"), Result.choices)
    malaria = one_of(_("Malaria test"), Result.choices)
    treatments = some_of(_("What was given"), [(one.value, one.label) for one in OF_MOTHERS])
    topics = some_of(_("What was talked about"), Topic.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(
        self, *args: Any, antenatal: bool, facilities: Choices, on: date, **kw: Any
    ) -> None:
        super().__init__(*args, initial={"day": on, "place": ContactPlace.FACILITY}, **kw)
        offer(self, "facility", facilities)
        self.kind = ContactKind.ANTENATAL if antenatal else ContactKind.POSTNATAL
        signs = SIGNS[VisitKind.PREGNANCY if antenatal else VisitKind.AFTER_BIRTH]
        self.fields["danger_signs"].choices = [  # type: ignore[attr-defined]
            (sign, Sign(sign).label) for sign in signs
        ]
        for name in () if antenatal else ("fundal_height_cm", "fetal_heart", "protein"):
            del self.fields[name]

    def contact(self) -> dict[str, Any]:
        """Give what `record_contact` takes."""
        said = dict(self.cleaned_data)
        protein = said.pop("protein", "")
        found = {name: said.pop(name) for name in FOUND if name in said}
        measured = Measured(**found, protein=int(protein) if protein else None)
        return said | {"kind": self.kind, "measured": measured}


class BirthForm(SpeanForm):
    """A birth and its babies: one, or up to three."""

    day = forms.DateField(label=_("Day of the birth"))
    place = one_of(_("Place of birth"), BirthPlace.choices, required=True)
    facility = one_of(AT_WHICH, (), hint=OWN)
    attendant = one_of(_("Who attended the birth"), Attendant.choices, required=True)
    mode = one_of(_("How the birth went"), Mode.choices, required=True)
    complications = some_of(_("What went wrong"), Complication.choices)

    def __init__(
        self, *args: Any, known: Choices, facilities: Choices, on: date, **kw: Any
    ) -> None:
        super().__init__(*args, initial={"day": on, "mode": Mode.NORMAL}, **kw)
        offer(self, "facility", facilities)
        for n in range(1, MOST_BABIES + 1):
            self._ask_about(n, known)
        if known:
            self.fields["others"] = forms.BooleanField(
                label=_("The children of the household born then are others"), required=False
            )

    def _ask_about(self, n: int, known: Choices) -> None:
        which = {"n": n}
        first = n == 1
        self.fields |= {
            f"outcome_{n}": one_of(
                _("Baby %(n)s: outcome") % which, Outcome.choices, required=first
            ),
            f"sex_{n}": one_of(_("Baby %(n)s: sex") % which, SEXES, required=first),
            f"weight_g_{n}": number(_("Baby %(n)s: weight (g)") % which),
            f"name_{n}": forms.CharField(
                label=_("Baby %(n)s: given name, if there is one") % which,
                required=False,
                max_length=100,
            ),
        }
        if known:
            self.fields[f"known_{n}"] = one_of(
                _("Baby %(n)s: in the household already") % which, known
            )

    def birth(self) -> dict[str, Any]:
        """Give what `record_birth` takes."""
        said = self.cleaned_data
        birth = Birth(
            said["day"], said["place"], said["attendant"], said["mode"], said["complications"],
            said["facility"],
        )  # fmt: skip
        babies = [
            NewBaby(
                said[f"outcome_{n}"], said[f"sex_{n}"], said[f"weight_g_{n}"], said[f"name_{n}"],
                UUID(said[f"known_{n}"]) if said.get(f"known_{n}") else None,
            )
            for n in range(1, MOST_BABIES + 1)
            if said[f"outcome_{n}"]
        ]  # fmt: skip
        return {"birth": birth, "babies": babies, "others": said.get("others", False)}


class EndForm(SpeanForm):
    """A pregnancy that ended without a birth."""

    ending = one_of(
        _("How it ended"),
        [(one.value, one.label) for one in Ending if one != Ending.BIRTH],
        required=True,
    )
    day = forms.DateField(label=_("Ended on"))
