"""Forms of the equity card."""

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm


class CheckForm(SpeanForm):
    """The code or the number of the card in hand."""

    card = forms.CharField(
        label=_("Card code or number"),
        help_text=_("Scan the square code with the reader, or type the 12 digits on the card."),
        max_length=1000,
        widget=forms.TextInput(
            attrs={
                "autofocus": True,
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


class RevokeForm(SpeanForm):
    """Why the card is revoked."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The family will be told this reason and can complain."),
        max_length=200,
        widget=forms.Textarea,
    )
