"""A complaint, and its answer."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.access import Actor
from spean.kernel.forms import SpeanForm, Words
from spean.locations.forms import VillageField
from spean.targeting.forms.steps import StepForm, one_of
from spean.targeting.models import Complaint, ComplaintChannel, ComplaintKind, Remedy

ABOUT_NO_HOUSEHOLD = (ComplaintKind.STAFF, ComplaintKind.OTHER)


class ComplaintForm(SpeanForm):
    """Anybody's complaint; who complains may stay unnamed."""

    kind = one_of(_("What is the complaint about?"), ComplaintKind)
    channel = one_of(_("How did it come?"), ComplaintChannel)
    text = forms.CharField(
        label=_("The complaint"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    complainant = Words(
        label=_("Who complains"),
        required=False,
        max_length=120,
        help_text=_("May stay unnamed."),
    )
    phone = forms.CharField(
        label=_("Phone"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    on_behalf = forms.BooleanField(label=_("On behalf of the household"), required=False)

    def __init__(
        self, *args: Any, by: Actor, on: date, about_household: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if about_household:
            return
        self.fields["village"] = VillageField(
            by=by, permission="targeting.receive_complaint", on=on, label=_("Which village?")
        )
        kind = cast(forms.ChoiceField, self.fields["kind"])
        kind.choices = [(one.value, one.label) for one in ABOUT_NO_HOUSEHOLD]
        kind.help_text = _("For a level or a card, open the household first and complain there.")
        self.order_fields(["kind", "village"])

    def complaint(self) -> dict[str, Any]:
        """Give what `lodge_complaint` takes; the village only where no household is meant."""
        data = dict(self.cleaned_data)
        village = data.pop("village", None)
        return data | ({"village_code": village.code} if village else {})


class AnswerForm(StepForm):
    """The answer to a complaint and what follows from it."""

    upheld = one_of(
        _("Is the complaint right?"), [("yes", _("Yes: upheld")), ("no", _("No: not upheld"))]
    )
    remedy = one_of(_("If it is right: what follows?"), Remedy, required=False)
    answer = forms.CharField(
        label=_("Answer, as it will be told"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remedy = cast(forms.ChoiceField, self.fields["remedy"])
        remedy.choices = [(one.value, one.label) for one in _fitting(complaint)]

    def clean_remedy(self) -> str:
        """Take no remedy for the remedy "nothing changes"."""
        return str(self.cleaned_data["remedy"] or Remedy.NONE)

    def clean_upheld(self) -> bool:
        """Read yes or no."""
        return bool(self.cleaned_data["upheld"] == "yes")


def _fitting(complaint: Complaint) -> list[Remedy]:
    """Give the remedies that a complaint of this kind can have."""
    if complaint.household_id is None:
        return [Remedy.OTHER]
    if complaint.kind == ComplaintKind.LOST_CARD:
        return [Remedy.NEW_CARD, Remedy.INTERVIEW, Remedy.OTHER]
    return [Remedy.INTERVIEW, Remedy.COUNCIL, Remedy.OTHER]
