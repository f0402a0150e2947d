"""What officers and clerks fill in about a shock."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm, Words, prepare
from spean.programmes.queries import for_who_is_struck
from spean.programmes.queries.words import programme_name
from spean.shocks.actions import ReasonMissing
from spean.shocks.models import WORDS

MEASURES = {
    "water_above_alarm": _("Water above the alarm level, in centimetres"),
    "rain_below_usual": _("Rain below the usual, in percent"),
    "cases_a_week": _("Cases a week"),
    "rise_of_prices": _("Rise of prices in a year, in percent"),
    "families": _("Families affected, as reported"),
}
LARGEST_FILE = 5 * 1024 * 1024


class MeasuresForm(SpeanForm):
    """What was measured: what is empty is not known."""

    def __init__(self, *args: Any, names: tuple[str, ...] = tuple(MEASURES), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in names:
            self.fields[name] = forms.DecimalField(
                label=MEASURES[name], required=False, min_value=0, max_value=10_000_000,
                decimal_places=1,
            )  # fmt: skip
            prepare(self.fields[name])

    @property
    def measures(self) -> dict[str, Decimal]:
        """What was measured, by the trigger's name."""
        given = {name: self.cleaned_data.get(name) for name in MEASURES}
        return {name: value for name, value in given.items() if value is not None}


class EventForm(MeasuresForm):
    """A shock."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(WORDS.items()), widget=forms.RadioSelect)
    title = Words(label=_("Title"), max_length=120)
    since = forms.DateField(label=_("Since"))
    source = Words(label=_("Who reported it"), max_length=200)


class PlacesForm(SpeanForm):
    """Places that were struck: codes, or a drawn area."""

    places = forms.CharField(
        label=_("Codes of places"), required=False, max_length=20_000, widget=forms.Textarea,
        help_text=_("Provinces, districts, communes or villages, with spaces between them."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or a drawn area"), required=False,
        help_text=_("GeoJSON, as a mapping programme or a satellite service gives it"),
    )  # fmt: skip
    since = forms.DateField(label=_("Struck since"))
    source = Words(label=_("Who reported it"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        given = super().clean() or {}
        file = given.get("file")
        if bool(given.get("places", "").strip()) == bool(file):
            self.add_error("places", _("Write codes, or choose a file: one of the two."))
        if file and file.size > LARGEST_FILE:
            self.add_error("file", _("The file is larger than 5 MB. Draw the area more simply."))
        return given


class DrawnForm(SpeanForm):
    """An area drawn on the map."""

    drawn = forms.CharField(
        label=_("Area"), widget=forms.HiddenInput, max_length=LARGEST_FILE,
        error_messages={"required": _("Draw three corners at least, or go back and write codes.")},
    )  # fmt: skip
    since = forms.DateField(label=_("Struck since"))
    source = Words(label=_("Who reported it"), max_length=200)
    CALLED: ClassVar[Mapping[str, str]] = {"file": "drawn"}


class EndForm(SpeanForm):
    """Where the shock is over."""

    places = forms.CharField(
        label=_("Only in these places"), required=False, max_length=20_000,
        help_text=_("Codes as they stand in the list of places, with spaces between them; "
                    "empty for everywhere."),
    )  # fmt: skip


class FamilyForm(SpeanForm):
    """One family that was struck, or is left out, and why."""

    card = forms.CharField(label=_("Number of the family's card"), max_length=30)
    left_out = forms.TypedChoiceField(
        label=_("What is true of it"), widget=forms.RadioSelect, coerce=lambda text: text == "yes",
        choices=[("no", _("It was struck, though its village was not")),
                 ("yes", _("It is left out, though its village was struck"))],
    )  # fmt: skip
    since = forms.DateField(label=_("Since"))
    reason = Words(label=_("Reason"), max_length=300)
    CALLED: ClassVar[Mapping[str, str]] = {"number": "card"}


class PlanForm(SpeanForm):
    """From when the plan pays, and which programmes."""

    start = forms.DateField(label=_("First day that is paid for"))
    programmes = forms.MultipleChoiceField(
        label=_("What is paid"), widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(code, programme_name(code)) for code in for_who_is_struck()],
        help_text=_("What was prepared for this kind of shock is chosen."),
    )  # fmt: skip


class ReasonForm(SpeanForm):
    """Why."""

    reason = Words(
        label=_("Reason"), max_length=300, error_messages={"required": _(ReasonMissing.message)}
    )


class AskForm(SpeanForm):
    """A family that says it was missed."""

    event = forms.ChoiceField(label=_("Which shock"), widget=forms.RadioSelect)
    says = forms.CharField(label=_("What happened"), max_length=500, widget=forms.Textarea)

    def __init__(self, *args: Any, events: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = events  # type: ignore[attr-defined]
