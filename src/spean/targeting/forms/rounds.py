"""A round of interviews in whole villages."""

import re
from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.digits import latin_digits
from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm, Words
from spean.kernel.i18n import explain


class RoundForm(SpeanForm):
    """Where and when households are interviewed without asking."""

    name = Words(label=_("Name of the round"), max_length=120)
    village_codes = forms.CharField(
        label=_("Village codes"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("8 digits each, one a line."),
    )
    starts_on = forms.DateField(label=_("First day"))
    ends_on = forms.DateField(label=_("Last day"))
    CALLED: ClassVar[Mapping[str, str]] = {"villages": "village_codes"}

    def clean_village_codes(self) -> list[str]:
        """Split into codes."""
        codes = re.split(r"[\s,;]+", latin_digits(self.cleaned_data["village_codes"].strip()))
        if wrong := [code for code in codes if not re.fullmatch(r"\d{8}", code)]:
            raise forms.ValidationError(
                _("“%(code)s” is not a village code: it has 8 digits."), params={"code": wrong[0]}
            )
        return codes

    def add_refusal(self, error: SpeanError) -> None:
        """Put what is wrong with a village beside the list of villages."""
        if error.code.startswith("locations."):
            self.add_error("village_codes", explain(error))
            return
        super().add_refusal(error)
