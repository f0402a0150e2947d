"""The day for which a household is shown."""

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm


class DayForm(SpeanForm):
    """A past day."""

    on = forms.DateField(label=_("As recorded for the day"))
