"""What the programme officer fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm
from spean.payments.queries import Order


class CycleForm(SpeanForm):
    """A programme and the days that a cycle pays for."""

    programme = forms.ChoiceField(label=_("Programme"), widget=forms.RadioSelect)
    start = forms.DateField(label=_("First day"))
    last_day = forms.DateField(label=_("Last day"))

    def __init__(self, *args: Any, programmes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = programmes  # type: ignore[attr-defined]


class OrderForm(SpeanForm):
    """The channel, and what the payees read on their statement."""

    channel = forms.ChoiceField(
        label=_("Channel"), choices=Order.Channel.choices, widget=forms.RadioSelect
    )
    purpose = forms.CharField(
        label=_("What the family reads on its statement"), max_length=140, min_length=3
    )
