"""A complaint, and its answer."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm
from spean.kernel.i18n import explain
from spean.targeting.forms.steps import StepForm, Words, one_of
from spean.targeting.models import ComplaintChannel, ComplaintKind, Remedy

ABOUT_NO_HOUSEHOLD = (ComplaintKind.STAFF, ComplaintKind.OTHER)


class ComplaintForm(SpeanForm):
    """Anybody's complaint; who complains may stay unnamed."""

    kind = one_of(_("What is the complaint about?"), ComplaintKind)
    channel = one_of(_("How did it come?"), ComplaintChannel)
    text = forms.CharField(
        label=_("The complaint"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    village_code = forms.CharField(
        label=_("Village code"),
        max_length=8,
        help_text=_("8 digits: where it happened."),
    )
    complainant = forms.CharField(
        label=_("Who complains"),
        required=False,
        max_length=120,
        help_text=_("May stay unnamed."),
        widget=Words,
    )
    phone = forms.CharField(
        label=_("Phone"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    on_behalf = forms.BooleanField(label=_("On behalf of the household"), required=False)

    def __init__(self, *args: Any, about_household: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if about_household:
            del self.fields["village_code"]
            return
        kind = cast(forms.ChoiceField, self.fields["kind"])
        kind.choices = [(one.value, one.label) for one in ABOUT_NO_HOUSEHOLD]
        kind.help_text = _("For a level or a card, open the household first and complain there.")

    def add_refusal(self, error: SpeanError) -> None:
        """Put a village that does not exist beside its code."""
        if error.code.startswith("locations.") and "village_code" in self.fields:
            self.add_error("village_code", explain(error))
            return
        super().add_refusal(error)


class AnswerForm(StepForm):
    """The answer to a complaint and what follows from it."""

    upheld = one_of(
        _("Is the complaint right?"), [("yes", _("Yes: upheld")), ("no", _("No: not upheld"))]
    )
    remedy = one_of(_("What follows?"), Remedy)
    answer = forms.CharField(
        label=_("Answer, as it will be told"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_upheld(self) -> bool:
        """Read yes or no."""
        return bool(self.cleaned_data["upheld"] == "yes")
