"""Forms at the counter and of a visit, and of who is paid."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.health_equity.models import Document, SchemeName, ServiceName, VisitOutcome
from spean.health_equity.rules import CLAIMED
from spean.kernel.formats import language
from spean.kernel.forms import SpeanForm
from spean.kernel.policy import Scorecard

Choices = Sequence[tuple[str, Any]]


class LookUpForm(SpeanForm):
    """Whom to look for."""

    text = forms.CharField(
        label=_("Card, number or name"),
        help_text=_("Scan the card's code, or type a card number, a scheme's number, or a name."),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class WhereForm(SpeanForm):
    """A form that is about a facility: the only one is chosen already."""

    facility = forms.ChoiceField(label=_("Facility"))

    def __init__(self, *args: Any, facilities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["facility"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = list(facilities)
        if len(facilities) == 1:
            field.widget = forms.HiddenInput()
            self.initial.setdefault("facility", facilities[0][0])


class OpenForm(WhereForm):
    """Where and when a patient came, and who sent them."""

    came_on = forms.DateField(label=_("Came on"))
    referred_from = forms.CharField(
        label=_("Code of the facility that referred the patient"), required=False, max_length=10
    )


class InterviewForm(WhereForm):
    """The questions of the short interview in force."""

    def __init__(self, *args: Any, scorecard: Scorecard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [question.code for question in scorecard.questions]
        for question in scorecard.questions:
            answers = [(one.code, getattr(one.text, language())) for one in question.answers]
            self.fields[question.code] = forms.ChoiceField(
                label=getattr(question.text, language()), choices=answers, widget=forms.RadioSelect
            )

    def answers(self) -> dict[str, str]:
        """Give the answer to each question."""
        return {code: self.cleaned_data[code] for code in self.asked}


class ServiceForm(SpeanForm):
    """A service on a day."""

    service = forms.ChoiceField(label=_("Service"), choices=ServiceName.choices)
    on = forms.DateField(label=_("Day"))
    quantity = forms.IntegerField(
        label=_("Quantity"), initial=1, min_value=1,
        help_text=_("1, or the days of food, or the km of transport"),
    )  # fmt: skip


class CloseForm(SpeanForm):
    """How a visit ended."""

    left_on = forms.DateField(label=_("Left on"))
    diagnoses = forms.CharField(
        label=_("Diagnosis"), max_length=100, required=False,
        help_text=_("Codes of ICD-10, such as A09 or O80.0; a space between two"),
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=VisitOutcome.choices, widget=forms.RadioSelect
    )
    referred_to = forms.CharField(
        label=_("Code of the facility where the patient was sent"), max_length=10, required=False
    )
    documents = forms.MultipleChoiceField(
        label=_("Papers that are in the file"), choices=Document.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def clean_diagnoses(self) -> list[str]:
        """Split the codes."""
        return [one for one in re.split(r"[\s,;]+", self.cleaned_data["diagnoses"]) if one]


class ContractForm(WhereForm):
    """A contract of a facility with a scheme."""

    scheme = forms.ChoiceField(
        label=_("Scheme"),
        choices=[(str(one), SchemeName(one).label) for one in CLAIMED],
    )
    act = forms.CharField(label=_("Legal act"), max_length=200)
    start = forms.DateField(label=_("From"))


class SuspensionForm(WhereForm):
    """A facility that is paid nothing for some days."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
    start = forms.DateField(label=_("From"))


class EndForm(SpeanForm):
    """The day from which something holds no longer."""

    end = forms.DateField(label=_("Holds no longer from"))
