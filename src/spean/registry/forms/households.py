"""The day for which a household is shown."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm


class DayForm(SpeanForm):
    """A past day."""

    on = forms.DateField(label=_("As recorded for the day"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @staticmethod
    def asked(given: Mapping[str, Any]) -> bool:
        """Say whether a day was asked for, well written or not."""
        return any(name == "on" or name.startswith("on_") for name in given)

    def clean_on(self) -> date:
        """Refuse a day to come: nothing is recorded for it."""
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError(gettext("Choose today or an earlier day."))
        return day
