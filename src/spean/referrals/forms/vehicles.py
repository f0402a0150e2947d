"""Vehicles and who is on them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm
from spean.locations.queries import Facility
from spean.referrals.forms.base import MomentForm, facility_choices
from spean.referrals.models import Job, VehicleKindName, VehicleStateName


class VehicleForm(SpeanForm):
    """A vehicle that joins the fleet."""

    number = forms.CharField(label=_("Number or name"), max_length=30)
    kind = forms.ChoiceField(
        label=_("Kind of vehicle"), choices=VehicleKindName.choices, widget=forms.RadioSelect
    )
    facility = forms.ChoiceField(label=_("Where does it stand?"))
    lying = forms.IntegerField(label=_("How many patients can lie?"), initial=1)
    seats = forms.IntegerField(label=_("How many people can sit besides?"), initial=2)

    def __init__(self, *args: Any, facilities: Iterable[Facility], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facility"].choices = facility_choices(facilities)  # type: ignore[attr-defined]


class ReportForm(MomentForm):
    """How a vehicle is, where it stands, and since when."""

    state = forms.ChoiceField(
        label=_("How is it?"), choices=VehicleStateName.choices, widget=forms.RadioSelect
    )
    facility = forms.ChoiceField(label=_("Where does it stand?"))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, facilities: Iterable[Facility], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facility"].choices = facility_choices(facilities)  # type: ignore[attr-defined]
        self.order_fields(["state", "facility", "reason", "day", "time"])


class CrewForm(SpeanForm):
    """Somebody who is on a vehicle from today."""

    name = forms.CharField(label=_("Name"), max_length=120)
    job = forms.ChoiceField(label=_("Job"), choices=Job.choices, widget=forms.RadioSelect)
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
