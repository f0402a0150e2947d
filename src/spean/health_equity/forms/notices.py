"""Form of a facility that wants to be told by text message."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm


class TextsForm(SpeanForm):
    """At which telephone a facility is told, and in which language."""

    facility = forms.ChoiceField(label=_("Health facility"))
    phone = forms.CharField(
        label=_("Telephone of the facility"),
        help_text=_("A telephone of the facility, not your own, such as 012 345 678."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    language = forms.ChoiceField(
        label=_("Language of the messages"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, facilities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facility"].choices = facilities  # type: ignore[attr-defined]
