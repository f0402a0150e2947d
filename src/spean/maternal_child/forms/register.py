"""Which page of the delivery register is looked at."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.formats import month
from spean.kernel.forms import SpeanForm
from spean.kernel.periods import add_months
from spean.locations.queries import Facility

MONTHS = 24


class RegisterForm(SpeanForm):
    """The facility and the month."""

    facility = forms.ChoiceField(label=_("Health facility"))
    month = forms.ChoiceField(label=_("Month"))

    def __init__(self, *args: Any, facilities: Sequence[Facility], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["facility"]).choices = [
            (one.code, one.name) for one in facilities
        ]
        months = [add_months(on.replace(day=1), -n) for n in range(MONTHS)]
        cast(forms.ChoiceField, self.fields["month"]).choices = [
            (f"{one:%Y-%m}", month(one)) for one in months
        ]

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")
