"""What the forms of referrals share: a day with a time, and facilities."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import DigitsInput, SpeanForm
from spean.locations.queries import Facility

HINT = _("Hours and minutes, such as 7:30 or 16:05.")


def time_of_day(label: Any, *, required: bool = True) -> forms.TimeField:
    """Give a question for a time of day, in Khmer or Latin digits."""
    return forms.TimeField(
        label=label, help_text=HINT, required=required, input_formats=["%H:%M"],
        widget=DigitsInput(attrs={"inputmode": "text", "autocomplete": "off"}),
        error_messages={"invalid": _("Write hours and minutes, such as 7:30 or 16:05.")},
    )  # fmt: skip


def facility_choices(facilities: Iterable[Facility]) -> list[tuple[str, str]]:
    """Give facilities by code with their names."""
    return [(one.code, one.name) for one in facilities]


class MomentForm(SpeanForm):
    """A form that asks when something happened; now, unless said otherwise."""

    day = forms.DateField(label=_("Day"))
    time = time_of_day(_("Time"))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        here = timezone.localtime(now)
        initial = {"day": here.date(), "time": f"{here:%H:%M}"} | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)

    def moment(self) -> datetime:
        """Give when it happened."""
        return joined(self.cleaned_data["day"], self.cleaned_data["time"])

    def said(self, *names: str) -> dict[str, Any]:
        """Give some answers by name."""
        return {name: self.cleaned_data[name] for name in names}


def joined(day: Any, time: Any) -> datetime:
    """Give a day and a time of it as a moment at Phnom Penh's clock."""
    return timezone.make_aware(datetime.combine(day, time))
