"""What a family types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.families.rules import DIGITS
from spean.kernel.digits import latin_digits
from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm
from spean.kernel.i18n import explain
from spean.registry.queries import card_number


class CardForm(SpeanForm):
    """The number on the equity card."""

    card = forms.CharField(label=_("The number on your equity card"), max_length=40)

    def clean_card(self) -> str:
        """Give the number in its plain form; say where it can't be one."""
        try:
            return card_number(self.cleaned_data["card"])
        except SpeanError as error:
            raise forms.ValidationError(explain(error)) from error


class CodeForm(CardForm):
    """The card again, and the code that came as a text."""

    card = forms.CharField(max_length=40, widget=forms.HiddenInput)
    code = forms.CharField(label=_("The code that was sent to your telephone"), max_length=20)

    def clean_code(self) -> str:
        """Give the digits."""
        code = "".join(latin_digits(self.cleaned_data["code"]).split())
        if len(code) != DIGITS or not code.isdigit():
            raise forms.ValidationError(_("The code has six digits."))
        return code
