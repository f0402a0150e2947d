"""The forms of equipment, temperatures, units, beds and staff."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm
from spean.supplies.models import (
    Cadre,
    EquipmentEvent,
    EquipmentKind,
    Quarantine,
    Shift,
    UnitKind,
)

Choices = Sequence[tuple[Any, Any]]


class ChosenForm(SpeanForm):
    """A form some of whose choices the page gives: `ChosenForm(…, unit=[(1, "Maternity")])`."""

    def __init__(self, *args: Any, chosen: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in chosen.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
            field.choices = list(choices) if field.required else [("", "—"), *choices]


def _unit(*, required: bool) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=_("Unit"), coerce=int, empty_value=None, required=required)


class EquipmentForm(ChosenForm):
    """A piece of equipment that came."""

    kind = forms.ChoiceField(label=_("Kind"), choices=EquipmentKind.choices)
    serial = forms.CharField(label=_("Serial number"), max_length=60)
    model = forms.CharField(label=_("Maker and model"), max_length=120, required=False)
    unit_id = _unit(required=False)
    day = forms.DateField(label=_("Came on"))
    service_due = forms.DateField(label=_("Next service"), required=False)


class EquipmentEventForm(ChosenForm):
    """What happened to it."""

    kind = forms.ChoiceField(
        label=_("What happened"), choices=EquipmentEvent.Kind.choices[1:], widget=forms.RadioSelect
    )
    day = forms.DateField(label=_("Day"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    cost = forms.IntegerField(label=_("Cost in riel"), min_value=0, required=False)
    unit_id = _unit(required=False)
    service_due = forms.DateField(label=_("Next service"), required=False)


class ReadingForm(SpeanForm):
    """A temperature, read now."""

    celsius = forms.DecimalField(
        label=_("°C"), max_digits=4, decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "text"}),
    )  # fmt: skip


class LoggerForm(SpeanForm):
    """A logger's file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX with the columns at (such as 2026-11-23 07:30) and celsius."),
    )


class QuarantineForm(SpeanForm):
    """What becomes of a batch that was held back."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=Quarantine.Decision.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)


class UnitForm(SpeanForm):
    """A unit that opens."""

    kind = forms.ChoiceField(label=_("Unit"), choices=UnitKind.choices)
    since = forms.DateField(label=_("From"))


class BedsForm(SpeanForm):
    """How many beds."""

    number = forms.IntegerField(label=_("Beds"), min_value=0, max_value=1000)
    since = forms.DateField(label=_("From"))


class CensusForm(SpeanForm):
    """How many patients."""

    patients = forms.IntegerField(label=_("Patients at midnight"), min_value=0, max_value=1000)
    day = forms.DateField(label=_("Day"))


class StaffForm(SpeanForm):
    """Somebody who works here."""

    name = forms.CharField(label=_("Name"), max_length=120)
    cadre = forms.ChoiceField(label=_("Cadre"), choices=Cadre.choices)
    phone = forms.CharField(
        label=_("Telephone"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    since = forms.DateField(label=_("From"))


class EndForm(SpeanForm):
    """The first day on which it holds no longer."""

    end = forms.DateField(label=_("From this day on no longer"))


class DutyForm(ChosenForm):
    """Who is on duty."""

    unit_id = _unit(required=True)
    staff_id = forms.TypedChoiceField(label=_("Who"), coerce=int)
    day = forms.DateField(label=_("Day"))
    shift = forms.ChoiceField(label=_("Shift"), choices=Shift.choices, widget=forms.RadioSelect)
