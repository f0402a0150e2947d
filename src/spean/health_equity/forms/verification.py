"""Forms of verification and of what facilities are paid."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.health_equity.models import CheckResult, FindingName, SchemeName
from spean.health_equity.rules import CLAIMED
from spean.kernel.forms import SpeanForm


class RielField(forms.DecimalField):
    """Whole riel; a comma between thousands is read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimal_places=0, max_digits=14, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Read the number without its commas."""
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)


class MonthForm(SpeanForm):
    """A scheme and a month, by one of its days."""

    scheme = forms.ChoiceField(
        label=_("Scheme"), choices=[(str(one), SchemeName(one).label) for one in CLAIMED]
    )
    month = forms.DateField(label=_("A day of the month"))


class DrawForm(MonthForm):
    """A sample to be drawn."""

    seed = forms.CharField(
        label=_("Seed"), max_length=64,
        help_text=_("A number or text drawn in public, so that anybody can repeat the draw"),
    )  # fmt: skip


class CheckForm(SpeanForm):
    """What was found of a claim."""

    on_paper = forms.ChoiceField(
        label=_("The register and the file"), choices=CheckResult.choices, widget=forms.RadioSelect
    )
    by_phone = forms.ChoiceField(
        label=_("The patient, by telephone"), choices=CheckResult.choices, widget=forms.RadioSelect
    )
    finding = forms.ChoiceField(
        label=_("Finding"), choices=FindingName.choices, widget=forms.RadioSelect
    )
    right_amount = RielField(label=_("What is right"), help_text=_("In riel"), min_value=0)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class MendForm(SpeanForm):
    """What a facility has done."""

    answer = forms.CharField(label=_("What was done"), max_length=500, widget=forms.Textarea)


class ScoreForm(SpeanForm):
    """A first score of quality."""

    facility = forms.CharField(label=_("Facility"), max_length=10)
    quarter = forms.DateField(label=_("A day of the quarter"))
    score = forms.DecimalField(label=_("First score (%)"), max_digits=5, decimal_places=2)


class VerifyScoreForm(SpeanForm):
    """The score after verification."""

    score = forms.DecimalField(
        label=_("Score after verification (%)"), max_digits=5, decimal_places=2
    )
    reason = forms.CharField(label=_("Why they differ"), max_length=300, required=False)
